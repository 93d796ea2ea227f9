import type { ItemParameters } from '../../nodes/PostPress/fields/field';
import { applicant } from '../../nodes/PostPress/resources/applicant';
import { candidate } from '../../nodes/PostPress/resources/candidate';
import { lead } from '../../nodes/PostPress/resources/lead';
import { parseBaseUrl } from '../../nodes/PostPress/transport/credential';
import { leastCpuTime } from '../support/cpuTime';
import { longTexts, MEGABYTE } from '../support/longTexts';

const fill = (text: string) => text.repeat(MEGABYTE / text.length);

/** 1 MB of text that is hard to read. */
const hard = {
	...longTexts,
	addresses: fill('linkedin.com/talent/profile/'),
	'addresses of leads': `${fill('linkedin.com/sales/lead/')}\n`,
	slashes: `https://www.linkedin.com/talent/${fill('/')}x`,
	'public profiles': fill('linkedin.com/in/'),
	names: fill('in/'),
	'spaces and dashes': fill(' -_'),
	'a time without end': `2027-01-01T09:00:00.${fill('1')}`,
	times: fill('2027-01-01T'),
	colons: fill('1:'),
	brackets: fill('2027-01-01T09:00:00['),
	escapes: fill('%2e'),
	combining: fill('e\u0301'),
};

/**
 * Milliseconds of work that reading one value may take: ten times what 1 MB takes. Reading that goes back to the
 * beginning for each character takes longer even for a sixteenth of it, and hours for the whole.
 */
const NO_TIME = 100;

/** Reads a sixteenth of a text before the whole of it, so that bad reading comes to an end. */
function expectNoTime(text: string, read: (text: string) => void, where: object = {}): void {
	const shortened = text.slice(0, MEGABYTE / 16) + text.slice(-1);
	for (const part of [shortened, text]) {
		const inNoTime = leastCpuTime(() => read(part), NO_TIME) < NO_TIME;
		expect({ ...where, length: part.length, inNoTime }).toMatchObject({ inNoTime: true });
	}
}

const fields = [applicant, candidate, lead].flatMap(({ operations }) =>
	operations.flatMap((operation) =>
		Object.entries(operation.fields).map(([name, field]) => ({
			where: `${operation.action}: ${name}`,
			field,
		})),
	),
);

test.each(Object.entries(hard))('%s is read or refused in no time, by every field', (_, text) => {
	for (const { where, field } of fields) {
		for (const mode of ['id', 'url', 'publicProfile']) {
			const read = (value: string) => {
				const get: ItemParameters['get'] = (parameter) => {
					if (parameter === 'notifyApplicant') return true;
					return /Id$/.test(parameter) ? { mode, value } : value;
				};
				try {
					field.read({ get, gapIn: () => undefined, timezone: 'Europe/Berlin', now: Date.now() });
				} catch (error) {
					expect((error as { failure?: unknown }).failure).toBeDefined();
				}
			};
			expectNoTime(text, read, { where, mode });
		}
	}
});

test.each([
	['slashes', `https://127.0.0.1/${fill('/')}x`],
	['runs of slashes', `https://127.0.0.1/${fill('//x')}`],
	['dots', `https://127.0.0.1/${fill('../')}`],
	['a host', `https://${fill('a.')}`],
	['spaces', fill(' ')],
])('as Base URL is read in no time: %s', (_, text) => {
	expectNoTime(text, (part) => expect(parseBaseUrl(part)).toBeDefined());
});
