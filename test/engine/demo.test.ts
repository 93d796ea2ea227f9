import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import { startSandbox, type Sandbox } from '../../sandbox';
import { asPreview, readBatch, withWaits, CREDENTIAL, EXAMPLE, type Batch } from '../../demo/batch';
import { audit, readLedger, readPreview, type Entry } from '../../demo/ledger';
import { ledgerTable, previewLines, remedies } from '../../demo/report';
import { startTroubledSandbox } from '../../demo/trouble';
import { readWorkflow } from '../../harness/app/examples';
import { startEngine, type Engine, type RunResult } from '../../harness/engine';

const example = readBatch();
const batch: Batch = withWaits(example, { delayBetweenRequests: 0, retryWait: 0 });
const [recruiter, salesNavigator] = [
	'acc_linkedin_01HXYZ4QK3WJ8FN3M6QH7TZ8GR',
	'acc_linkedin_01JE6DQPM6TTSQB8BKN3P4RXCC',
];

let sandbox: Sandbox;
let engine: Engine;
let preview: RunResult;
let sentByPreview: number;
let result: RunResult;
let entries: Entry[];

beforeAll(async () => {
	sandbox = await startTroubledSandbox();
	const data = { apiKey: sandbox.apiKey, baseUrl: sandbox.url };
	engine = await startEngine({
		credentials: [{ ...CREDENTIAL, data }],
	});
	preview = await engine.run(asPreview(batch).workflow);
	sentByPreview = sandbox.requestCount;
	result = await engine.run(batch.workflow);
	entries = readLedger(batch, result, sandbox, engine);
});
afterAll(async () => {
	await engine.stop();
	await sandbox.close();
});

const find = (name: string) => entries.find(({ person }) => person.name === name)!;

describe('the example workflow, as it is imported', () => {
	const { nodes: imported } = readWorkflow(join(__dirname, '../..', EXAMPLE));
	const nodes = imported.filter(({ type }) => type.includes('postpress'));

	test('has the five operations, each with people', () => {
		expect(
			example.steps.map(({ resource, operation, people }) => [resource, operation, people.length]),
		).toEqual([
			['candidate', 'addToPipeline', 3],
			['candidate', 'changeStage', 2],
			['applicant', 'addToPipeline', 1],
			['applicant', 'reject', 4],
			['lead', 'save', 4],
		]);
	});

	test.each(nodes)('$name: nothing special, about a minute between requests', (node) => {
		expect(node).toMatchObject({
			type: 'n8n-nodes-postpress.postPress',
			typeVersion: 1,
			onError: 'continueErrorOutput',
		});
		expect(node.credentials).toBeUndefined();
		expect(node.parameters.options).toEqual({ delayBetweenRequests: 60 });
	});

	test('holds no key', () => {
		expect(JSON.stringify(example.workflow)).not.toMatch(/pp_(live|test)_|apiKey/i);
	});
});

describe('the example workflow, on the engine', () => {
	test('runs to its end', () => {
		expect([result.status, result.error]).toEqual(['success', undefined]);
	});

	test('every person ends in one state, after so many tries', () => {
		const lines = entries.map(({ step, person, state, requests, performed }) =>
			[step.node, person.name, state, requests.length, performed.length].join(' | '),
		);
		expect(lines).toEqual([
			'Add candidate | Amara Okafor | performed | 1 | 1',
			'Add candidate | Mateo Fernández | performed | 2 | 1',
			'Add candidate | Grace Mwangi | not_sent | 0 | 0',
			'Change stage | Jonas Lindqvist | performed | 1 | 1',
			'Change stage | Chloé Dubois | not_sent | 0 | 0',
			'Add applicant | Priya Raghunathan | performed | 2 | 1',
			'Reject applicant | Tomasz Wiśniewski | performed | 1 | 1',
			'Reject applicant | Sofia Marchetti | performed | 1 | 1',
			"Reject applicant | Liam O'Sullivan | performed | 1 | 1",
			'Reject applicant | Viktor Petrov | unknown | 3 | 1',
			'Save lead | Yuki Tanabe | performed | 1 | 1',
			'Save lead | Daniel Brandt | refused | 1 | 0',
			'Save lead | Fatima Haddad | refused | 1 | 0',
			'Save lead | Noor van Dijk | not_sent | 0 | 0',
		]);
	});

	test('what n8n says is what the sandbox has done', () => {
		expect(audit(entries, sandbox)).toEqual([]);
		expect(sandbox.performed).toHaveLength(9);
		expect(sandbox.keyConflicts).toBe(0);
		expect([recruiter, salesNavigator].map((id) => sandbox.maxInFlight(id))).toEqual([1, 1]);
	});

	test('the node counts the tries that the sandbox saw', () => {
		for (const { failure, requests } of entries) {
			if (failure) expect(failure.attempts).toBe(requests.length);
		}
	});

	test('a lost answer is asked for with the same key, a refusal is followed by another', () => {
		const keys = (name: string) => find(name).requests.map((one) => one.idempotencyKey);
		for (const name of ['Priya Raghunathan', 'Viktor Petrov']) {
			expect(new Set(keys(name)).size).toBe(1);
		}
		expect(new Set(keys('Mateo Fernández')).size).toBe(2);
	});

	test('after LinkedIn has restricted an account, nothing more is sent for it', () => {
		expect(find('Fatima Haddad').failure).toMatchObject({ type: 'errors/account_restricted' });
		expect(find('Noor van Dijk').failure).toMatchObject({
			type: 'client/account_stopped',
			account_id: salesNavigator,
			message: expect.stringContaining('Account restricted') as string,
		});
		const last = sandbox.requests.filter(({ accountId }) => accountId === salesNavigator).at(-1);
		expect(find('Fatima Haddad').person.is(last?.userId ?? '')).toBe(true);
	});

	test('every failed person can be found again: the ATS fields are on the error output', () => {
		expect(result.json('To look at')).toMatchObject([
			{ name: 'Grace Mwangi', candidate_id: 'C-48224', error: { type: 'client/validation' } },
			{ name: 'Chloé Dubois', candidate_id: 'C-48002', error: { type: 'client/validation' } },
			{ name: 'Viktor Petrov', application_id: 'A-90170', error: { type: 'client/network' } },
			{ name: 'Daniel Brandt', prospect_id: 'P-3312', error: { status: 422 } },
			{ name: 'Fatima Haddad', prospect_id: 'P-3315', error: { status: 403 } },
			{ name: 'Noor van Dijk', prospect_id: 'P-3321', error: { attempts: 0 } },
		]);
		expect(result.json('Performed')).toHaveLength(8);
	});

	test('words of the ATS become those of PostPress, message and time as the ATS asks', () => {
		const body = (name: string) => find(name).requests[0].body;
		expect(body('Mateo Fernández')).toMatchObject({ stage: 'CONTACTED' });
		expect(body('Sofia Marchetti')).toEqual({
			account_id: recruiter,
			api: 'recruiter',
			action: 'rejectApplicant',
			hiring_project_id: '1251433434',
			reason: 'WITHDREW_APPLICATION',
		});
		expect(body('Tomasz Wiśniewski')).toMatchObject({
			rejection_notification: { message: expect.stringMatching(/^Dear Tomasz,\n\n/) },
		});

		const { send_notification_at: at } = (
			body("Liam O'Sullivan") as { rejection_notification: { send_notification_at: number } }
		).rejection_notification;
		const time = DateTime.fromMillis(at, { zone: 'Europe/Berlin' });
		expect([time.hour, time.minute, time.second]).toEqual([9, 0, 0]);
		expect(at).toBeGreaterThan(Date.now());
	});
});

describe('the preview of the example workflow', () => {
	const told = () =>
		Object.fromEntries(readPreview(batch, preview).map((one) => [one.person.name, one]));

	test('sends nothing, and never fails', () => {
		expect([preview.status, preview.error]).toEqual(['success', undefined]);
		expect(sentByPreview).toBe(0);
		expect(preview.json('To look at')).toEqual([]);
		expect(preview.json('Performed').map(({ outcome }) => outcome)).toEqual(
			entries.map(() => 'not_sent'),
		);
	});

	test('says of each person what is then asked for', () => {
		const asked = entries.filter(({ requests }) => requests.length > 0);
		const shown = preview.json('Performed').map(({ body }) => body);
		for (const { person, requests } of asked) {
			const { rejection_notification: _, ...body } = requests[0].body as IDataObject;
			expect(shown).toContainEqual(expect.objectContaining(body));
			expect(told()[person.name]).toMatchObject({
				summary: expect.stringMatching(`^Would .*${requests[0].userId}`) as string,
				isSendable: true,
			});
		}
		expect(told()["Liam O'Sullivan"].summary).toMatch(
			/, with the message “Dear Liam,[^”]+”, on \d+ \w+ \d+, 09:00 \(Europe\/Berlin\)\.$/,
		);
		expect(told()['Noor van Dijk'].summary).toMatch(/ as a lead\.$/);
		const [noor] = preview.json('Performed').slice(-1);
		expect(noor.body).not.toHaveProperty('list_id');
	});

	test('marks whom the node will not send', () => {
		const marked = Object.values(told()).filter(({ isSendable }) => !isSendable);
		expect(marked.map(({ person, summary }) => [person.name, summary?.slice(0, 18)])).toEqual([
			['Grace Mwangi', 'Would not be sent:'],
			['Chloé Dubois', 'Would not be sent:'],
		]);
	});

	test('is not taken for what was performed', () => {
		const states = readLedger(batch, preview, { requests: [], performed: [] }, engine);
		expect(states.map(({ state }) => state)).toEqual(entries.map(() => 'lost'));
	});
});

describe('the error output of the example workflow, put into the same nodes again,', () => {
	test('asks for exactly what the first run was to ask for', async () => {
		const failed = new Map(result.json('To look at').map((json) => [json.name, json]));
		const pinData = Object.fromEntries(
			Object.entries(batch.workflow.pinData ?? {}).map(([feed, items]) => [
				feed,
				items.map(({ json }) => ({ json: failed.get(json.name)! })).filter(({ json }) => json),
			]),
		);
		const calm = await startSandbox();
		try {
			const data = { apiKey: calm.apiKey, baseUrl: calm.url };
			const again = await engine.run(
				{ ...batch.workflow, pinData },
				{ credentials: [{ ...CREDENTIAL, data }] },
			);
			const foretold = new Map(
				preview
					.json('Performed')
					.filter(({ url }) => url !== undefined)
					.map(({ url, body }) => [new URL(String(url)).pathname, body]),
			);
			const names = calm.requests.map(
				({ userId = '' }) => entries.find(({ person }) => person.is(userId))?.person.name,
			);
			expect(names).toEqual(['Viktor Petrov', 'Daniel Brandt', 'Fatima Haddad', 'Noor van Dijk']);
			for (const { path, body } of calm.requests) expect(body).toEqual(foretold.get(path));
			const left = again.json('To look at');
			expect(left.map(({ name }) => name)).toEqual([
				'Grace Mwangi',
				'Chloé Dubois',
				'Daniel Brandt',
			]);
			// Who cannot be sent ends as before, to the letter.
			expect(left.slice(0, 2)).toEqual(result.json('To look at').slice(0, 2));
		} finally {
			await calm.close();
		}
	});
});

describe('the audit', () => {
	const check = (name: string, changes: Partial<Entry>) => {
		const entry = { ...find(name), ...changes };
		return audit([entry], entry);
	};
	const done = () => find('Amara Okafor').performed;

	test.each([
		['Amara Okafor', 0, 'Add candidate, Amara Okafor: n8n says "performed"', '0 times'],
		['Amara Okafor', 2, 'Add candidate, Amara Okafor: n8n says "performed"', '2 times'],
		['Daniel Brandt', 1, 'Save lead, Daniel Brandt: n8n says "refused"', 'once'],
		['Grace Mwangi', 1, 'Add candidate, Grace Mwangi: n8n says "not sent"', 'once'],
		['Viktor Petrov', 2, 'Reject applicant, Viktor Petrov: n8n says "unknown"', '2 times'],
	])('notices that an action for %s was performed %i times', (name, times, says, often) => {
		const performed = Array.from({ length: times }, () => done()[0]);
		expect(check(name, { performed })).toEqual([`${says}, the sandbox performed it ${often}.`]);
	});

	test('takes an unknown action as done or not done', () => {
		expect(check('Viktor Petrov', { performed: [] })).toEqual([]);
	});

	test('notices an item that is on no output, or on none that can be told', () => {
		const untold = { ...result, outputs: () => [[{ json: {} }], []] };
		const lost = readLedger(batch, untold, sandbox, engine);
		expect(lost.map(({ state }) => state)).toEqual(entries.map(() => 'lost'));
		expect(audit(lost, sandbox)).toHaveLength(lost.length);
	});

	test('notices an action for somebody else', () => {
		expect(audit([], { performed: done() })).toEqual([
			expect.stringMatching(/^The sandbox performed addCandidateToPipeline for AEM/),
		]);
	});
});

test.each([80, 100, 120])('the report fits %i columns', (width) => {
	const foretold = previewLines(readPreview(batch, preview), width).split('\n');
	expect(foretold).toHaveLength(entries.length);
	const lines = [...foretold, ledgerTable(entries, batch, width), remedies(entries, width)]
		.join('\n')
		.split('\n');
	expect(
		Math.max(...lines.map((line) => stripVTControlCharacters(line).length)),
	).toBeLessThanOrEqual(width);
	for (const { person } of entries) {
		expect(lines.filter((line) => line.includes(person.name))).not.toEqual([]);
	}
});

describe('the documents show what the engine gives', () => {
	const root = join(__dirname, '../..');
	const pages = readdirSync(join(root, 'docs')).filter((file) => file.endsWith('.md'));
	const text = ['README.md', ...pages.map((page) => join('docs', page))]
		.map((file) => readFileSync(join(root, file), 'utf8'))
		.join('\n');
	const parts = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, part]) => part);

	test('as items', () => {
		const items = [...result.json('Performed'), ...result.json('To look at')];
		const isOfDemo = ({ name, user_id }: IDataObject) =>
			entries.some(({ person }) => person.name === name || person.is(String(user_id)));
		const shown = parts(/```json\n(.*?)```/gs)
			.map((json) => JSON.parse(json) as IDataObject)
			.filter(isOfDemo);
		expect(shown.filter(({ error }) => error !== undefined)).not.toEqual([]);
		for (const item of shown) {
			// Of what the ATS brought along, a page may leave something out.
			const same = item.error === undefined ? item : expect.objectContaining(item);
			const ofPerson = items.find(
				({ name, user_id }) => name === item.name && user_id === item.user_id,
			);
			expect(ofPerson).toEqual(same);
		}
	});

	test('as lines of the demo', () => {
		const lines = ledgerTable(entries, batch, 112).split('\n');
		const shown = parts(/^(│.*│)$/gm);
		expect(shown).not.toEqual([]);
		expect(lines).toEqual(expect.arrayContaining(shown));
	});
});
