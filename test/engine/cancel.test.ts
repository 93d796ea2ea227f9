import type { OnError } from 'n8n-workflow';

import type { Fault } from '../../sandbox';
import {
	failed,
	NODES,
	performed,
	type Execution,
	type NodeEvent,
	type RunResult,
} from '../../harness/engine';
import {
	answersRead,
	errorsOf,
	fates,
	gapsOf,
	people,
	startDelivery,
	until,
	usersOf,
	type Settings,
} from './support/delivery';

// What is sent too late is seen by a later test: each test has an account of its own, and the last
// one looks at all of them when every wait is over.
const delivery = startDelivery({ afresh: false });

// No wait ends by itself: an execution that ends after its stop has not waited for one.
const { clock } = delivery;
beforeEach(() => clock.hold());

const everyMode: OnError[] = ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'];

/** Longer, at the least that chance makes of them, than n8n's own waits. */
const longPause = { delayBetweenRequests: 2.2 };
const longRetryWait = { retryWait: 1.5 };

/** Of a request, in milliseconds: longer than any test. */
const timeout = 20_000;

const refusal: Fault = { kind: 'apiError', type: 'unprocessable_entity' };
const unavailable: Fault = { kind: 'apiError', type: 'service_unavailable' };

/** How many requests each account had sent when its execution was stopped. */
const sent = new Map<string, number>();

const requestsOf = (account: string) =>
	delivery.sandbox.requests.filter(({ accountId }) => accountId === account);

let accounts = 0;
const newAccount = () => `acc_${++accounts}`;

/** People of an account; all of them different from those of other tests. */
const peopleOf = (account: string, count = 4) =>
	people(count, account).map(({ user }) => ({ account, user: `${user}_${account}` }));

/** Starts an execution; it has come to the node when this resolves. */
async function startNode(settings: Settings): Promise<Execution> {
	let started = false;
	const onNode = ({ node }: NodeEvent) => (started ||= node === NODES.node);
	const execution = delivery.start(settings, { onNode });
	await until(() => started, 'n8n came to the node');
	await answersRead(delivery.sandbox);
	return execution;
}

/**
 * Starts an execution, stops it when `moment` has come, and waits for its end.
 *
 * @param wait what may be waited for after the stop, in milliseconds: n8n's own wait between two tries
 */
async function stopAt(
	moment: () => Promise<void>,
	account: string,
	settings: Settings,
	wait = 0,
): Promise<RunResult> {
	const execution = await startNode({ items: peopleOf(account), ...settings });
	let over = false;
	const finished = execution.finished.finally(() => (over = true));
	await moment();
	expect(over).toBe(false);
	sent.set(account, requestsOf(account).length);
	execution.cancel();
	clock.hold(wait);
	const result = await finished;
	expect(result.status).toBe('canceled');
	expect(requestsOf(account)).toHaveLength(sent.get(account)!);
	expect(result.runData[NODES.performed]).toBeUndefined();
	return result;
}

const answered = (account: string) => async () => {
	await until(() => requestsOf(account)[0]?.answered !== undefined, 'the first answer');
	await answersRead(delivery.sandbox);
};

const arrived = (account: string) => async () =>
	await until(() => requestsOf(account).length > 0, 'the first request');

describe.each(everyMode)('in mode %s', (onError) => {
	test('during a pause', async () => {
		const account = newAccount();
		const settings = { onError, options: longPause };
		const result = await stopAt(answered(account), account, settings);
		expect(sent.get(account)).toBe(1);
		expect(fates(result)).toEqual(['performed', 'not_sent', 'not_sent', 'not_sent']);
		expect(errorsOf(result)).toMatchObject(Array(3).fill({ type: 'client/not_sent', attempts: 0 }));
	});

	test('during a retry wait, after a refusal', async () => {
		const account = newAccount();
		delivery.sandbox.fail(unavailable, { accountId: account, times: 'always' });
		const settings = { onError, options: longRetryWait };
		const result = await stopAt(answered(account), account, settings);
		expect(fates(result)).toEqual(['refused', 'not_sent', 'not_sent', 'not_sent']);
		expect(errorsOf(result)[0]).toMatchObject({
			type: 'errors/service_unavailable',
			status: 503,
			attempts: 1,
		});
	});

	test('during a retry wait, after a lost answer', async () => {
		const account = newAccount();
		delivery.sandbox.fail({ kind: 'drop', when: 'after' }, { accountId: account });
		const settings = { onError, options: longRetryWait };
		const result = await stopAt(answered(account), account, settings);
		expect(fates(result)).toEqual(['unknown', 'not_sent', 'not_sent', 'not_sent']);
		expect(errorsOf(result)[0]).toMatchObject({ type: 'client/network', attempts: 1 });
	});

	test('during a request', async () => {
		const account = newAccount();
		delivery.sandbox.fail({ kind: 'hang', when: 'after' }, { accountId: account });
		const result = await stopAt(arrived(account), account, {
			onError,
			requestOptions: { timeout },
		});
		expect(fates(result)).toEqual(['unknown', 'not_sent', 'not_sent', 'not_sent']);
		expect(errorsOf(result)[0]).toMatchObject({ attempts: 1 });
		expect(errorsOf(result)[0].type).toMatch(/^client\//);
	});

	test('while another execution holds the lane', async () => {
		const account = newAccount();
		delivery.sandbox.fail({ kind: 'hang', when: 'before' }, { accountId: account });
		const [holder, ...items] = peopleOf(account);
		const holding = delivery.start({ items: [holder], requestOptions: { timeout } });
		await arrived(account)();
		const result = await stopAt(async () => {}, account, { onError, items });
		expect(fates(result)).toEqual(['not_sent', 'not_sent', 'not_sent']);
		holding.cancel();
		await holding.finished;
		expect(usersOf(requestsOf(account))).toEqual([holder.user]);
	});
});

describe('the lane', () => {
	test('has one request in flight, though another was cut off', async () => {
		const account = newAccount();
		delivery.sandbox.fail({ kind: 'hang', when: 'before' }, { accountId: account });
		const [first, second] = peopleOf(account);
		await stopAt(arrived(account), account, { items: [first], requestOptions: { timeout } });
		const next = await delivery.run({ items: [second] });
		expect(next.status).toBe('success');
		sent.set(account, 2);
		expect(delivery.sandbox.maxInFlight(account)).toBe(1);
		expect(usersOf(requestsOf(account))).toEqual([first.user, second.user]);
	});

	test('keeps its pause for the next execution', async () => {
		const account = newAccount();
		const [first, second, third] = peopleOf(account);
		const options = { delayBetweenRequests: 0.8 };
		await stopAt(answered(account), account, { items: [first, second], options });
		await clock.moving(delivery.run({ items: [third], options }));
		sent.set(account, 2);
		const [gap] = gapsOf(requestsOf(account));
		expect(gap).toBeGreaterThanOrEqual(400);
	});

	test('is free for an execution that waits behind the stopped one', async () => {
		const account = newAccount();
		delivery.sandbox.fail({ kind: 'hang', when: 'before' }, { accountId: account });
		const [holder, stopped, next] = peopleOf(account);
		const holding = delivery.start({ items: [holder], requestOptions: { timeout } });
		await arrived(account)();
		const stoppable = await startNode({ items: [stopped] });
		const waiting = await startNode({ items: [next] });
		stoppable.cancel();
		expect((await stoppable.finished).status).toBe('canceled');
		expect(requestsOf(account)).toHaveLength(1);
		holding.cancel();
		expect((await waiting.finished).status).toBe('success');
		sent.set(account, 2);
		expect(usersOf(requestsOf(account))).toEqual([holder.user, next.user]);
	});
});

describe("with n8n's Retry On Fail", () => {
	const waitBetweenTries = 100;
	const retryOnFail = { retryOnFail: true, maxTries: 3, waitBetweenTries };

	describe.each(everyMode)('in mode %s', (onError) => {
		test('during a pause', async () => {
			const account = newAccount();
			const settings = { onError, options: longPause, ...retryOnFail };
			const result = await stopAt(answered(account), account, settings, waitBetweenTries);
			expect(fates(result)).toEqual(['performed', 'not_sent', 'not_sent', 'not_sent']);
		});

		test('during a retry wait', async () => {
			const account = newAccount();
			delivery.sandbox.fail(unavailable, { accountId: account, times: 'always' });
			const settings = { onError, options: longRetryWait, ...retryOnFail };
			const result = await stopAt(answered(account), account, settings, waitBetweenTries);
			// The tries after the stop send nothing, and do not make the item one that was never sent.
			expect(fates(result)).toEqual(['refused', 'not_sent', 'not_sent', 'not_sent']);
			expect(errorsOf(result)[0]).toMatchObject({ attempts: 1 });
		});

		test('during a request', async () => {
			const account = newAccount();
			delivery.sandbox.fail({ kind: 'hang', when: 'after' }, { accountId: account });
			const settings = { onError, requestOptions: { timeout }, ...retryOnFail };
			const result = await stopAt(arrived(account), account, settings, waitBetweenTries);
			expect(fates(result)).toEqual(['unknown', 'not_sent', 'not_sent', 'not_sent']);
		});

		test('while n8n waits between two tries', async () => {
			const account = newAccount();
			delivery.sandbox.fail(refusal, { accountId: account, times: 'always' });
			const last = onError === 'stopWorkflow' ? 1 : 4;
			const result = await stopAt(
				async () => {
					await until(() => requestsOf(account)[last - 1]?.answered === 422, 'the first try');
					await answersRead(delivery.sandbox);
				},
				account,
				{ onError, retryOnFail: true, maxTries: 2, waitBetweenTries },
				waitBetweenTries,
			);
			expect(fates(result)).toEqual(
				peopleOf(account).map((_, index) => (index < last ? 'refused' : 'not_sent')),
			);
		});
	});
});

test('before n8n comes to the node', async () => {
	const account = newAccount();
	sent.set(account, 0);
	const { status } = await delivery.run(
		{ items: peopleOf(account) },
		{ signal: AbortSignal.abort() },
	);
	expect(status).toBe('canceled');
	expect(requestsOf(account)).toEqual([]);
});

test('what has failed before the stop keeps its reason', async () => {
	const account = newAccount();
	const items = peopleOf(account);
	delivery.sandbox.fail(refusal, { accountId: account });
	const result = await stopAt(
		async () => {
			await until(() => clock.pending.length === 1, 'the pause began');
			clock.skip();
			await until(() => requestsOf(account)[1]?.answered !== undefined, 'the second answer');
			await answersRead(delivery.sandbox);
		},
		account,
		{
			items,
			onError: 'continueErrorOutput',
			options: { delayBetweenRequests: 0.8 },
		},
	);
	expect(fates(result)).toEqual(['refused', 'performed', 'not_sent', 'not_sent']);
	expect(performed(result).map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }]);
	expect(failed(result).map(({ json }) => json)).toMatchObject([
		{ ...items[0], error: { type: 'errors/unprocessable_entity' } },
		{ ...items[2], error: { type: 'client/not_sent' } },
		{ ...items[3], error: { type: 'client/not_sent' } },
	]);
});

test('nothing more was sent by any of them when every wait was over', async () => {
	clock.release();
	await delivery.everyLaneGone();
	expect(sent.size).toBeGreaterThan(20);
	for (const [account, count] of sent) {
		expect({ account, count: requestsOf(account).length }).toEqual({ account, count });
	}
});
