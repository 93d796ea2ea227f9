import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from '../../harness/eventually';
import type { N8nProcess } from '../../harness/app/process';
import { ACCOUNTS, QUEUE, queueRow, TICK, WORDS, type QueueRow } from '../../harness/app/queue';
import { chain, node, webhook } from '../../harness/app/workflows';
import { people } from '../../sandbox';
import { GREENHOUSE_WORDS, moved, signed, withLinks } from './support/ats/greenhouse';
import { newClock } from './support/clock';
import { startCluster, type Cluster } from './support/cluster';
import { importWith, readExample } from './support/examples';
import { cryptoSecret, send } from './support/intake';
import { addTo, startQueue, type Queue } from './support/queueBench';

const ACCOUNT_IDS = ['acc_1', 'acc_2', 'acc_3', 'acc_4'];
const PEOPLE = 200;
/** People of each account in the test of limits, and how many of them a day may be sent. */
const LIMIT = 30;

/** The second worker's clock is a minute ahead. */
const ahead = newClock();

let cluster: Cluster;
let queue: Queue;

beforeAll(async () => {
	ahead.shift(60);
	cluster = await startCluster({ latencyMs: 20, second: ahead.env });
	queue = await startQueue(cluster, { every: 3 });
	await cluster.rest.publish(queue.workflow);
}, 240_000);

afterAll(() => cluster?.stop(), 60_000);

/** The people whom PostPress has served, in order. */
const performed = () => cluster.sandbox.performed.map(({ userId }) => userId.replace('AEMAA', ''));

const requestsFor = (name: string) =>
	cluster.sandbox.requests.filter(({ userId }) => userId === `AEMAA${name}`);

const workersBegan = (execution: string) =>
	cluster.workers.findIndex((worker) => cluster.startedBy(worker).includes(execution));

/** The worker that has taken a row. */
function workerOf({ claimed_by }: QueueRow): N8nProcess {
	const worker = cluster.workers[workersBegan(claimed_by)];
	if (!worker) throw new Error(`No worker has begun execution ${claimed_by}`);
	return worker;
}

test('two hundred people, some handed in twice: each once, one at a time for an account, within the limit', async () => {
	await queue.clear();
	for (const id of ACCOUNT_IDS) await queue.account(id, { daily_limit: LIMIT });
	const saved = await cluster.rest.createWorkflow(
		chain('Intake', [
			webhook('intake', { responseMode: 'onReceived' }),
			node('Row', 'n8n-nodes-base.splitOut', { fieldToSplitOut: 'body.rows' }),
			node(
				'Insert',
				'n8n-nodes-base.dataTable',
				{
					operation: 'insert',
					dataTableId: { __rl: true, mode: 'name', value: QUEUE },
					columns: { mappingMode: 'autoMapInputData', value: null },
				},
				{ typeVersion: 1.1 },
			),
		]),
	);
	await cluster.rest.publish(saved);

	const deliveries = Array.from({ length: PEOPLE }, (_, index) => {
		const name = `person${index}`;
		return queueRow({ key: `ats:${name}`, ...addTo(ACCOUNT_IDS[index % 4], name) });
	});
	const answers = await Promise.all(
		[...deliveries, ...deliveries.slice(0, PEOPLE / 5)].map(async (row) => {
			const response = await fetch(`${cluster.webhooks}/webhook/intake`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ rows: [row] }),
			});
			return response.status;
		}),
	);
	expect(answers.filter((status) => status !== 200)).toEqual([]);
	const byHand = cluster.rest.execute(queue.workflow.id, TICK);
	await eventually(async () => {
		expect(await queue.rows()).toHaveLength(PEOPLE + PEOPLE / 5);
		expect(performed()).toHaveLength(4 * LIMIT);
	}, 240_000);
	await byHand;
	await queue.tick();
	expect(performed()).toHaveLength(4 * LIMIT);
	for (const id of ACCOUNT_IDS) {
		expect(cluster.sandbox.performed.filter(({ accountId }) => accountId === id)).toHaveLength(
			LIMIT,
		);
		await queue.account(id);
	}

	const rows = await eventually(async () => {
		const all = await queue.rows();
		expect(all.filter(({ status }) => !/performed|duplicate/.test(status))).toEqual([]);
		return all;
	}, 240_000);
	expect(rows.filter(({ status }) => status === 'duplicate')).toHaveLength(PEOPLE / 5);
	expect(performed().sort()).toEqual(deliveries.map((_, index) => `person${index}`).sort());
	expect(cluster.sandbox.requestCount).toBe(PEOPLE);
	for (const id of ACCOUNT_IDS) expect(cluster.sandbox.maxInFlight(id)).toBe(1);
	expect(cluster.sandbox.lanesInFlight).toBeGreaterThan(1);
	// Who claims is chance: one run may have the lease of every account.
	for (const worker of cluster.workers) expect(cluster.startedBy(worker)).not.toEqual([]);
}, 600_000);

test('an intake, some of whose deliveries come twice at once: answered, read and sent once', async () => {
	await queue.clear();
	await queue.account('acc_1');
	await queue.tables.delete(WORDS);
	await queue.tables.insert(
		WORDS,
		GREENHOUSE_WORDS.map(([kind, word, means]) => ({ source: 'greenhouse', kind, word, means })),
	);
	const example = { ...readExample('greenhouse.json'), pinData: {} };
	const secret = cryptoSecret('Greenhouse secret key');
	await cluster.rest.publish(await importWith(cluster, example, [secret]));

	const known = people.slice(0, 8);
	// A stage that none of them is at.
	const current_stage = { id: 71417, name: 'Phone Interview' };
	const posts = known.map(({ slug }, index) => {
		const links = withLinks(`https://www.linkedin.com/in/${slug}`);
		return signed(moved({ id: 100 + index, current_stage, ...links }));
	});
	const url = `${cluster.webhooks}/webhook/postpress-greenhouse`;
	const answers = await Promise.all(
		[...posts, ...posts.slice(0, 2)].map(async (post) => (await send(url, post)).status),
	);
	expect(answers).toEqual(Array(10).fill(200));
	await eventually(async () => {
		expect((await queue.statuses()).sort()).toEqual([
			...Array<string>(2).fill('duplicate'),
			...Array<string>(8).fill('performed'),
		]);
	}, 240_000);
	const done = cluster.sandbox.performed.map(({ userId }) => userId);
	expect(done.sort()).toEqual(known.map(({ ids }) => ids.recruiter).sort());
}, 300_000);

test('a row that a person writes without a time does not wait behind one that is put off', async () => {
	await queue.clear();
	await queue.account('acc_1');
	await queue.add({ ...addTo('acc_1', 'later'), not_before: '2062-01-01T00:00:00.000Z' });
	const operation = 'candidate.addToPipeline';
	await queue.tables.insert(QUEUE, [{ status: 'waiting', operation, ...addTo('acc_1', 'byHand') }]);
	await queue.tick();
	expect(await queue.statuses()).toEqual(['waiting', 'performed']);
});

describe('a process is killed', () => {
	beforeEach(async () => {
		await queue.clear();
	});

	/** What follows a kill: the rows are in doubt, a person sends them again, the others were never touched. */
	async function recovers(before: string[], doubtful: string[]): Promise<void> {
		const firsts = (await queue.rows()).slice(0, doubtful.length);
		for (const row of firsts) {
			await queue.tables.update(
				ACCOUNTS,
				{ account_id: row.account_id },
				{ lease_until: '2026-01-01T00:00:00.000Z' },
			);
			await queue.edit(row, { claimed_at: '2026-01-01T00:00:00.000Z' });
		}
		await eventually(async () => {
			for (const [index, { status, result }] of (await queue.rows()).entries()) {
				if (index >= firsts.length) expect(status).toBe('performed');
				else expect([status, result]).toEqual(['unknown', expect.stringMatching(/^n8n ended/)]);
			}
		}, 120_000);
		const done = () =>
			cluster.sandbox.performed.map(({ userId }) => userId).filter((id) => doubtful.includes(id));
		expect(done()).toEqual(before);
		for (const row of firsts) await queue.edit(row, { status: 'waiting' });
		const rows = await eventually(async () => {
			const all = await queue.rows();
			expect(all.map(({ status }) => status)).toEqual(Array(all.length).fill('performed'));
			return all;
		}, 120_000);
		expect(rows.map(({ result }) => result)).toEqual(Array(rows.length).fill('Done.'));
		expect(done().sort()).toEqual([...doubtful].sort());
		expect(cluster.sandbox.performed).toHaveLength(rows.length);
		for (const id of doubtful) {
			const asked = cluster.sandbox.requests.filter(
				({ userId, action }) => action && userId === id,
			);
			expect(new Set(asked.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
		}
	}

	/** Rows of one account, the first of which stops at some point. */
	async function addThree(): Promise<void> {
		await queue.account('acc_1');
		await queue.add(addTo('acc_1', 'one'), addTo('acc_1', 'two'), addTo('acc_1', 'three'));
	}

	/** Kills whichever workers have taken the first rows, and starts as many. */
	async function killWorkersOf(count: number): Promise<void> {
		const rows = (await queue.rows()).slice(0, count);
		expect(rows.map(({ status }) => status)).toEqual(Array(count).fill('sending'));
		const workers = new Set(rows.map(workerOf));
		for (const worker of workers) await worker.kill();
		await Promise.all([...workers].map(() => cluster.startWorker()));
	}

	test('a worker, between claim and request for one account and between request and answer for another', async () => {
		// Who is known by the public profile is looked up first; there it stands still.
		const [, , priya] = people;
		const operation = 'getUserProfile';
		cluster.sandbox.fail({ kind: 'hang', when: 'before' }, { operation });
		cluster.sandbox.fail({ kind: 'hang', when: 'after' }, { userId: 'AEMAAone' });
		const paused = 'Until the rows are there';
		for (const id of ['acc_1', 'acc_2']) await queue.account(id, { paused });
		await queue.add(
			{ ...addTo('acc_1', 'priya'), person: `https://www.linkedin.com/in/${priya.slug}` },
			addTo('acc_2', 'one'),
			...['two', 'three'].flatMap((name) => [
				addTo('acc_1', `${name}1`),
				addTo('acc_2', `${name}2`),
			]),
		);
		// At once, so that one run sends both.
		await queue.tables.update(ACCOUNTS, { paused }, { paused: '' });
		await eventually(() => {
			expect(cluster.sandbox.requests.filter((one) => one.operation === operation)).toHaveLength(1);
			expect(performed()).toEqual(['one']);
		}, 120_000);
		await killWorkersOf(2);
		await recovers(['AEMAAone'], [`${priya.ids.recruiter}`, 'AEMAAone']);
	}, 300_000);

	test("a worker, between the answer and the row's update", async () => {
		cluster.sandbox.fail({ kind: 'latency', ms: 2000 }, { userId: 'AEMAAone' });
		await addThree();
		await eventually(() => expect(requestsFor('one')).toHaveLength(1), 120_000);
		const table = cluster.query(`SELECT id FROM data_table WHERE name = '${QUEUE}'`);
		const lock = spawn(
			'psql',
			[
				'-h',
				'127.0.0.1',
				'-p',
				`${cluster.database}`,
				'-U',
				'postgres',
				'-c',
				`BEGIN; LOCK TABLE "data_table_user_${table}" IN EXCLUSIVE MODE; SELECT pg_sleep(600)`,
			],
			{ stdio: 'ignore' },
		);
		await eventually(() => {
			expect(requestsFor('one')[0].answered).toBe(200);
			expect(
				cluster.query(
					"SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'RowExclusiveLock'",
				),
			).not.toBe('0');
		}, 30_000);
		await killWorkersOf(1);
		lock.kill('SIGKILL');
		await once(lock, 'exit');
		cluster.query(
			"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' AND pid <> pg_backend_pid()",
		);
		await recovers(['AEMAAone'], ['AEMAAone']);
	}, 300_000);

	test('the main process: what the workers have begun goes on, the rest when it is back', async () => {
		cluster.sandbox.fail({ kind: 'latency', ms: 2000 }, { userId: 'AEMAAone' });
		await addThree();
		await eventually(() => expect(requestsFor('one')).toHaveLength(1), 120_000);
		await cluster.main.kill();
		await cluster.restartMain();
		await eventually(async () => {
			expect(await queue.statuses()).toEqual(['performed', 'performed', 'performed']);
		}, 120_000);
		expect(performed().sort()).toEqual(['one', 'three', 'two']);
	}, 300_000);
});

test('a lease that runs out during a long request: the late answer stands, and nobody is sent twice', async () => {
	await queue.clear();
	cluster.sandbox.fail({ kind: 'latency', ms: 2500 }, { userId: 'AEMAAone' });
	await queue.account('acc_1');
	await queue.add(addTo('acc_1', 'one'), addTo('acc_1', 'two'), addTo('acc_1', 'three'));
	await eventually(() => expect(requestsFor('one')).toHaveLength(1), 120_000);
	await queue.tables.update(
		ACCOUNTS,
		{ account_id: 'acc_1' },
		{ lease_until: '2026-01-01T00:00:00.000Z' },
	);
	await eventually(async () => {
		expect(await queue.statuses()).toEqual(['performed', 'performed', 'performed']);
	}, 120_000);
	expect(performed().sort()).toEqual(['one', 'three', 'two']);
	expect(cluster.sandbox.requestCount).toBe(3);
}, 240_000);
