import type { IDataObject } from 'n8n-workflow';

import { failed } from '../../harness/engine';
import type { Fault, OperationId } from '../../sandbox';
import { sampleOf } from './support/operations';
import { errorsOf, fates, rejectApplicant, startDelivery, usersOf } from './support/delivery';
import { errorOf, itemFrom } from './support/failures';
import { byId, fromItem } from './support/parameters';
import { once } from './support/once';
import { startRig, type Observation } from './support/rig';

const DAY = 24 * 3600 * 1000;
const YEAR = new Date().getUTCFullYear() + 1;

const { sendNotificationAt: _, ...parameters } = sampleOf('applicant', 'reject').parameters;

interface Notification {
	message: string;
	send_notification_at?: number;
}

/** The notification in each request. */
const notifications = ({ requests }: Observation) =>
	requests.map(
		({ body }) => (body as { rejection_notification: Notification }).rejection_notification,
	);

const times = (observation: Observation) =>
	notifications(observation).map(({ send_notification_at: at }) => at);

// n8n hands dates over differently in its two expression engines.
describe.each(['vm', 'legacy'] as const)('with the expression engine %s', (expressionEngine) => {
	const rig = startRig({ expressionEngine, timezone: 'Asia/Kathmandu' });

	/** Rejects an applicant at the time that stands in the parameter. */
	const rejectAt = async (sendNotificationAt: string | number, timezone?: string) =>
		await rig.run({
			parameters: { ...parameters, sendNotificationAt: sendNotificationAt as string },
			settings: { timezone },
		});

	/** Rejects an applicant for each value, as the field `at` of an item. */
	const rejectAll = async (values: unknown[], timezone?: string) =>
		await rig.run({
			parameters: {
				...parameters,
				userId: byId(fromItem('user')),
				sendNotificationAt: fromItem('at'),
			},
			items: values.map((at, index) => ({ user: `AEM${index}`, at }) as IDataObject),
			onError: 'continueErrorOutput',
			settings: { timezone },
		});

	describe('text of the date picker', () => {
		const winter = `${YEAR}-01-31T09:00:00`;
		const summer = `${YEAR}-07-31T09:00:00`;
		// Four different times, so whichever timezone this machine is in, it cannot be the one that is used.
		const rows: Array<[timezone: string, atWinter: number, atSummer: number]> = [
			['Asia/Kolkata', Date.UTC(YEAR, 0, 31, 3, 30), Date.UTC(YEAR, 6, 31, 3, 30)],
			['America/New_York', Date.UTC(YEAR, 0, 31, 14), Date.UTC(YEAR, 6, 31, 13)],
			['Europe/Berlin', Date.UTC(YEAR, 0, 31, 8), Date.UTC(YEAR, 6, 31, 7)],
			['Etc/UTC', Date.UTC(YEAR, 0, 31, 9), Date.UTC(YEAR, 6, 31, 9)],
		];

		test.each(rows)('is a time in %s if that is the timezone of the workflow', async (...row) => {
			const [timezone, atWinter, atSummer] = row;
			expect(times(await rejectAt(winter, timezone))).toEqual([atWinter]);
			const written = [
				winter,
				summer,
				winter.replace('T', ' '),
				`${YEAR}-01-31T09:00`,
				` ${summer}`,
			];
			const expected = [atWinter, atSummer, atWinter, atWinter, atSummer];
			expect(times(await rejectAll(written, timezone))).toEqual(expected);
		});

		test("is a time in n8n's timezone if the workflow has none", async () => {
			expect(times(await rejectAt(winter))).toEqual([Date.UTC(YEAR, 0, 31, 3, 15)]);
		});

		test('without a time means midnight in the timezone of the workflow', async () => {
			const observation = await rejectAll([`${YEAR}-01-31`], 'Asia/Kolkata');
			expect(times(observation)).toEqual([Date.UTC(YEAR, 0, 30, 18, 30)]);
		});
	});

	describe('what an expression brings', () => {
		const at = Date.UTC(YEAR, 4, 31, 9, 0, 0, 123);
		const fullHour = Date.UTC(YEAR, 4, 31, 9);
		const rows: Array<[what: string, value: string | number, expected: number]> = [
			['ISO text in UTC', `${YEAR}-05-31T09:00:00.123Z`, at],
			['ISO text with an offset to the east', `${YEAR}-05-31T18:00:00+09:00`, fullHour],
			['ISO text with an offset to the west', `${YEAR}-05-31T05:30:00-03:30`, fullHour],
			['ISO text with an offset without a colon', `${YEAR}-05-31T11:00:00+0200`, fullHour],
			['ISO text in its short form', `${YEAR}0531T090000Z`, fullHour],
			['milliseconds as a number', at, at],
			['milliseconds as text', String(at), at],
			['milliseconds as text with spaces around', ` ${at}\n`, at],
		];
		const all = once(() =>
			rejectAll(
				rows.map(([, value]) => value),
				'Asia/Kolkata',
			),
		);

		test.each(rows)('%s is sent as UNIX milliseconds', async (what, _value, expected) => {
			const observation = await all();
			expect(failed(observation.result)).toEqual([]);
			const index = rows.findIndex(([own]) => own === what);
			expect(times(observation)[index]).toBe(expected);
		});

		test.each([
			['a Luxon date', `={{ DateTime.fromISO('${YEAR}-05-31T09:00', { zone: 'Asia/Tokyo' }) }}`, 0],
			[
				'a Luxon date in the zone of the workflow',
				`={{ DateTime.local(${YEAR}, 5, 31, 5, 30) }}`,
				0,
			],
			['a JavaScript date', `={{ new Date('${YEAR}-05-31T00:00:00Z') }}`, 0],
			['milliseconds of a Luxon date', `={{ DateTime.utc(${YEAR}, 5, 31).toMillis() }}`, 0],
			['ISO text of a Luxon date', `={{ DateTime.utc(${YEAR}, 5, 31, 7).toISO() }}`, 7],
		])('%s is sent as UNIX milliseconds', async (_what, expression, hour) => {
			const observation = await rejectAt(expression, 'Asia/Kolkata');
			expect(times(observation)).toEqual([Date.UTC(YEAR, 4, 31, hour)]);
		});

		test('"$now" plus a day is sent as the moment a day ahead', async () => {
			const before = Date.now();
			const observation = await rejectAt('={{ $now.plus({ days: 1 }) }}', 'Asia/Kolkata');
			const [sent = NaN] = times(observation);
			expect(sent).toBeGreaterThanOrEqual(before + DAY);
			expect(sent).toBeLessThanOrEqual(Date.now() + DAY);
		});

		test('"$today" plus a day is midnight in the timezone of the workflow', async () => {
			const [sent = NaN] = times(await rejectAt('={{ $today.plus({ days: 1 }) }}', 'Asia/Kolkata'));
			expect((sent + 5.5 * 3600 * 1000) % DAY).toBe(0);
		});

		test('"$now" is not in the past, although time passes until it is read', async () => {
			const before = Date.now();
			const [sent = NaN] = times(await rejectAt('={{ $now }}'));
			expect(sent).toBeGreaterThanOrEqual(before);
			expect(sent).toBeLessThanOrEqual(Date.now());
		});
	});

	test('a time that is not set is absent, so that the applicant is told at once', async () => {
		const message = parameters.rejectionMessage;
		const asItem = await rejectAll(['', '  ', null, undefined]);
		expect(notifications(asItem)).toStrictEqual(Array(4).fill({ message }));
		expect(notifications(await rejectAt(''))).toStrictEqual([{ message }]);
		expect(notifications(await rig.run({ parameters }))).toStrictEqual([{ message }]);
	});

	describe('what is refused', () => {
		const soon = Date.now() + 30 * DAY;
		const seconds = Math.floor(soon / 1000);
		const anHourAgo = Date.now() - 3600 * 1000;
		const inIso = new Date(anHourAgo).toISOString();
		const rows: Array<[what: string, value: unknown, shown: string, why: RegExp]> = [
			['words', 'tomorrow at nine', '"tomorrow at nine"', /is not a date/],
			['a date in the German way', '31.01.2027 09:00', '"31.01.2027 09:00"', /is not a date/],
			['a date in the American way', '01/31/2027', '"01/31/2027"', /is not a date/],
			['a date that does not exist', '2027-13-45T09:00', '"2027-13-45T09:00"', /is not a date/],
			['an object', { at: 1 }, '{"at":1}', /is not a date/],
			['a list', [YEAR, 1, 31], `[${YEAR},1,31]`, /is not a date/],
			['true', true, '"true"', /is not a date/],
			['a date of last century', '1999-12-31T23:59:59Z', '"1999-12-31T23:59:59Z"', /in the past/],
			['milliseconds in the past', anHourAgo, `"${anHourAgo}"`, /in the past/],
			['ISO text in the past', inIso, `"${inIso}"`, /in the past/],
			['zero', 0, '"0"', /in the past/],
			['a negative number', -1, '"-1"', /in the past/],
			['seconds as a number', seconds, `"${seconds}"`, /in the past.*milliseconds.*seconds/],
			['seconds as text', `${seconds}`, `"${seconds}"`, /in the past.*milliseconds.*seconds/],
			['microseconds', soon * 1000, `"${soon * 1000}"`, /milliseconds/],
			['microseconds as text', `${soon * 1000}`, `"${soon * 1000}"`, /milliseconds/],
		];
		const all = once(() => rejectAll([...rows.map(([, value]) => value), soon]));

		test.each(rows)('%s, with the parameter and the value named', async (what, _v, shown, why) => {
			const { result } = await all();
			const index = rows.findIndex(([own]) => own === what);
			const error = errorOf(itemFrom(result, index)!)!;
			expect(error).toMatchObject({
				outcome: 'not_sent',
				type: 'client/validation',
				attempts: 0,
				user: `AEM${index}`,
			});
			expect(error.title).toMatch(/^Send Notification At: "/);
			expect(error.title).toContain(shown);
			expect(error.message.startsWith(`${error.title} (person: AEM${index}). `)).toBe(true);
			expect(error.message).toMatch(why);
		});

		test('is not sent, and the other items are', async () => {
			expect(times(await all())).toEqual([soon]);
		});

		test('a time that is past in the timezone of the workflow, though it is to come elsewhere', async () => {
			const inFourHoursInUtc = new Date(Date.now() + 4 * 3600 * 1000).toISOString().slice(0, 19);
			const east = await rejectAt(inFourHoursInUtc, 'Pacific/Kiritimati');
			expect(east.result.error?.message).toMatch(/^Send Notification At: .* in the past/);
			expect(east.requests).toEqual([]);
			const west = await rejectAt(inFourHoursInUtc, 'Pacific/Pago_Pago');
			expect(west.requests).toHaveLength(1);
		});
	});
});

describe('a time that passes while somebody else has their turn', () => {
	const delivery = startDelivery();

	test('is refused at the turn of the applicant, who is not told late', async () => {
		const { clock } = delivery;
		clock.hold();
		const at = clock.now() + 1_000;
		const applicants = ['AEM0', 'AEM1'].map((user) => ({ account: 'acc_a', user, at }));
		const result = await clock.moving(
			delivery.run({
				items: applicants,
				parameters: { ...rejectApplicant, sendNotificationAt: fromItem('at') },
				options: { delayBetweenRequests: 20 },
				onError: 'continueErrorOutput',
			}),
		);
		expect(fates(result)).toEqual(['performed', 'not_sent']);
		expect(errorsOf(result)).toMatchObject([
			{
				type: 'client/validation',
				user: 'AEM1',
				attempts: 0,
				title: `Send Notification At: "${new Date(at).toISOString()}" has passed before it was the turn of this applicant`,
			},
		]);
		expect(usersOf(delivery.sandbox.requests)).toEqual(['AEM0']);
	});

	const busy: Fault = { kind: 'rateLimit', retryAfterSeconds: 250 };
	test.each<[string, string, OperationId | undefined, string, number, RegExp]>([
		['before the retry of the action', 'AEM0', undefined, 'refused', 1, /^Too many requests/],
		[
			'before the retry of a look-up',
			'jonas-lindqvist',
			'getUserProfile',
			'not_sent',
			0,
			/^Send .* passed/,
		],
	])('is not kept where it passes %s', async (_, user, operation, outcome, attempts, title) => {
		const { clock, sandbox } = delivery;
		clock.hold();
		sandbox.fail(busy, { ...(operation && { operation }) });
		const result = await clock.moving(
			delivery.run({
				items: [{ account: 'acc_b', user }],
				parameters: {
					...rejectApplicant,
					userId: { __rl: true, mode: operation ? 'publicProfile' : 'id', value: user },
					sendNotificationAt: clock.now() + 60_000,
				},
				onError: 'continueErrorOutput',
			}),
		);
		expect(sandbox.state.rejected).toEqual([]);
		expect(errorsOf(result)).toMatchObject([
			{ outcome, attempts, title: expect.stringMatching(title) as string },
		]);
	});
});
