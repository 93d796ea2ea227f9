import { createHash } from 'node:crypto';
import type { INodePropertyOptions } from 'n8n-workflow';
import type { Field } from '../../nodes/PostPress/fields/field';
import { rejectionReason } from '../../nodes/PostPress/fields/rejectionReason';
import { stage } from '../../nodes/PostPress/fields/stage';
import { startBench, type Bench } from './support/bench';
import { addTo, recruiter, startQueue, type Queue } from './support/queueBench';
import {
	ACCOUNTS,
	QUEUE,
	readQueue,
	SET_UP,
	TICK,
	WORDS,
	type AccountRow,
	type QueueRow,
	type Status,
	type WordRow,
} from '../../harness/app/queue';
import { readExample } from './support/examples';
import { runFrom } from './support/runs';
import { eventually } from '../../harness/eventually';
import { people, startSandbox } from '../../sandbox';
import { CREDENTIAL_NAME, CREDENTIAL_TYPE, withCredentials } from '../../harness/app/examples';
import { node } from '../../harness/app/workflows';

/** What a field of the node takes. */
const valuesOf = ({ properties: [{ options = [] }] }: Field) =>
	(options as INodePropertyOptions[]).map(({ value }) => String(value));

const A = 'acc_a';
const B = 'acc_b';

let bench: Bench;
let queue: Queue;

beforeAll(async () => {
	bench = await startBench();
	queue = await startQueue(bench);
}, 180_000);

afterAll(() => bench?.stop());

beforeEach(async () => {
	await queue.clear();
	await queue.account(A);
	await queue.account(B);
});

/** What the queue writes down is said in its own words: it has no items, and nobody runs one again. */
afterEach(async () => {
	const said = (await queue.rows()).map(({ result }) => result);
	const paused = (await queue.tables.rows<AccountRow>(ACCOUNTS)).map((account) => account.paused);
	expect(
		[...said, ...paused].filter((text) => /(run|for) this item|person:|The option/.test(text)),
	).toEqual([]);
});

const performed = () => bench.sandbox.performed.map(({ userId }) => userId.replace('AEMAA', ''));
const keys = () => bench.sandbox.requests.map(({ idempotencyKey }) => idempotencyKey);

/** What was put off for an hour is due. */
async function anHourLater(): Promise<void> {
	const passed = new Date(Date.now() - 1000).toISOString();
	for (const row of await queue.rows()) await queue.edit(row, { not_before: passed });
}

/** What stands in the table is what PostPress has done; to be called where nobody is in doubt. */
async function booksAgree(): Promise<void> {
	const rows = (await queue.rows()).filter(({ status }) => status === 'performed');
	const done = rows.map(({ person }) => person.replace(/^.*\/AEMAA/, ''));
	expect(performed().sort()).toEqual(done.sort());
}

describe('set up', () => {
	test('of words: the usual ones of every source, once, and no meaning that the queue does not know', async () => {
		const example = readExample('words.json');
		const { id } = await bench.rest.createWorkflow(example);
		const run = async () => {
			const { status } = await runFrom(bench.rest, id, 'Set up words');
			expect(status).toBe('success');
			return await queue.tables.rows<WordRow>(WORDS);
		};
		const words = await run();
		expect([...new Set(words.map(({ source }) => source))].sort()).toEqual([
			...['ashby', 'greenhouse', 'lever', 'sheet', 'workable'],
		]);
		const known: Record<string, string[]> = {
			job: ['nothing'],
			stage: ['nothing', ...valuesOf(stage)],
			reason: ['nothing', ...valuesOf(rejectionReason)],
		};
		expect(words.filter(({ kind, means }) => !known[kind].includes(means))).toEqual([]);
		const spelled = words.map(({ source, kind, word }) => `${source} ${kind} ${word}`);
		expect(new Set(spelled.map((word) => word.toLowerCase())).size).toBe(words.length);
		// Words that recorded accounts of these systems have beside those of the documentation.
		expect(spelled).toEqual(
			expect.arrayContaining([
				'lever reason Under- qualified',
				'lever reason Comp',
				'lever reason No Response',
				'workable stage Applied',
				'workable stage Assessment',
			]),
		);

		const changed = { ...words[0], means: 'nothing' };
		await queue.tables.update(WORDS, { id: changed.id }, { means: changed.means });
		expect(await run()).toEqual([
			expect.objectContaining({ id: changed.id, means: 'nothing' }),
			...words.slice(1),
		]);
	}, 120_000);

	test('adds the LinkedIn accounts of PostPress, approval first; a second time it changes nothing', async () => {
		const setUp = () => queue.run(SET_UP);
		await queue.tables.delete(ACCOUNTS);
		await setUp();
		const first = await queue.tables.rows<AccountRow>(ACCOUNTS);
		expect(first.map(({ name, seats, paused }) => [name, seats, paused])).toEqual([
			['Hannah Keller', 'Recruiter', ''],
			['Marcus Adeyemi', 'Sales Navigator', ''],
			['Elena Rossi', 'Recruiter, Sales Navigator', ''],
			['Oskar Nyström', 'Recruiter', expect.stringMatching(/^This account has lost its conn/)],
			['Mei Tan', '', ''],
		]);
		expect(first.filter(({ needs_approval }) => !needs_approval)).toEqual([]);
		await queue.tables.update(ACCOUNTS, { name: 'Elena Rossi' }, { daily_limit: 7 });
		await setUp();
		const second = await queue.tables.rows<AccountRow>(ACCOUNTS);
		expect(second.map(({ name, daily_limit }) => [name, daily_limit])).toEqual(
			first.map(({ name, daily_limit }) => [name, name === 'Elena Rossi' ? 7 : daily_limit]),
		);
	});
});

test('performs all five actions as their rows say, and gives the accounts back', async () => {
	const [project, list] = ['1483848495', '7154321558885357524'];
	const sendAt = new Date(Date.now() + 86_400_000).toISOString();
	await queue.add(
		{ ...addTo(A, 'one'), operation: 'candidate.addToPipeline', project, stage: 'REPLIED' },
		{ ...addTo(A, 'two'), operation: 'candidate.changeStage', project, stage: 'CONTACTED' },
		{ ...addTo(A, 'three'), operation: 'applicant.addToPipeline', project, stage: 'UNCONTACTED' },
		{
			...addTo(A, 'four'),
			operation: 'applicant.reject',
			project,
			stage: '',
			reason: 'MORE_QUALIFIED_CANDIDATES',
			message: 'Thank you,\nand goodbye.',
			send_at: sendAt,
		},
		{
			...addTo(B, 'five'),
			operation: 'applicant.reject',
			project,
			stage: '',
			reason: 'WITHDREW_APPLICATION',
		},
		{
			account_id: B,
			operation: 'lead.save',
			person: 'https://www.linkedin.com/sales/lead/ACwAAsix',
			list,
		},
	);
	const { status } = await queue.tick();
	expect(status).toBe('success');
	expect((await queue.rows()).map(({ status, result }) => [status, result])).toEqual(
		Array(6).fill(['performed', 'Done.']),
	);
	const body = (userId: string) =>
		bench.sandbox.performed.find((one) => one.userId === userId)?.body;
	expect(body('AEMAAone')).toEqual({
		api: 'recruiter',
		action: 'addCandidateToPipeline',
		account_id: A,
		hiring_project_id: project,
		stage: 'REPLIED',
	});
	expect(body('AEMAAtwo')).toEqual({
		api: 'recruiter',
		action: 'changeCandidatePipeline',
		account_id: A,
		hiring_project_id: project,
		stage: 'CONTACTED',
	});
	expect(body('AEMAAthree')).toEqual({
		api: 'recruiter',
		action: 'addApplicantToPipeline',
		account_id: A,
		hiring_project_id: project,
		stage: 'UNCONTACTED',
	});
	expect(body('AEMAAfour')).toEqual({
		api: 'recruiter',
		action: 'rejectApplicant',
		account_id: A,
		hiring_project_id: project,
		reason: 'MORE_QUALIFIED_CANDIDATES',
		rejection_notification: {
			message: 'Thank you,\nand goodbye.',
			send_notification_at: Date.parse(sendAt),
		},
	});
	expect(body('AEMAAfive')).toEqual({
		api: 'recruiter',
		action: 'rejectApplicant',
		account_id: B,
		hiring_project_id: project,
		reason: 'WITHDREW_APPLICATION',
	});
	expect(body('ACwAAsix')).toEqual({
		api: 'sales_navigator',
		action: 'saveLead',
		account_id: B,
		list_id: list,
	});
	expect(await queue.accountOf(A)).toMatchObject({
		lease_by: '',
		lease_until: '',
		left: 996,
		paused: '',
	});
});

test('sends nothing that waits for approval, and what is approved at the next run', async () => {
	await queue.add(
		{ ...addTo(A, 'one'), status: 'to_approve' },
		{ ...addTo(A, 'two'), status: 'to_look_at' },
	);
	await queue.tick();
	expect(bench.sandbox.requestCount).toBe(0);
	await queue.edit((await queue.rows())[0], { status: 'waiting' });
	await queue.tick();
	expect(await queue.statuses()).toEqual(['performed', 'to_look_at']);
	await booksAgree();
});

describe('what PostPress does not do', () => {
	test('is refused with its reason; a person who sets it to waiting asks again, under a new key', async () => {
		bench.sandbox.fail({ kind: 'apiError', type: 'invalid_recipient' }, { userId: 'AEMAAone' });
		await queue.add(addTo(A, 'one'), addTo(A, 'two'));
		await queue.tick();
		const [refused, other] = await queue.rows();
		expect(refused).toMatchObject({
			status: 'refused',
			tries: 1,
			error_type: 'errors/invalid_recipient',
		});
		expect(refused.result).toMatch(/recipient/i);
		expect(refused.request_id).not.toBe('');
		expect(other.status).toBe('performed');
		await queue.edit(refused, { status: 'waiting' });
		await queue.tick();
		expect(await queue.statuses()).toEqual(['performed', 'performed']);
		expect(new Set(keys()).size).toBe(3);
		await booksAgree();
	});

	test('and stops the account: it is paused with the reason, its people wait, the other account goes on', async () => {
		bench.sandbox.fail(
			{ kind: 'apiError', type: 'disconnected_account' },
			{ accountId: A, times: 'always' },
		);
		await queue.add(addTo(A, 'one'), addTo(A, 'two'), addTo(B, 'three'), addTo(B, 'four'));
		await queue.tick();
		expect(await queue.statuses()).toEqual(['waiting', 'waiting', 'performed', 'performed']);
		const { paused, lease_by } = await queue.accountOf(A);
		expect(paused).toMatch(
			/disconnected.* Reconnect the account in PostPress\. Once that is mended, empty "paused" in postpress_accounts\.$/,
		);
		expect(lease_by).toBe('');
		await queue.tick();
		expect(bench.sandbox.requestCount).toBe(3);

		bench.sandbox.reset();
		await queue.tables.update(ACCOUNTS, { account_id: A }, { paused: '' });
		await queue.tick();
		expect(performed()).toEqual(['one', 'two']);
	});

	test('because there were too many requests: the account rests until the next run', async () => {
		bench.sandbox.fail({ kind: 'rateLimit' }, { userId: 'AEMAAone' });
		await queue.add(addTo(A, 'one'), addTo(A, 'two'));
		await queue.tick();
		expect((await queue.rows()).map(({ status, tries }) => [status, tries])).toEqual([
			['waiting', 1],
			['waiting', 0],
		]);
		await queue.tick();
		expect(performed()).toEqual(['one', 'two']);
		expect(new Set(keys()).size).toBe(3);
		await booksAgree();
	});

	test('because it asks to wait for long: nobody is sent until then, and the account is not paused', async () => {
		bench.sandbox.fail({ kind: 'rateLimit', retryAfterSeconds: 3600 }, { userId: 'AEMAAone' });
		await queue.account('acc_closed');
		await queue.add(addTo('acc_closed', 'one'), addTo('acc_closed', 'two'));
		await queue.tick();
		await queue.tick();
		expect(
			(await queue.rows()).map(({ status, error_type, tries }) => [status, error_type, tries]),
		).toEqual([
			['waiting', 'client/account_stopped', 1],
			['waiting', '', 0],
		]);
		expect(bench.sandbox.requestCount).toBe(1);
		expect(await queue.accountOf('acc_closed')).toMatchObject({ paused: '', lease_by: '' });
	});

	test('because it cannot be reached: everybody waits, nobody is counted', async () => {
		await queue.add(addTo(A, 'one'), addTo(A, 'two'), addTo(B, 'three'));
		await bench.sandbox.refuseConnections();
		await queue.tick();
		expect(
			(await queue.rows()).map(({ status, claimed_at, tries }) => [status, claimed_at, tries]),
		).toEqual(Array(3).fill(['waiting', '', 0]));
		expect(await queue.accountOf(A)).toMatchObject({ left: 1000, paused: '' });
		await bench.sandbox.acceptConnections();
		// Whoever was tried waits for an hour, the others do not.
		await queue.tick();
		expect(performed()).toEqual(['two']);
		await anHourLater();
		await queue.tick();
		await booksAgree();
		expect(performed()).toHaveLength(3);
	});

	test('because it cannot say why, or the look-up fails, for one person: the others go on', async () => {
		const ids = ['acc_why', 'acc_silent', 'acc_broken'];
		const always = { times: 'always' } as const;
		bench.sandbox.fail(
			{ kind: 'apiError', type: 'service_unavailable', status: 503 },
			{ userId: 'AEMAAwhy', ...always },
		);
		bench.sandbox.fail({ kind: 'drop', when: 'before' }, { userId: 'silent', ...always });
		bench.sandbox.fail({ kind: 'raw', status: 500 }, { userId: 'broken', ...always });
		for (const id of ids) await queue.account(id);
		await queue.add(
			addTo('acc_why', 'why'),
			{ ...addTo('acc_silent', 'silent'), person: 'https://www.linkedin.com/in/silent' },
			{ ...addTo('acc_broken', 'broken'), person: 'https://www.linkedin.com/in/broken' },
			...ids.flatMap((id) => [addTo(id, `${id}2`), addTo(id, `${id}3`)]),
		);
		await queue.tick();
		expect(await queue.statuses()).toEqual(Array(9).fill('waiting'));
		for (const { not_before, result } of (await queue.rows()).slice(0, 3)) {
			expect(Date.parse(not_before)).toBeGreaterThan(Date.now() + 59 * 60_000);
			expect(Date.parse(not_before)).toBeLessThanOrEqual(Date.now() + 60 * 60_000);
			expect(result).not.toMatch(/this item/);
		}
		await queue.tick();
		expect(await queue.statuses()).toEqual([
			...Array<string>(3).fill('waiting'),
			...Array<string>(6).fill('performed'),
		]);
		expect(bench.sandbox.requestCount).toBe(9);
		await anHourLater();
		await queue.tick();
		expect(bench.sandbox.requestCount).toBe(12);
	});
});

describe('a credential that does not work', () => {
	const use = (baseUrl: string, apiKey = bench.sandbox.apiKey) =>
		bench.rest.saveCredential(CREDENTIAL_NAME, CREDENTIAL_TYPE, { apiKey, baseUrl });

	test.each<[string, RegExp, () => Promise<unknown>]>([
		['no https', /Base URL: the address/, () => use(bench.sandbox.url.replace('http://', ''))],
		['no API key', /API Key: the key/, () => use(bench.sandbox.url, ' ')],
		['a wrong path', /There is no PostPress API/, () => use(`${bench.sandbox.url}/nowhere`)],
	])(
		'(%s) pauses the account and says so; everybody waits and is sent afterwards',
		async (_, says, spoil) => {
			// Somebody whose answer was lost, and who is sent again.
			bench.sandbox.fail({ kind: 'drop', when: 'after' }, { userId: 'AEMAAlost' });
			await queue.account('acc_lost');
			await queue.add(addTo('acc_lost', 'lost'));
			await queue.tick();
			const [lost] = await queue.rows();
			expect(lost.status).toBe('unknown');
			await queue.edit(lost, { status: 'waiting' });
			await queue.add(
				addTo(A, 'one'),
				addTo(A, 'two'),
				{ ...addTo(B, 'priya'), person: 'https://www.linkedin.com/in/priya-raghunathan' },
				addTo(B, 'three'),
			);
			const accounts = [A, B, 'acc_lost'];
			await spoil();
			try {
				await queue.tick();
				await queue.tick();
				const [again, ...others] = await queue.rows();
				expect(again).toMatchObject({ sent: lost.sent, tries: 0, done_at: '' });
				expect(again.status).toMatch(/^(unknown|waiting)$/);
				expect(again.result).toMatch(/^The answer to an earlier try was lost\. /);
				expect(others.map(({ status, sent }) => [status, !!sent])).toEqual(
					Array(4).fill(['waiting', false]),
				);
				for (const id of accounts) expect((await queue.accountOf(id)).paused).toMatch(says);
			} finally {
				await use(bench.sandbox.url);
			}
			for (const id of accounts) await queue.account(id);
			await queue.edit(lost, { status: 'waiting' });
			await queue.tick();
			expect(await queue.statuses()).toEqual(Array(5).fill('performed'));
			expect(bench.sandbox.performed).toHaveLength(5);
			const asked = bench.sandbox.requests.filter(({ userId }) => userId === 'AEMAAlost');
			expect(asked).toHaveLength(2);
			expect(new Set(asked.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
		},
	);

	test('(deleted) pauses the account and says so', async () => {
		const workflow = readQueue('queue.json', { baseUrl: bench.sandbox.url, pause: 0 });
		const gone = { ...bench.credential, id: 'gone', name: 'Gone' };
		const { id } = await bench.rest.createWorkflow(withCredentials(workflow, [gone]));
		await queue.add(addTo(A, 'one'), addTo(A, 'two'));
		await runFrom(bench.rest, id, TICK);
		expect(await queue.statuses()).toEqual(['waiting', 'waiting']);
		expect((await queue.accountOf(A)).paused).toMatch(/PostPress credential could not be read/);
		expect(bench.sandbox.requestCount).toBe(0);
	});
});

describe('a lost answer', () => {
	test('leaves one person an account unknown; sent again it is the same request, done once', async () => {
		bench.sandbox.fail({ kind: 'drop', when: 'after' }, { userId: 'AEMAAone' });
		await queue.add(addTo(A, 'one'), addTo(A, 'two'));
		await queue.tick();
		expect(await queue.statuses()).toEqual(['unknown', 'waiting']);
		const [row] = await queue.rows();
		expect(row).toMatchObject({ tries: 0, done_at: '' });
		expect(row.result).toMatch(/Look at the person .* Sending again is safe/);
		await queue.edit(row, { status: 'waiting' });
		await queue.tick();
		expect(await queue.statuses()).toEqual(['performed', 'performed']);
		expect(performed()).toEqual(['one', 'two']);
		expect(new Set(keys()).size).toBe(2);
	});

	test('with a PostPress that ignores keys: "already performed" is performed, and the row says so', async () => {
		const deaf = await startSandbox({ idempotencyKeys: 'ignore' });
		const use = (baseUrl: string) =>
			bench.rest.saveCredential(CREDENTIAL_NAME, CREDENTIAL_TYPE, { apiKey: deaf.apiKey, baseUrl });
		await use(deaf.url);
		try {
			// Too many requests: nothing was done, and nothing of the first text can have been.
			deaf.fail({ kind: 'rateLimit', retryAfterSeconds: 0 }, { userId: 'AEMAAone' });
			await queue.add(addTo(A, 'one'), addTo(B, 'two'));
			await queue.tick();
			deaf.fail({ kind: 'drop', when: 'after' }, { userId: 'AEMAAone' });
			await anHourLater();
			await queue.tick();
			const [row, other] = await queue.rows();
			expect([row.status, other.status]).toEqual(['unknown', 'performed']);
			await queue.edit(row, { status: 'waiting' });
			// Somebody else has done this one, so here it is no success.
			await queue.add({ ...addTo(B, 'two') });
			await queue.tick();
			expect(
				(await queue.rows()).map(({ status, result }) => [status, result.slice(0, 30)]),
			).toEqual([
				['performed', 'It had been done before.'],
				['performed', 'Done.'],
				['refused', expect.stringMatching(/^Action already performed/)],
			]);
			expect(deaf.performed).toHaveLength(2);
		} finally {
			await use(bench.sandbox.url);
			await deaf.close();
		}
	});

	test('stays in doubt after too many requests, a restricted account, a wrong API key: not done, the same request afterwards', async () => {
		const faults: Array<[account: string, Parameters<typeof bench.sandbox.fail>[0]]> = [
			[A, { kind: 'rateLimit' }],
			[B, { kind: 'apiError', type: 'account_restricted' }],
			['acc_key', { kind: 'apiError', type: 'invalid_credentials' }],
		];
		await queue.account('acc_key');
		const ask = async (fault?: Parameters<typeof bench.sandbox.fail>[0]) => {
			for (const [accountId, own] of faults) bench.sandbox.fail(fault ?? own, { accountId });
			await queue.tick();
		};
		await queue.add(...faults.map(([account]) => addTo(account, account)));
		await ask({ kind: 'drop', when: 'after' });
		expect(await queue.statuses()).toEqual(Array(3).fill('unknown'));
		const unknown = await queue.rows();
		for (const row of unknown) await queue.edit(row, { status: 'waiting' });
		await ask();
		for (const [index, row] of (await queue.rows()).entries()) {
			const { sent } = unknown[index];
			expect(row).toMatchObject({ status: 'waiting', sent, tries: 0, done_at: '' });
			expect(row.result).toMatch(/^The answer to an earlier try was lost\. /);
			expect((await queue.accountOf(row.account_id)).paused).not.toMatch(/earlier try/);
		}
		expect((await queue.accountOf(A)).paused).toBe('');
		for (const id of [B, 'acc_key']) await queue.account(id);
		await anHourLater();
		await queue.tick();
		expect(await queue.statuses()).toEqual(Array(3).fill('performed'));
		expect(keys()).toHaveLength(9);
		expect(new Set(keys()).size).toBe(3);
	});

	test('to which PostPress says to wait again and again keeps nobody waiting, and ends unknown', async () => {
		bench.sandbox.fail({ kind: 'drop', when: 'after' }, { userId: 'AEMAAone' });
		await queue.add(addTo(A, 'one'));
		await queue.tick();
		const [{ id, sent }] = await queue.rows();
		bench.sandbox.fail({ kind: 'rateLimit' }, { userId: 'AEMAAone', times: 'always' });
		await queue.edit({ id }, { status: 'waiting' });
		await queue.add(addTo(A, 'two'));
		await queue.tick();
		await queue.tick();
		expect(await queue.statuses()).toEqual(['waiting', 'performed']);
		await queue.edit({ id }, { requests: 8 });
		await anHourLater();
		await queue.tick();
		const [row] = await queue.rows();
		expect(row).toMatchObject({ status: 'unknown', sent, tries: 0, done_at: '' });
		expect(row.result).toMatch(
			/^The answer to an earlier try was lost\. .* choose "It was done" or/,
		);
		expect(performed()).toEqual(['one', 'two']);
		expect(new Set(keys()).size).toBe(2);
	});

	test('stays unknown while the look-up or a gateway refuses: still the same request', async () => {
		const [, , priya, mateo] = people;
		const cases = [
			{ account: A, slug: priya.slug, id: priya.ids.recruiter, says: 'could not be looked up' },
			{ account: B, slug: mateo.slug, id: mateo.ids.recruiter, says: 'status 403' },
		];
		for (const { id } of cases) bench.sandbox.fail({ kind: 'drop', when: 'after' }, { userId: id });
		await queue.add(
			...cases.map(({ account, slug }) => ({
				...addTo(account, slug),
				person: `https://www.linkedin.com/in/${slug}`,
				stage: 'REPLIED',
			})),
		);
		await queue.tick();
		const before = await queue.rows();
		for (const row of before) await queue.edit(row, { status: 'waiting' });
		bench.sandbox.fail({ kind: 'apiError', type: 'resource_not_found' }, { userId: priya.slug });
		bench.sandbox.fail(
			{ kind: 'raw', status: 403, body: 'No entry' },
			{ userId: mateo.ids.recruiter },
		);
		await queue.tick();
		const after = await queue.rows();
		for (const [index, { says }] of cases.entries()) {
			const { sent } = before[index];
			expect(after[index]).toMatchObject({ status: 'unknown', sent, tries: 0, done_at: '' });
			expect(after[index].result).toMatch(/^The answer to an earlier try was lost\. /);
			expect(after[index].result).toContain(says);
			await queue.edit(after[index], { status: 'waiting' });
		}
		await queue.tick();
		expect(await queue.statuses()).toEqual(['performed', 'performed']);
		expect(bench.sandbox.performed).toHaveLength(2);
	});

	test('stays unknown where the node can send nothing any more, such as a message for a past time', async () => {
		const passed = new Date(Date.now() - 60_000).toISOString();
		const { person, project } = addTo(A, 'one');
		const message = 'The first text.';
		const deed = [
			'leads:1',
			'applicant.reject',
			A,
			person,
			project,
			'',
			'',
			'WITHDREW_APPLICATION',
		];
		const sent = createHash('md5')
			.update([...deed, message, passed].join('\n'))
			.digest('hex');
		await queue.add({
			...addTo(A, 'one'),
			...{
				key: 'leads:1',
				operation: 'applicant.reject',
				stage: '',
				reason: 'WITHDREW_APPLICATION',
			},
			...{ message, send_at: passed, claimed_at: passed, sent },
		});
		await queue.tick();
		const [row] = await queue.rows();
		expect(row).toMatchObject({ error_type: 'client/validation', sent, tries: 0, done_at: '' });
		expect(row.status).toBe('unknown');
		expect(row.result).toMatch(/^The answer to an earlier try was lost\. .* in the past/);
		await queue.edit(row, { status: 'waiting', send_at: '', message: 'Another text.' });
		await queue.tick();
		const [edited] = await queue.rows();
		expect(edited).toMatchObject({ status: 'unknown', error_type: 'queue/edited' });
		expect(bench.sandbox.requestCount).toBe(0);
	});

	test('without approval stays unknown beside a twin that was dropped; sent again it is the same', async () => {
		bench.sandbox.fail({ kind: 'drop', when: 'after' }, { userId: 'AEMAAone' });
		await queue.add({ ...addTo(A, 'one'), key: 'leads:1' });
		await queue.tick();
		const [{ sent }] = await queue.rows();
		await queue.add({ ...addTo(A, 'one'), key: 'leads:1', status: 'not_sent' });
		await queue.edit((await queue.rows())[0], { status: 'waiting' });
		await queue.tick();
		const [row] = await queue.rows();
		expect(row).toMatchObject({ status: 'unknown', error_type: 'queue/dropped', sent });
		await queue.edit(row, { status: 'waiting' });
		await queue.tick();
		expect(await queue.statuses()).toEqual(['performed', 'not_sent']);
		expect(new Set(keys()).size).toBe(1);
	});

	test('twice in a row pauses the account before a third is tried', async () => {
		bench.sandbox.fail({ kind: 'drop', when: 'after' }, { accountId: A, times: 'always' });
		await queue.add(
			...['one', 'two', 'three', 'four'].map((name) => addTo(A, name)),
			addTo(B, 'five'),
		);
		await queue.tick();
		await queue.tick();
		await queue.tick();
		await queue.tick();
		expect(await queue.statuses()).toEqual([
			'unknown',
			'unknown',
			'waiting',
			'waiting',
			'performed',
		]);
		expect((await queue.accountOf(A)).paused).toMatch(/last two people ended unknown/);
		expect(bench.sandbox.requestCount).toBe(3);
	});
});

describe('an edit', () => {
	const reject = (name: string) => ({
		...addTo(A, name),
		operation: 'applicant.reject',
		stage: '',
		reason: 'WITHDREW_APPLICATION',
		message: 'The first text.',
	});
	const messages = () =>
		bench.sandbox.performed.map(
			({ body }) => (body as { rejection_notification: object }).rejection_notification,
		);

	test('while somebody is sent comes too late: the row ends with what was sent', async () => {
		bench.sandbox.fail({ kind: 'latency', ms: 1500 }, { userId: 'AEMAAone' });
		await queue.add(reject('one'));
		const [before] = await queue.rows();
		const run = queue.tick();
		await eventually(() => expect(bench.sandbox.requestCount).toBe(1));
		await queue.tables.update(
			QUEUE,
			{ id: before.id },
			{
				person: recruiter('two'),
				person_name: 'two',
				operation: 'lead.save',
				account_id: B,
				message: 'Another text.',
				key: 'another',
			},
		);
		await run;
		const [after] = await queue.rows();
		const { person, person_name, operation, account_id, key } = before;
		expect(after).toMatchObject({
			...{ person, person_name, operation, account_id, key },
			message: 'The first text.',
			status: 'performed',
		});
		expect(messages()).toEqual([{ message: 'The first text.' }]);
		expect(await queue.accountOf(A)).toMatchObject({ left: 999, lease_by: '' });
	});

	test('while somebody is looked up in vain is undone too, and the row says so', async () => {
		const person = 'https://www.linkedin.com/in/one';
		// Longer than n8n waits for an answer.
		bench.sandbox.fail({ kind: 'latency', ms: 4000 }, { userId: 'one' });
		await queue.add({ ...reject('one'), person });
		const run = queue.tick();
		await eventually(() => expect(bench.sandbox.requestCount).toBe(1));
		const [row] = await queue.rows();
		await queue.tables.update(QUEUE, { id: row.id }, { message: 'Another text.' });
		await run;
		const [after] = await queue.rows();
		expect(after).toMatchObject({ status: 'waiting', message: 'The first text.' });
		expect(after.result).toMatch(/row was edited meanwhile, that is undone: make it again\.$/);
	});

	test('after a lost answer is not the same any more: unknown once more, then sent as something new', async () => {
		for (const userId of ['AEMAAone', 'AEMAAtwo'])
			bench.sandbox.fail({ kind: 'drop', when: 'before' }, { userId });
		await queue.add(reject('one'), { ...reject('two'), account_id: B });
		await queue.tick();
		expect(await queue.statuses()).toEqual(['unknown', 'unknown']);
		const [one, two] = await queue.rows();
		await queue.edit(one, { status: 'waiting', message: 'Another text.' });
		await queue.edit(two, { status: 'waiting', person: recruiter('three') });
		await queue.tick();
		for (const row of await queue.rows()) {
			expect(row).toMatchObject({ status: 'unknown', done_at: '' });
			expect(row.result).toMatch(/edited/);
			await queue.edit(row, { status: 'waiting' });
		}
		expect(bench.sandbox.requestCount).toBe(2);
		await queue.tick();
		expect(await queue.statuses()).toEqual(['performed', 'performed']);
		expect(performed().sort()).toEqual(['one', 'three']);
		expect(messages()).toEqual(
			expect.arrayContaining([{ message: 'Another text.' }, { message: 'The first text.' }]),
		);
		expect(new Set(keys()).size).toBe(4);
	});

	test('after a lost answer does not keep the next person waiting: nobody was asked for it', async () => {
		bench.sandbox.fail({ kind: 'drop', when: 'before' }, { userId: 'AEMAAone' });
		await queue.add(reject('one'));
		await queue.tick();
		const [one] = await queue.rows();
		await queue.edit(one, { status: 'waiting', message: 'Another text.' });
		await queue.add(reject('two'));
		await queue.tick();
		expect(await queue.statuses()).toEqual(['unknown', 'performed']);
		expect(performed()).toEqual(['two']);
	});

	/** A rejection that was sent with the first text, whose answer was lost, and that was edited then. */
	async function editedInDoubt(): Promise<QueueRow> {
		bench.sandbox.fail({ kind: 'drop', when: 'after' }, { userId: 'AEMAAone' });
		await queue.add(reject('one'));
		await queue.tick();
		const [row] = await queue.rows();
		await queue.edit(row, { status: 'waiting', message: 'Another text.' });
		await queue.tick();
		return row;
	}

	/** Only the first text went out, so nothing that PostPress says of it is about the row as it stands. */
	async function sentAgainInVain(row: QueueRow): Promise<void> {
		await queue.edit(row, { status: 'waiting' });
		await queue.tick();
		const [after] = await queue.rows();
		expect(after).toMatchObject({ status: 'unknown', message: 'Another text.' });
		expect(after.result).toMatch(/choose "It was done" or "Send again" on the page\.$/);
		expect(messages()).toEqual([{ message: 'The first text.' }]);
	}

	test('after a lost answer is not noted as performed because the first text was', async () => {
		const row = await editedInDoubt();
		await sentAgainInVain(row);
	});

	test('of what was performed, whose answer is lost, is not noted as performed because the first text was', async () => {
		await queue.add(reject('one'));
		await queue.tick();
		const [row] = await queue.rows();
		bench.sandbox.fail({ kind: 'drop', when: 'before' }, { userId: 'AEMAAone' });
		await queue.edit(row, { status: 'waiting', message: 'Another text.' });
		await queue.tick();
		await sentAgainInVain(row);
	});

	test('after a lost answer stays in doubt while PostPress says to wait', async () => {
		const row = await editedInDoubt();
		bench.sandbox.fail(
			{ kind: 'apiError', type: 'service_unavailable', status: 503 },
			{ userId: 'AEMAAone' },
		);
		await queue.edit(row, { status: 'waiting' });
		await queue.tick();
		// The page offers no "Drop" for it.
		expect(await queue.rows()).toMatchObject([
			{ status: 'waiting', sent: expect.stringMatching(/./) as string },
		]);
	});

	test.each([
		['a status that is none', { status: 'done' as Status }],
		['a time that is none', { status: 'waiting' as const, not_before: 'tomorrow' }],
		['a time long ago that is none', { status: 'waiting' as const, not_before: '2 Dec' }],
		['a status that hides it', { status: 'to_look_at' as const }],
		['an operation that is none', { status: 'waiting' as const, operation: 'nonsense' }],
	])('that writes %s into a row in doubt lets no twin through', async (_, edited) => {
		bench.sandbox.fail({ kind: 'drop', when: 'after' }, { userId: 'AEMAAone' });
		const move = { ...addTo(A, 'one'), operation: 'candidate.changeStage', key: 'greenhouse:1' };
		await queue.add(move);
		await queue.tick();
		const [row] = await queue.rows();
		await queue.edit(row, { status: 'waiting', stage: 'REPLIED' });
		await queue.tick();
		expect((await queue.rows())[0]).toMatchObject({
			status: 'unknown',
			error_type: 'queue/edited',
		});
		await queue.edit(row, edited);
		await queue.add({ ...move, stage: 'REPLIED' });
		await queue.tick();
		const [, twin] = await queue.rows();
		await queue.edit(twin, { not_before: '2026-01-01T00:00:00.000Z' });
		await queue.tick();
		expect((await queue.rows())[0]).toMatchObject({
			status: 'unknown',
			result: expect.stringMatching(/"It was done",? or "Send again"/) as string,
		});
		expect(performed()).toEqual(['one']);
	});

	test('of what was performed is another action: set to waiting it is sent, and unedited it is not done again', async () => {
		const move = { ...addTo(A, 'one'), operation: 'candidate.changeStage' };
		await queue.add(move, { ...reject('two'), key: '' });
		await queue.tick();
		const [moved, rejected] = await queue.rows();
		await queue.edit(moved, { status: 'waiting', stage: 'REPLIED' });
		await queue.edit(rejected, { status: 'waiting', message: 'Another text.' });
		await queue.tick();
		const stages = () =>
			bench.sandbox.performed.map(({ body }) => (body as { stage?: string }).stage);
		expect(stages().filter(Boolean)).toEqual(['CONTACTED', 'REPLIED']);
		// PostPress itself refuses a second rejection: nobody is told that the second text went out.
		expect(await queue.statuses()).toEqual(['performed', 'refused']);
		await queue.edit(moved, { status: 'waiting' });
		await queue.tick();
		expect(stages().filter(Boolean)).toEqual(['CONTACTED', 'REPLIED']);
		expect((await queue.statuses())[0]).toBe('performed');
	});

	test('after a lost answer does not let a twin through: LinkedIn may have got the first text', async () => {
		bench.sandbox.fail({ kind: 'drop', when: 'after' }, { userId: 'AEMAAone' });
		const key = 'greenhouse:1';
		await queue.add(
			{ ...reject('one'), key },
			{ ...reject('one'), key, message: 'The text of the twin.' },
		);
		await queue.tick();
		await queue.edit((await queue.rows())[0], { status: 'waiting', message: 'Another text.' });
		await queue.tick();
		await anHourLater();
		await queue.tick();
		expect(await queue.statuses()).toEqual(['unknown', 'duplicate']);
		expect(messages()).toEqual([{ message: 'The first text.' }]);
	});
});

describe('the same again', () => {
	test('of rows with one key the first is sent, whenever the others come', async () => {
		await queue.add(
			{ ...addTo(A, 'one'), key: 'greenhouse:1' },
			{ ...addTo(A, 'one'), key: 'greenhouse:1' },
			{ ...addTo(B, 'one'), key: 'greenhouse:1' },
		);
		await queue.tick();
		expect(await queue.statuses()).toEqual(['performed', 'duplicate', 'duplicate']);
		const [first, second] = await queue.rows();
		expect(second.result).toBe(`The same as row ${first.id}, which is performed.`);
		await queue.add({ ...addTo(A, 'one'), key: 'greenhouse:1' });
		await queue.tick();
		expect(await queue.statuses()).toEqual(['performed', 'duplicate', 'duplicate', 'duplicate']);
		expect(bench.sandbox.requestCount).toBe(1);
		expect(await queue.accountOf(A)).toMatchObject({ left: 999 });
	});

	test('a row that was never sent keeps no other one from being sent', async () => {
		const again = { ...addTo(A, 'one'), key: 'leads:1' };
		await queue.add(
			{ ...again, status: 'to_look_at', account_id: '' },
			{ ...again, status: 'not_sent' },
			{ ...again, status: 'to_approve' },
			again,
		);
		await queue.account(A, { needs_approval: true });
		await queue.tick();
		const statuses = ['to_look_at', 'not_sent', 'to_approve', 'performed'];
		expect(await queue.statuses()).toEqual(statuses);
		// Whoever approves one of them afterwards reads that it was done already.
		const rows = await queue.rows();
		await queue.edit(rows[2], { status: 'waiting' });
		await queue.tick();
		expect((await queue.rows())[2]).toMatchObject({
			status: 'duplicate',
			result: `The same as row ${rows[3].id}, which is performed.`,
		});
		expect(performed()).toEqual(['one']);
	});

	test('a row whose twin waits, waits behind it: sent if the twin is dropped, a duplicate if it is sent', async () => {
		const [one, two] = ['one', 'two'].map((name) => ({ ...addTo(A, name), key: `leads:${name}` }));
		const later = { not_before: new Date(Date.now() + 3_600_000).toISOString() };
		await queue.add({ ...one, ...later }, one, { ...two, ...later }, two, {
			...two,
			account_id: B,
		});
		await queue.account(A, { needs_approval: true });
		await queue.tick();
		const [first, behind] = await queue.rows();
		expect(await queue.statuses()).toEqual(Array(5).fill('waiting'));
		expect(behind.result).toBe(`Waits for row ${first.id}, which is waiting.`);
		await queue.edit(first, { status: 'not_sent' });
		await anHourLater();
		await queue.tick();
		await anHourLater();
		await queue.tick();
		expect(await queue.statuses()).toEqual([
			...['not_sent', 'performed', 'performed', 'duplicate', 'duplicate'],
		]);
		expect(performed().sort()).toEqual(['one', 'two']);
	});

	test('a duplicate of somebody unknown who is dropped afterwards is sent if a person sets it to waiting', async () => {
		await queue.account(A, { needs_approval: true });
		for (const userId of ['AEMAAone', 'AEMAAtwo'])
			bench.sandbox.fail({ kind: 'drop', when: 'before' }, { userId });
		const one = { ...addTo(A, 'one'), key: 'leads:1' };
		const two = { ...addTo(B, 'two'), key: 'leads:2' };
		await queue.add(one, one, two, two);
		await queue.tick();
		await queue.tick();
		expect(await queue.statuses()).toEqual(['unknown', 'duplicate', 'unknown', 'duplicate']);
		const [unknown, duplicate, otherUnknown, other] = await queue.rows();
		for (const row of [unknown, otherUnknown]) await queue.edit(row, { status: 'not_sent' });
		await queue.tick();
		expect(await queue.statuses()).toEqual(['not_sent', 'duplicate', 'not_sent', 'duplicate']);
		for (const row of [duplicate, other]) await queue.edit(row, { status: 'waiting' });
		await queue.tick();
		// Where nobody has to approve, it is asked once whether that is meant.
		expect(await queue.statuses()).toEqual(['not_sent', 'performed', 'not_sent', 'to_look_at']);
		await queue.edit(other, { status: 'waiting' });
		await queue.tick();
		expect(await queue.statuses()).toEqual(['not_sent', 'performed', 'not_sent', 'performed']);
		expect(performed()).toEqual(['one', 'two']);
	});

	test('a row whose twin is being sent waits until it is known what became of that', async () => {
		const twin = { ...addTo(A, 'one'), key: 'leads:1' };
		const claimed = { claimed_by: '4711', claimed_at: new Date().toISOString() };
		await queue.add({ ...twin, ...claimed, status: 'sending' }, { ...twin, account_id: B });
		await queue.tick();
		const [first, second] = await queue.rows();
		expect(second).toMatchObject({
			status: 'waiting',
			result: `Waits for row ${first.id}, which is sending.`,
		});
		await queue.edit(first, { status: 'performed' });
		await anHourLater();
		await queue.tick();
		expect(await queue.statuses()).toEqual(['performed', 'duplicate']);
		expect(bench.sandbox.requestCount).toBe(0);
	});

	test('without approval, who was dropped and comes again is looked at first; sent if somebody says so', async () => {
		await queue.add(
			{ ...addTo(A, 'one'), key: 'greenhouse:1', status: 'not_sent' },
			{ ...addTo(A, 'one'), key: 'greenhouse:1' },
		);
		await queue.tick();
		const [dropped, again] = await queue.rows();
		expect(again.status).toBe('to_look_at');
		expect(again.result).toContain(`row ${dropped.id} `);
		expect(bench.sandbox.requestCount).toBe(0);
		await queue.edit(again, { status: 'waiting' });
		await queue.tick();
		expect(await queue.statuses()).toEqual(['not_sent', 'performed']);
		await queue.add({ ...addTo(A, 'one'), key: 'greenhouse:1', error_type: 'queue/dropped' });
		await queue.tick();
		expect(await queue.statuses()).toEqual(['not_sent', 'performed', 'duplicate']);
		expect(performed()).toEqual(['one']);
	});

	test('a row without a key that is deleted and written anew is another one, also where n8n gives it the same id', async () => {
		const move = { ...addTo(A, 'one'), operation: 'candidate.changeStage', key: '' };
		for (const stage of ['CONTACTED', 'REPLIED', 'CONTACTED']) {
			await queue.tables.delete(QUEUE);
			await queue.add({ ...move, stage });
			await queue.tick();
			expect(await queue.statuses()).toEqual(['performed']);
		}
		expect(bench.sandbox.performed.map(({ body }) => (body as { stage: string }).stage)).toEqual([
			...['CONTACTED', 'REPLIED', 'CONTACTED'],
		]);
	});

	test('a second move waits as long as the first one does, whatever keeps that', async () => {
		bench.sandbox.fail(
			{ kind: 'apiError', type: 'service_unavailable', status: 503 },
			{ userId: 'AEMAAone' },
		);
		await queue.add(
			{ ...addTo(A, 'one'), stage: 'CONTACTED' },
			{ ...addTo(A, 'one'), operation: 'candidate.changeStage', stage: 'REPLIED' },
			addTo(A, 'two'),
		);
		await queue.tick();
		await queue.tick();
		const [first, second] = await queue.rows();
		expect(await queue.statuses()).toEqual(['waiting', 'waiting', 'performed']);
		expect(second.result).toBe(`Waits for row ${first.id}, which is waiting.`);
		expect(second.not_before >= first.not_before).toBe(true);
		await anHourLater();
		await queue.tick();
		expect(await queue.statuses()).toEqual(Array(3).fill('performed'));
		const moves = bench.sandbox.performed.filter(({ userId }) => userId === 'AEMAAone');
		expect(moves.map(({ body }) => (body as { stage: string }).stage)).toEqual([
			'CONTACTED',
			'REPLIED',
		]);
	});

	test('a second move looks again each hour, however far the first one is put off', async () => {
		await queue.add(
			{ ...addTo(A, 'one'), not_before: '2062-01-01T00:00:00.000Z' },
			{ ...addTo(A, 'one'), operation: 'candidate.changeStage', stage: 'REPLIED' },
		);
		await queue.tick();
		const [, second] = await queue.rows();
		expect(second.status).toBe('waiting');
		expect(Date.parse(second.not_before)).toBeLessThanOrEqual(Date.now() + 3_600_000);
	});

	test('a row that a person sends in spite of a later change is sent, also if it has to wait once more', async () => {
		await queue.add(
			{ ...addTo(A, 'one'), key: 'ats 1 2026-11-01T09:00:00.000Z' },
			{ ...addTo(A, 'one'), key: 'ats 1 2026-11-01T10:00:00.000Z', status: 'to_look_at' },
		);
		await bench.sandbox.refuseConnections();
		await queue.tick();
		await bench.sandbox.acceptConnections();
		expect(await queue.statuses()).toEqual(['waiting', 'to_look_at']);
		await anHourLater();
		await queue.tick();
		expect(await queue.statuses()).toEqual(['performed', 'to_look_at']);
	});

	test('a later change that its intake has not read yet overtakes, as one does that comes now', async () => {
		await queue.add(
			{ ...addTo(A, 'one'), key: 'ats 1 2026-11-01T09:00:00.000Z' },
			{
				...addTo(A, 'one'),
				key: 'ats 1 2026-11-01T10:00:00.000Z',
				status: 'to_look_at',
				result: 'Not read yet: it has just arrived.',
			},
			{ ...addTo(B, 'two'), key: 'ats 2 2026-11-01T09:00:00.000Z', stage: 'NOWHERE' },
			{
				...addTo(B, 'two'),
				key: 'ats 2 2026-11-01T10:00:00.000Z',
				status: 'to_look_at',
				result: 'Not read yet: it has just arrived.',
			},
		);
		await bench.sandbox.refuseConnections();
		await queue.tick();
		await bench.sandbox.acceptConnections();
		const [one, , two] = await queue.rows();
		expect([one.status, two.status]).toEqual(['not_sent', 'not_sent']);
		expect(one.result).toMatch(/later change of this person has come meanwhile: row \d+\./);
	});

	test('a second move of somebody has a key of its own, and is sent after the first', async () => {
		await queue.add(
			{ ...addTo(A, 'one'), stage: 'CONTACTED' },
			{ ...addTo(A, 'one'), operation: 'candidate.changeStage', stage: 'REPLIED' },
		);
		await queue.tick();
		expect((await queue.rows()).map(({ status, result }) => [status, result])).toEqual([
			['performed', 'Done.'],
			['performed', 'Done.'],
		]);
		expect(bench.sandbox.performed.map(({ body }) => (body as { stage: string }).stage)).toEqual([
			'CONTACTED',
			'REPLIED',
		]);
	});
});

describe('limits', () => {
	const left = async () => (await queue.accountOf(A)).left;

	test('of the day are kept to the person, over several runs; who was refused counts', async () => {
		await queue.account(A, { daily_limit: 3 });
		bench.sandbox.fail({ kind: 'apiError', type: 'invalid_recipient' }, { userId: 'AEMAAone' });
		await queue.add(...['one', 'two'].map((name) => addTo(A, name)));
		await queue.tick();
		expect(await left()).toBe(1);
		await queue.add(...['three', 'four', 'five'].map((name) => addTo(A, name)));
		await queue.tick();
		await queue.tick();
		expect(await queue.statuses()).toEqual([
			'refused',
			'performed',
			'performed',
			'waiting',
			'waiting',
		]);
		expect(await left()).toBe(0);
	});

	test('count who is looked up by public profile as two', async () => {
		await queue.account(A, { daily_limit: 5 });
		// One is one person, whatever that takes.
		await queue.account(B, { daily_limit: 1 });
		await queue.add(
			...['priya-raghunathan', 'mateo-fernandez-dev', 'tomasz-wisniewski'].map((slug) => ({
				...addTo(A, slug),
				person: `https://www.linkedin.com/in/${slug}`,
				stage: 'REPLIED',
			})),
			...['daniel-brandt', 'yuki-tanabe'].map((slug) => ({
				...addTo(B, slug),
				person: `https://www.linkedin.com/in/${slug}`,
				stage: 'REPLIED',
			})),
		);
		await queue.tick();
		expect(await queue.statuses()).toEqual([
			...['performed', 'performed', 'waiting'],
			...['performed', 'waiting'],
		]);
		expect(await left()).toBe(1);
	});

	test('count what was asked for: a failed look-up, /IN/ and a bare name too, each try of the same row', async () => {
		const person = (text: string) => ({ ...addTo(A, text), person: text, stage: 'REPLIED' });
		bench.sandbox.fail({ kind: 'raw', status: 500 }, { userId: 'one', times: 'always' });
		await queue.add(person('https://www.linkedin.com/in/one'));
		await queue.tick();
		expect(await left()).toBe(999);
		await anHourLater();
		await queue.tick();
		expect(await left()).toBe(998);
		expect(bench.sandbox.requestCount).toBe(2);
		await queue.edit((await queue.rows())[0], { status: 'not_sent' });
		await queue.add(
			person('https://www.linkedin.com/IN/priya-raghunathan'),
			person('mateo-fernandez-dev'),
			person('https://www.linkedin.com/in/nobody-at-all'),
		);
		await queue.tick();
		expect(await queue.statuses()).toEqual(['not_sent', 'performed', 'performed', 'refused']);
		expect(bench.sandbox.requestCount).toBe(7);
		expect(await left()).toBe(993);
		// The next run counts the same from the table.
		await queue.tick();
		expect(await left()).toBe(993);
	});

	test('of 0, a pause, other hours or days, an account that is not there: nothing is sent', async () => {
		const now = new Date();
		const today = new Intl.DateTimeFormat('en', {
			weekday: 'short',
			timeZone: 'Europe/Berlin',
		}).format(now);
		const otherDays = 'Mon Tue Wed Thu Fri Sat Sun'.replace(today, '');
		await queue.account(A, { daily_limit: 0 });
		await queue.account(B, { paused: 'On holiday' });
		await queue.account('acc_hours', { from: '00:00', to: '00:00' });
		await queue.account('acc_days', { days: otherDays });
		await queue.add(
			...[A, B, 'acc_hours', 'acc_days', 'acc_gone'].map((account) => addTo(account, account)),
		);
		await queue.tick();
		expect(bench.sandbox.requestCount).toBe(0);
		expect(await queue.statuses()).toEqual(Array(5).fill('waiting'));
		expect(await queue.accountOf(B)).toMatchObject({ paused: 'On holiday', lease_by: '' });
	});

	test('a pause that a person writes while somebody is sent: it stands, and stops after that person', async () => {
		bench.sandbox.fail({ kind: 'latency', ms: 1500 }, { userId: 'AEMAAone' });
		await queue.add(addTo(A, 'one'), addTo(A, 'two'));
		const run = queue.tick();
		await eventually(() => expect(bench.sandbox.requestCount).toBe(1));
		await queue.tables.update(ACCOUNTS, { account_id: A }, { paused: 'Stop' });
		expect((await run).status).toBe('success');
		expect(await queue.statuses()).toEqual(['performed', 'waiting']);
		expect(await queue.accountOf(A)).toMatchObject({ paused: 'Stop', lease_by: '' });
	});

	test('of an account in two rows cannot be told: it is paused, and its people wait', async () => {
		await queue.account('acc_twice', { paused: 'Restricted' });
		await queue.tables.update(ACCOUNTS, { account_id: 'acc_twice' }, { account_id: A });
		await queue.add(addTo(A, 'one'), addTo(B, 'two'));
		await queue.tick();
		expect(await queue.statuses()).toEqual(['waiting', 'performed']);
		const rows = await queue.tables.rows<AccountRow>(ACCOUNTS);
		const paused = rows.filter(({ account_id }) => account_id === A).map((row) => row.paused);
		expect(paused).toEqual([expect.stringContaining('two rows'), 'Restricted']);

		await queue.tables.delete(ACCOUNTS, { name: 'acc_twice' });
		await queue.account(A, { paused: '' });
		await queue.tick();
		expect(await queue.statuses()).toEqual(['performed', 'performed']);
	});

	test.each([
		['Accounts', ['What is wrong']],
		['At work now, and free', ['Lease']],
		['Lease', ['Sent in 24 hours', 'Left today']],
	])(
		'a pause that a person writes after "%s": it stands, and nobody is sent',
		async (last, next) => {
			const workflow = readQueue('queue.json', { baseUrl: bench.sandbox.url, pause: 0 });
			workflow.nodes.push(
				node(
					'Somebody pauses it',
					'n8n-nodes-base.dataTable',
					{
						operation: 'update',
						dataTableId: { __rl: true, mode: 'name', value: ACCOUNTS },
						filters: { conditions: [{ keyName: 'account_id', condition: 'eq', keyValue: A }] },
						columns: { mappingMode: 'defineBelow', value: { paused: 'Stop' } },
					},
					{ typeVersion: 1.1 },
				),
			);
			// n8n takes the upper one first.
			const names = ['Somebody pauses it', ...next];
			workflow.connections[last] = {
				main: [names.map((name) => ({ node: name, type: 'main', index: 0 }))],
			};
			const { id } = await bench.rest.createWorkflow(withCredentials(workflow, [bench.credential]));
			await queue.add(addTo(A, 'one'));
			const { status } = await runFrom(bench.rest, id, TICK);
			expect(status).toBe('success');
			expect(await queue.accountOf(A)).toMatchObject({ paused: 'Stop', lease_by: '' });
			expect(bench.sandbox.requestCount).toBe(0);
		},
	);

	test('of a row that cannot be read: it is said so, also where the row would wait for another one', async () => {
		await queue.add(addTo(A, 'one'), { ...addTo(A, 'one'), not_before: '2 Dec' });
		await queue.tick();
		const [, second] = await queue.rows();
		expect([second.status, second.result]).toEqual([
			'to_look_at',
			expect.stringContaining('"2 Dec" in not_before cannot be read'),
		]);
	});

	test('of a row: it is not sent before its time, and does not keep others waiting', async () => {
		await queue.add(
			{ ...addTo(A, 'later'), not_before: new Date(Date.now() + 3_600_000).toISOString() },
			addTo(A, 'now'),
		);
		await queue.tick();
		expect(await queue.statuses()).toEqual(['waiting', 'performed']);
	});
});

test('rows that a person writes with little in them: sent if they can be, told if not, and nobody else waits', async () => {
	await queue.tables.insert(ACCOUNTS, [
		{
			account_id: 'acc_bare',
			daily_limit: 5,
			from: '0:00',
			to: '24:00',
			days: 'mon,tue,wed,thu,fri,sat,sun',
		},
	]);
	await queue.tables.insert(QUEUE, [
		{ status: 'waiting', account_id: A },
		{ status: 'waiting', account_id: A, operation: 'candidate.addToPipeline' },
		{ status: 'waiting', account_id: A, operation: 'duplicate', person: recruiter('y') },
		{ status: 'waiting', account_id: A, operation: 'constructor', person: recruiter('z') },
		{
			status: 'waiting',
			account_id: A,
			operation: 'applicant.reject',
			person: recruiter('x'),
			project: '1',
			reason: 'dunno',
		},
	]);
	await queue.tables.insert(QUEUE, [
		{
			status: 'waiting',
			account_id: A,
			operation: 'candidate.addToPipeline',
			person: recruiter('bare'),
			project: '1483848495',
			stage: 'contacted',
		},
	]);
	await queue.add(addTo(B, 'other'), addTo(A, 'good'), addTo('acc_bare', 'bareaccount'), {
		account_id: B,
		operation: 'lead.save',
		person: 'https://www.linkedin.com/sales/lead/ACwAAbare',
	});
	const mistyped = { ...addTo(A, 'twice'), status: 'Waiting' as Status };
	await queue.tables.insert(QUEUE, [{ account_id: A, person: recruiter('twice') }]);
	await queue.add(mistyped, { ...addTo(A, 'twice'), operation: 'candidate.changeStage' });
	const times = ['tomorrow', '2 Dec', '26.11.2026 09:00', '2026/12/24', '2999-99-99'];
	await queue.add(...times.map((not_before) => ({ ...addTo(A, not_before), not_before })));
	expect((await queue.tick()).status).toBe('success');
	expect((await queue.rows()).map(({ status }) => status)).toEqual([
		...Array<string>(5).fill('to_look_at'),
		...Array<string>(5).fill('performed'),
		...['to_look_at', 'to_look_at', 'performed'],
		...Array<string>(times.length).fill('to_look_at'),
	]);
	const [operation, person, duplicate, constructor, reason, ...others] = await queue.rows();
	for (const [index, time] of times.entries())
		expect(others[index + 8].result).toContain(`"${time}"`);
	for (const { result } of others.slice(5, 7))
		expect(result).toMatch(/status .* none of the queue/);
	for (const { result } of [operation, duplicate, constructor])
		expect(result).toMatch(/no operation/);
	expect(person.result).toMatch(/User/);
	expect(reason.result).toMatch(/Reason/);
	for (const { result } of [operation, person, reason, ...others.slice(5, 7), ...others.slice(8)])
		expect(result).toMatch(/choose "Send as it stands now" or "Drop" on the page\.$/);
});

describe('what a crash leaves', () => {
	const sending = (account: string, minutes: number) => ({
		...addTo(account, `${account}_${minutes}`),
		status: 'sending' as const,
		claimed_by: '4711',
		claimed_at: new Date(Date.now() - minutes * 60_000).toISOString(),
	});

	test('is unknown after a quarter of an hour, and not before', async () => {
		// This one was refused long ago, and is sent again.
		await queue.add({ ...sending(A, 16), done_at: '2020-01-01T00:00:00.000Z' }, sending(B, 14));
		await queue.add(addTo(A, 'other'));
		await queue.tick();
		expect(await queue.statuses()).toEqual(['unknown', 'sending', 'performed']);
		const [row] = await queue.rows();
		expect(row.done_at).toBe('');
		expect(row.result).toMatch(/^n8n ended .* Sending again is safe/);
		await queue.edit(row, { status: 'waiting' });
		await queue.tick();
		expect((await queue.rows())[0]).toMatchObject({ status: 'performed', result: 'Done.' });
		expect(performed()).toEqual(['other', `${A}_16`]);
	});

	test('keeps nobody else of the account from being sent, once the lease is over', async () => {
		await queue.add(addTo(A, 'one'));
		const lease = (until: number) =>
			queue.tables.update(
				ACCOUNTS,
				{ account_id: A },
				{ lease_by: '4711', lease_until: new Date(until).toISOString() },
			);
		await lease(Date.now() + 60_000);
		await queue.tick();
		expect(await queue.statuses()).toEqual(['waiting']);
		await lease(Date.now() - 1000);
		await queue.tick();
		expect(await queue.statuses()).toEqual(['performed']);
		// No lease is that long: a clock was wrong.
		await queue.add(addTo(A, 'two'));
		await lease(Date.now() + 30 * 24 * 3_600_000);
		await queue.tick();
		expect(await queue.statuses()).toEqual(['performed', 'performed']);
	});

	test('is unknown too where the account is paused, out of its hours or gone', async () => {
		await queue.account(A, { paused: 'On holiday' });
		await queue.account(B, { days: '' });
		await queue.add(sending(A, 16), sending(B, 16), sending('acc_gone', 16));
		await queue.tick();
		expect(await queue.statuses()).toEqual(Array(3).fill('unknown'));
		expect(bench.sandbox.requestCount).toBe(0);
	});
});

test('a row that is edited just before it is claimed waits, and is sent as it then stands', async () => {
	const edits: Record<string, Partial<QueueRow>> = {
		operation: { operation: 'candidate.changeStage' },
		account_id: { account_id: 'acc_other' },
		stage: { stage: 'REPLIED' },
	};
	const workflow = readQueue('queue.json', { baseUrl: bench.sandbox.url, pause: 0 });
	const edit = node(
		'Edit',
		'n8n-nodes-base.dataTable',
		{
			operation: 'update',
			dataTableId: { __rl: true, mode: 'name', value: QUEUE },
			filters: {
				conditions: [{ keyName: 'id', condition: 'eq', keyValue: '={{ $json.id }}' }],
			},
			columns: {
				mappingMode: 'defineBelow',
				value: Object.fromEntries(
					Object.entries(edits).map(([field, value]) => [
						field,
						`={{ $('Due').item.json.person_name === '${field}' ? '${Object.values(value)[0]}' : $('Due').item.json.${field} }}`,
					]),
				),
			},
		},
		{ typeVersion: 1.1 },
	);
	const before = 'One kind a round';
	workflow.connections.Edit = workflow.connections[before];
	workflow.connections[before] = { main: [[{ node: 'Edit', type: 'main', index: 0 }]] };
	workflow.nodes.push(edit);
	const { id } = await bench.rest.createWorkflow(withCredentials(workflow, [bench.credential]));

	await queue.account('acc_other');
	await queue.account('acc_third');
	await queue.add(addTo(A, 'operation'), addTo(B, 'account_id'), addTo('acc_third', 'stage'));
	const { status } = await runFrom(bench.rest, id, TICK);
	expect(status).toBe('success');
	expect(await queue.statuses()).toEqual(Array(3).fill('waiting'));
	expect(bench.sandbox.requestCount).toBe(0);

	await queue.tick();
	const sent = bench.sandbox.requests.map(({ userId, action, accountId, body }) => [
		...[userId, action, accountId, (body as { stage: string }).stage],
	]);
	expect(sent.sort()).toEqual([
		['AEMAAaccount_id', 'addCandidateToPipeline', 'acc_other', 'CONTACTED'],
		['AEMAAoperation', 'changeCandidatePipeline', A, 'CONTACTED'],
		['AEMAAstage', 'addCandidateToPipeline', 'acc_third', 'REPLIED'],
	]);
	await booksAgree();
});

test('runs that start together share the work: one request at a time for each account, nobody twice', async () => {
	const rows = Array.from({ length: 12 }, (_, index) => addTo(index % 2 ? A : B, `person${index}`));
	await queue.add(...rows);
	const ids = await Promise.all(
		Array.from({ length: 4 }, () => bench.rest.execute(queue.workflow.id, TICK)),
	);
	expect(ids).toHaveLength(4);
	await eventually(async () => {
		expect(await queue.statuses()).toEqual(Array(12).fill('performed'));
	}, 30_000);
	await booksAgree();
	expect(bench.sandbox.maxInFlight(A)).toBe(1);
	expect(bench.sandbox.maxInFlight(B)).toBe(1);
});
