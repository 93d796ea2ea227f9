import { startBench, type Bench } from './support/bench';
import { newClock } from './support/clock';
import { addTo, startQueue, type Queue } from './support/queueBench';

const A = 'acc_a';

const clock = newClock();
let bench: Bench;
let queue: Queue;
/** Called when PostPress has answered. */
let onAnswered = () => {};

beforeAll(async () => {
	bench = await startBench({ env: clock.env, sandbox: { onAnswered: () => onAnswered() } });
	queue = await startQueue(bench);
}, 180_000);

afterAll(() => bench?.stop());

let people = 0;

/** How many people of an account, of as many as there may be, are sent in a run that starts at this time in Berlin. */
async function sentAt(moment: string, waiting = 1): Promise<number> {
	clock.set(moment);
	await bench.rest.signIn();
	const before = bench.sandbox.performed.length;
	const due = { not_before: '2026-01-01T00:00:00.000Z' };
	const fresh = Array.from({ length: waiting }, () => ({ ...addTo(A, `one${++people}`), ...due }));
	await queue.add(...fresh);
	expect((await queue.tick()).status).toBe('success');
	return bench.sandbox.performed.length - before;
}

beforeEach(async () => {
	onAnswered = () => {};
	clock.shift(0);
	await bench.rest.signIn();
	await queue.clear();
});

test('sends in the hours and on the days of the account, in the time zone of the workflow', async () => {
	await queue.account(A, {
		days: ' Mon, Tues,wed  thursday Fri,',
		...{ from: '8:00', to: '18:00' },
	});
	expect(await sentAt('2027-03-15T07:59:30+01:00')).toBe(0); // Monday
	expect(await sentAt('2027-03-15T08:00:00+01:00')).toBe(2);
	expect(await sentAt('2027-03-19T17:59:00+01:00')).toBe(1); // Friday
	expect(await sentAt('2027-03-19T18:00:00+01:00')).toBe(0);
	expect(await sentAt('2027-03-20T12:00:00+01:00')).toBe(0);
	expect(await sentAt('2027-03-22T12:00:00+01:00')).toBe(3);
}, 60_000);

test('keeps its hours when the clocks change', async () => {
	await queue.account(A, { ...{ from: '08:00', to: '18:00' } });
	expect(await sentAt('2027-03-27T06:30:00Z')).toBe(0); // 07:30 in winter
	expect(await sentAt('2027-03-28T06:30:00Z')).toBe(2); // 08:30 in summer
	expect(await sentAt('2027-03-28T16:30:00Z')).toBe(0);
	expect(await sentAt('2027-10-31T06:30:00Z')).toBe(0); // 07:30 in winter again
	expect(await sentAt('2027-10-31T07:30:00Z')).toBe(3);
}, 60_000);

test('takes hours as people write them, and stops in the middle of a run when they end', async () => {
	await queue.account(A, { ...{ from: '8:00', to: '9:00' } });
	onAnswered = () => clock.set('2027-03-15T09:00:01+01:00');
	expect(await sentAt('2027-03-15T08:59:30+01:00', 2)).toBe(1);
	onAnswered = () => {};
	expect(await sentAt('2027-03-15T10:00:00+01:00')).toBe(0);
	expect(await sentAt('2027-03-15T19:00:00+01:00')).toBe(0);
}, 60_000);

test('works over midnight', async () => {
	await queue.account(A, { ...{ from: '22:00', to: '6:00' } });
	expect(await sentAt('2027-03-15T21:59:00+01:00')).toBe(0);
	expect(await sentAt('2027-03-15T22:00:00+01:00')).toBe(2);
	expect(await sentAt('2027-03-16T05:59:00+01:00')).toBe(1);
	expect(await sentAt('2027-03-16T06:00:00+01:00')).toBe(0);
	expect(await sentAt('2027-03-16T12:00:00+01:00')).toBe(0);
}, 60_000);

test('hours, days and a limit that cannot be read pause the account, and it says so', async () => {
	const cases: Array<[more: object, says: string]> = [
		...['9 am', '9', '25:00', '', '18:00'].map((from): [object, string] => [
			{ from, to: '18:00' },
			`"${from}"`,
		]),
		[{ from: '8:00', to: '08:00' }, '"8:00"'],
		...['Mon-Fri', 'Monday to Friday', 'MonTue', ''].map((days): [object, string] => [
			{ days },
			`"${days}"`,
		]),
		[{ daily_limit: null }, 'daily_limit'],
	];
	for (const [index, [more]] of cases.entries()) {
		await queue.account(`acc_${index}`, more);
		await queue.add({
			...addTo(`acc_${index}`, `one${++people}`),
			not_before: '2026-01-01T00:00:00.000Z',
		});
	}
	await queue.account(A);
	expect(await sentAt('2027-03-15T12:00:00+01:00')).toBe(1); // Monday
	for (const [index, [, says]] of cases.entries()) {
		const { paused, lease_by } = await queue.accountOf(`acc_${index}`);
		expect(paused).toContain(says);
		expect(paused).toMatch(/[Tt]hen empty "paused" in postpress_accounts\.$/);
		expect(lease_by).toBe('');
	}
});

test('counts the limit over 24 hours, not from midnight to midnight', async () => {
	await queue.account(A, { daily_limit: 3 });
	expect(await sentAt('2027-03-15T23:00:00+01:00', 2)).toBe(2);
	expect(await sentAt('2027-03-16T00:30:00+01:00', 2)).toBe(1);
	expect(await sentAt('2027-03-16T22:58:00+01:00', 2)).toBe(0);
	expect(await sentAt('2027-03-16T23:01:00+01:00', 2)).toBe(2);
	expect(await sentAt('2027-03-17T00:31:00+01:00', 2)).toBe(1);
}, 60_000);

test('takes what a round has taken off the pause, so that many accounts take as long as one', async () => {
	const seconds = 60;
	const slow = await startQueue(bench, { pause: seconds });
	await slow.account(A);
	await slow.add(...['one', 'two', 'three', 'four', 'five'].map((name) => addTo(A, name)));
	let ahead = 0;
	// By n8n's clock each round takes as long as the pause. A pause on top of it would be one that is waited for.
	onAnswered = () => clock.shift((ahead += seconds));
	expect((await slow.tick()).status).toBe('success');
	expect(await slow.statuses()).toEqual(Array(5).fill('performed'));
}, 120_000);

test('makes no pause after a round that asked PostPress for nothing', async () => {
	const slow = await startQueue(bench, { pause: 60 });
	await slow.account(A);
	const same = { ...addTo(A, 'one'), key: 'leads:1' };
	// With a pause after each of them this would not end in time.
	await slow.add({ ...same, status: 'performed' }, same, same, same);
	expect((await slow.tick()).status).toBe('success');
	expect(await slow.statuses()).toEqual(['performed', ...Array<string>(3).fill('duplicate')]);
}, 120_000);
