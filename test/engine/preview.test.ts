import type { IDataObject, INodeParameters, OnError } from 'n8n-workflow';

import { failed, performed } from '../../harness/engine';
import {
	addCandidate,
	byId,
	changeStage,
	people,
	rejectApplicant,
	saveLead,
	startDelivery,
	type Settings,
} from './support/delivery';
import { CONTINUE_MODES } from './support/rig';

const delivery = startDelivery();

const everyMode: OnError[] = ['stopWorkflow', ...CONTINUE_MODES];

/** Previews, and expects that nothing was sent. */
async function preview(settings: Settings): Promise<IDataObject[]> {
	const parameters = { ...(settings.parameters ?? addCandidate), previewOnly: true };
	const result = await delivery.run({ ...settings, parameters });
	expect(result.status).toBe('success');
	expect(delivery.sandbox.requests).toEqual([]);
	expect(result.find(delivery.sandbox.apiKey)).toEqual([]);
	expect(failed(result)).toEqual([]);
	return performed(result).map(({ json }) => json);
}

const one = async (parameters: INodeParameters, item: IDataObject = people(1)[0]) =>
	(await preview({ items: [item], parameters }))[0];

test('a preview is what would be sent, and a sentence that says so', async () => {
	expect(await preview({ items: people(2) })).toEqual(
		people(2).map(({ user }) => ({
			preview: true,
			outcome: 'not_sent',
			summary: expect.stringContaining(user),
			method: 'POST',
			url: `${delivery.sandbox.url}/linkedin/user/${user}`,
			body: {
				account_id: 'acc_a',
				api: 'recruiter',
				action: 'addCandidateToPipeline',
				hiring_project_id: 'proj_test',
				stage: 'UNCONTACTED',
			},
		})),
	);
});

describe('the summary is a sentence that a recruiter can check', () => {
	const publicProfile = (value: string) => ({ __rl: true, mode: 'publicProfile', value });

	test('a rejection with a message and a time', async () => {
		const year = new Date().getUTCFullYear() + 1;
		const settings: Settings = {
			items: [{ account: 'acc_a' }],
			parameters: {
				...rejectApplicant,
				userId: publicProfile('https://www.linkedin.com/in/chloe-dubois'),
				hiringProjectId: byId('1430911712'),
				rejectionMessage: 'Thank you, Chloé.',
				sendNotificationAt: `${year}-11-27T09:00:00`,
			},
			settings: { timezone: 'Europe/Berlin' },
		};
		const [{ summary }] = await preview(settings);
		expect(summary).toBe(
			`Would reject chloe-dubois (public profile) from project 1430911712 (More Qualified Candidates), with the message “Thank you, Chloé.”, on 27 Nov ${year}, 09:00 (Europe/Berlin).`,
		);
	});

	test('a rejection without a message says that it is silent', async () => {
		const { summary } = await one({ ...rejectApplicant, notifyApplicant: false });
		expect(summary).toMatch(/^Would reject AEM0 .*proj_test/);
		expect(summary).toMatch(/silent|without a message|no message/i);
	});

	test('a rejection with a message that goes out at once', async () => {
		const { summary } = await one(rejectApplicant);
		expect(summary).toContain('“Thank you for your interest.”');
		expect(summary).not.toMatch(/undefined|null|NaN|Invalid/);
	});

	test.each<[name: string, parameters: INodeParameters, item: IDataObject, words: RegExp[]]>([
		['candidate', addCandidate, {}, [/^Would add AEM0 .*proj_test/, /uncontacted/i]],
		['applicant', { ...addCandidate, resource: 'applicant' }, {}, [/^Would add AEM0 .*proj_test/]],
		[
			'stage',
			changeStage,
			{ stage: 'REPLIED' },
			[/^Would (move|change) .*AEM0 .*proj_test/, /replied/i],
		],
		['lead', saveLead, { user: 'ACw0' }, [/^Would save ACw0 .*7154321558885357524/]],
		[
			'lead without a list',
			{ ...saveLead, listId: byId('') },
			{ user: 'ACw0' },
			[/^Would save ACw0/],
		],
	])('%s', async (_, parameters, item, words) => {
		const { summary } = await one(parameters, { ...people(1)[0], ...item });
		for (const word of words) expect(summary).toMatch(word);
		expect(summary).toMatch(/\.$/);
		expect(summary).not.toMatch(/undefined|null|\{|\}/);
	});

	test('a person by public profile is not looked up; the address shows who it is about', async () => {
		const [{ url, summary }] = await preview({
			items: [{ account: 'acc_a' }],
			parameters: { ...addCandidate, userId: publicProfile('in/jonas-lindqvist') },
		});
		expect(summary).toContain('jonas-lindqvist (public profile)');
		expect(url).not.toContain('{user_id}');
		expect(url).toMatch(/jonas-lindqvist|\{.*\}|…/);
	});
});

describe('what could not be sent', () => {
	const bad = [
		{ account: 'acc_a', user: '' },
		{ account: 'acc_a', user: 'ACoAAA' },
		{ user: 'AEM0' },
	];

	test.each(everyMode)('is marked, and stops nothing: %s', async (onError) => {
		const [first, ...others] = await preview({ items: [...people(1), ...bad], onError });
		expect(first).not.toHaveProperty('problem');
		expect(others).toEqual(
			bad.map(() => ({
				preview: true,
				outcome: 'not_sent',
				summary: expect.any(String),
				problem: expect.stringMatching(/User|Account/),
			})),
		);
	});

	test('every item has its partner in the input', async () => {
		const result = await delivery.run({
			items: [...bad, ...people(1)],
			parameters: { ...addCandidate, previewOnly: true },
		});
		expect(performed(result).map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 2, 3].map((item) => ({ item })),
		);
	});
});

test("n8n's Retry On Fail has nothing to do after a preview with a problem", async () => {
	const result = await delivery.run({
		items: [{ account: 'acc_a', user: '' }],
		parameters: { ...addCandidate, previewOnly: true },
		retryOnFail: true,
		maxTries: 3,
		waitBetweenTries: 1,
	});
	expect(result.status).toBe('success');
	expect(performed(result)).toHaveLength(1);
});

test('neither pauses nor lanes hold up a preview', async () => {
	delivery.clock.hold();
	const options = { delayBetweenRequests: 600 };
	expect(await preview({ items: people(50), options })).toHaveLength(50);
	expect(delivery.clock.pending).toEqual([]);
});

test('a preview needs no Base URL that answers', async () => {
	const result = await delivery.run(
		{ parameters: { ...addCandidate, previewOnly: true } },
		{ at: { url: 'http://127.0.0.1:9/v1', apiKey: 'x' } },
	);
	expect(performed(result)).toMatchObject([{ json: { preview: true, body: {} } }]);
});
