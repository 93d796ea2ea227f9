import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DateTime } from 'luxon';
import type { Sandbox } from '../../sandbox';
import { readBatch, withWaits, CREDENTIAL, type Batch } from '../../demo/batch';
import { audit, readLedger, type Entry } from '../../demo/ledger';
import { ledgerTable, remedies } from '../../demo/report';
import { startTroubledSandbox } from '../../demo/trouble';
import { startEngine, type Engine, type RunResult } from '../../harness/engine';

const example = readBatch();
const batch: Batch = withWaits(example, { delayBetweenRequests: 0, retryWait: 0 });
const [recruiter, salesNavigator] = [
	'acc_linkedin_01HXYZ4QK3WJ8FN3M6QH7TZ8GR',
	'acc_linkedin_01JE6DQPM6TTSQB8BKN3P4RXCC',
];

let sandbox: Sandbox;
let engine: Engine;
let result: RunResult;
let entries: Entry[];

beforeAll(async () => {
	sandbox = await startTroubledSandbox();
	const data = { apiKey: sandbox.apiKey, baseUrl: sandbox.url };
	engine = await startEngine({
		credentials: [{ id: 'test', name: CREDENTIAL, type: 'postPressApi', data }],
	});
	result = await engine.run(batch.workflow);
	entries = readLedger(batch, result, sandbox, engine);
});
afterAll(async () => {
	await engine.stop();
	await sandbox.close();
});

const find = (name: string) => entries.find(({ person }) => person.name === name)!;

describe('the example workflow, as it is imported', () => {
	const nodes = example.workflow.nodes.filter(({ type }) => type.includes('postpress'));

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
			credentials: { postPressApi: { id: 'placeholder', name: CREDENTIAL } },
		});
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
			'Save lead | Fatima Haddad | performed | 1 | 1',
			'Save lead | Noor van Dijk | performed | 1 | 1',
		]);
	});

	test('what n8n says is what the sandbox has done', () => {
		expect(audit(entries, sandbox)).toEqual([]);
		expect(sandbox.performed).toHaveLength(11);
		expect(sandbox.keyConflicts).toBe(0);
		expect([recruiter, salesNavigator].map((id) => sandbox.maxInFlight(id))).toEqual([1, 1]);
	});

	test('the node counts the tries that the sandbox saw', () => {
		for (const { failure, requests } of entries) {
			if (failure) expect(failure.details.attempts).toBe(requests.length);
		}
		for (const name of ['Mateo Fernández', 'Priya Raghunathan', 'Viktor Petrov']) {
			expect(new Set(find(name).requests.map((one) => one.idempotencyKey)).size).toBe(1);
		}
	});

	test('every failed person can be found again: the ATS fields are on the error output', () => {
		expect(result.json('To look at')).toMatchObject([
			{ name: 'Grace Mwangi', candidate_id: 'C-48224', details: { type: 'client/validation' } },
			{ name: 'Chloé Dubois', candidate_id: 'C-48002', details: { type: 'client/validation' } },
			{ name: 'Viktor Petrov', application_id: 'A-90170', details: { type: 'client/network' } },
			{ name: 'Daniel Brandt', prospect_id: 'P-3312', details: { status: 422 } },
		]);
		expect(result.json('Performed')).toHaveLength(10);
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
		expect(body('Noor van Dijk')).not.toHaveProperty('list_id');

		const { send_notification_at: at } = (
			body("Liam O'Sullivan") as { rejection_notification: { send_notification_at: number } }
		).rejection_notification;
		const time = DateTime.fromMillis(at, { zone: 'Europe/Berlin' });
		expect([time.hour, time.minute, time.second]).toEqual([9, 0, 0]);
		expect(at).toBeGreaterThan(Date.now());
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
	const lines = [ledgerTable(entries, batch, width), remedies(entries, width)]
		.join('\n')
		.split('\n');
	expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
	for (const { person } of entries) {
		expect(lines.filter((line) => line.includes(person.name))).not.toEqual([]);
	}
});

describe('the README shows what the engine gives', () => {
	const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');
	const parts = (pattern: RegExp) => [...readme.matchAll(pattern)].map(([, part]) => part);

	test('as items', () => {
		const items = [...result.json('Performed'), ...result.json('To look at')];
		const shown = parts(/```json\n(.*?)```/gs);
		expect(shown).toHaveLength(2);
		for (const json of shown) expect(items).toContainEqual(JSON.parse(json));
	});

	test('as lines of the demo', () => {
		const lines = ledgerTable(entries, batch, 112).split('\n');
		const shown = parts(/^(│.*│)$/gm);
		expect(shown).not.toEqual([]);
		expect(lines).toEqual(expect.arrayContaining(shown));
	});
});
