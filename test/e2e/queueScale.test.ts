import { startBench, type Bench } from './support/bench';
import { addTo, startQueue, type Queue } from './support/queueBench';
import { QUEUE, queueRow } from '../../harness/app/queue';

/** Rows that were done long ago. */
const DONE = 10_000;

let bench: Bench;
let queue: Queue;

beforeAll(async () => {
	bench = await startBench({ sandbox: { latencyMs: 300 } });
	queue = await startQueue(bench, { pause: 3 });
}, 180_000);

afterAll(() => bench?.stop());

beforeEach(() => queue.clear());

const ACCOUNT_IDS = Array.from({ length: 20 }, (_, index) => `acc_${index + 1}`);
const PEOPLE = ['one', 'two', 'three', 'four', 'five'];

async function send(accounts: string[]): Promise<void> {
	for (const id of accounts) await queue.account(id);
	await queue.add(...accounts.flatMap((id) => PEOPLE.map((name) => addTo(id, `${id}${name}`))));
	await queue.tick();
	expect(bench.sandbox.performed).toHaveLength(accounts.length * PEOPLE.length);
}

// The durations of the next two tests, beside each other, are the figures of docs/scale.md.
test('one account with five people', async () => {
	await send(ACCOUNT_IDS.slice(0, 1));
}, 120_000);

test('twenty accounts with five people each go side by side, in as many rounds as one', async () => {
	await send(ACCOUNT_IDS);
	const order = bench.sandbox.requests.map(({ accountId }) => accountId);
	for (let round = 0; round < PEOPLE.length; round++) {
		const acting = order.slice(round * ACCOUNT_IDS.length, (round + 1) * ACCOUNT_IDS.length);
		expect(acting.sort()).toEqual([...ACCOUNT_IDS].sort());
	}
	expect(bench.sandbox.lanesInFlight).toBe(ACCOUNT_IDS.length);
}, 180_000);

describe('a run over a table of ten thousand rows that are done', () => {
	/** How many rows each node of a run read or wrote. */
	async function sizes(): Promise<Record<string, number>> {
		await queue.account('acc_1');
		await queue.add(...PEOPLE.slice(0, 2).map((name) => addTo('acc_1', name)));
		const run = await queue.tick();
		const done = (await queue.statuses()).filter((status) => status !== 'performed');
		expect(done).toEqual([]);
		return Object.fromEntries(run.nodes.map((name) => [name, run.output(name).length]));
	}
	let before: Record<string, number>;

	test('in an empty table, to compare with', async () => {
		before = await sizes();
	}, 60_000);

	test('it takes up no more rows than in an empty one', async () => {
		const long = '2026-01-01T09:00:00.000Z';
		const rows = Array.from({ length: DONE }, (_, index) =>
			queueRow({
				key: `old:${index}`,
				...addTo('acc_1', `old${index}`),
				status: 'performed',
				result: 'Done.',
				claimed_at: long,
				done_at: long,
			}),
		);
		await queue.tables.insert(QUEUE, rows);
		expect(await sizes()).toEqual(before);
	}, 120_000);
});
