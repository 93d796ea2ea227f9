import { runInThisContext } from 'node:vm';

import { n8nClock, startEngine, type Engine } from '../../harness/engine';

const clock = n8nClock();
let engine: Engine;

beforeAll(async () => {
	engine = await startEngine({ expressionEngine: 'legacy' });
});
afterEach(() => clock.release());
afterAll(async () => await engine.stop());

/** Waits as the node does, and notes when it is over. */
function waiting(...delays: number[]) {
	const over: number[] = [];
	const { sleep } = engine.n8n.workflow;
	const all = Promise.all(
		delays.map(async (delay) => await sleep(delay).then(() => over.push(delay))),
	);
	return { over, all };
}

const DAY = 86_400_000;

test('a held clock stands still, and waits do not end', async () => {
	clock.hold();
	expect(clock.isHeld).toBe(true);
	const { over } = waiting(1, 20);
	expect(clock.pending).toEqual([1, 20]);
	expect(clock.begun).toEqual([1, 20]);
	await new Promise((resolve) => setTimeout(resolve, 50));
	expect(over).toEqual([]);
	expect(clock.now()).toBe(clock.heldAt);
});

test('waits that are short enough end at once', async () => {
	clock.hold(100);
	const { over, all } = waiting(100);
	await all;
	expect(over).toEqual([100]);
	expect(clock.now()).toBe(clock.heldAt);
});

test('skips to the end of the shortest wait', async () => {
	clock.hold();
	const { over } = waiting(2 * DAY, DAY);
	clock.skip();
	await Promise.resolve();
	expect(clock.now() - clock.heldAt).toBe(DAY);
	expect(clock.pending).toEqual([DAY]);
	await clock.advance(0);
	expect(over).toEqual([DAY]);
});

test('moves on, from wait to wait, with what follows from each', async () => {
	clock.hold();
	const { sleep } = engine.n8n.workflow;
	const times: number[] = [];
	const note = () => times.push(clock.now() - clock.heldAt);
	const chain = sleep(1000)
		.then(note)
		.then(async () => await sleep(500))
		.then(note);
	void sleep(1200).then(note);
	await clock.advance(1600);
	await chain;
	expect(times).toEqual([1000, 1200, 1500]);
	expect(clock.now() - clock.heldAt).toBe(1600);
});

test('moves until some work is over, and gives its result or its error', async () => {
	clock.hold();
	const { sleep } = engine.n8n.workflow;
	const work = async () => {
		for (let times = 0; times < 24; times++) await sleep(DAY / 24);
		return 'done';
	};
	expect(await clock.moving(work())).toBe('done');
	expect(clock.now() - clock.heldAt).toBe(DAY);
	await expect(clock.moving(sleep(5).then(() => Promise.reject(new Error('no'))))).rejects.toThrow(
		'no',
	);
});

test('a deadline is nothing to wait for: only the time itself reaches it', async () => {
	clock.hold();
	const realm = runInThisContext('globalThis') as typeof globalThis;
	const signal = realm.AbortSignal.timeout(1000);
	clock.skip();
	expect(clock.now()).toBe(clock.heldAt);
	await clock.advance(999);
	expect(signal.aborted).toBe(false);
	await clock.advance(1);
	expect(signal.aborted).toBe(true);
});

test('a released clock is the machine’s, and every wait is over', async () => {
	clock.hold();
	const { over, all } = waiting(DAY);
	await clock.advance(1000);
	clock.release();
	await all;
	expect(over).toEqual([DAY]);
	expect(clock.isHeld).toBe(false);
	expect(Math.abs(clock.now() - Date.now())).toBeLessThan(60_000);
});
