import { queryObjects } from 'node:v8';
import { runInThisContext } from 'node:vm';

import { NODES } from '../../harness/engine';
import {
	addCandidate,
	errorsOf,
	fates,
	gapsOf,
	people,
	saveLead,
	startDelivery,
	twoRuns,
	until,
	usersOf,
	type Settings,
} from './support/delivery';
import { byId } from './support/parameters';

const delivery = startDelivery();
const { clock } = delivery;

const ofAccount = (accountId: string) =>
	delivery.sandbox.requests.filter((request) => request.accountId === accountId);

/** A pause in seconds lasts from half of it to one and a half. */
const expectPause = (gaps: number[], seconds: number) => {
	expect(gaps.length).toBeGreaterThan(0);
	for (const gap of gaps) {
		expect(gap).toBeGreaterThanOrEqual(500 * seconds);
		expect(gap).toBeLessThanOrEqual(1500 * seconds);
	}
};

/** How many Maps n8n and the node keep: a lane has one of its own. */
const mapsOfN8n = () =>
	queryObjects(runInThisContext('Map') as MapConstructor, { format: 'count' });

/** No lane is left when the executions are over and the last pause has passed. */
afterEach(async () => {
	clock.release();
	await delivery.everyLaneGone();
});

describe('one account', () => {
	test('50 items: one request at a time, in the order of the items', async () => {
		const items = people(50);
		const result = await delivery.run({ items });
		expect(fates(result)).toEqual(items.map(() => 'performed'));
		expect(delivery.sandbox.maxInFlight()).toBe(1);
		expect(usersOf(delivery.sandbox.requests)).toEqual(items.map(({ user }) => user));
		expect(delivery.sandbox.performed).toHaveLength(50);
	});

	test.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'50 items in mode %s, every fifth of them refused',
		async (onError) => {
			const items = people(50);
			const refused = items.filter((_, index) => index % 5 === 0);
			for (const { user: userId } of refused) {
				delivery.sandbox.fail({ kind: 'apiError', type: 'invalid_recipient' }, { userId });
			}
			const result = await delivery.run({ items, onError });
			expect(fates(result)).toEqual(
				items.map((item) => (refused.includes(item) ? 'refused' : 'performed')),
			);
			expect(delivery.sandbox.maxInFlight()).toBe(1);
			expect(usersOf(delivery.sandbox.requests)).toEqual(items.map(({ user }) => user));
		},
	);

	test('two executions at once: still one request at a time', async () => {
		const [first, second] = await Promise.all([
			delivery.run({ items: people(25) }),
			delivery.run({ items: people(50).slice(25) }),
		]);
		expect([...fates(first), ...fates(second)]).toEqual(Array(50).fill('performed'));
		expect(delivery.sandbox.maxInFlight()).toBe(1);
		expect(delivery.sandbox.performed).toHaveLength(50);
	});

	test('three operations at once: still one request at a time', async () => {
		const operations: Settings[] = [
			{ parameters: addCandidate },
			{
				parameters: {
					...addCandidate,
					resource: 'applicant',
					operation: 'reject',
					reason: 'NOT_MEET_BASIC_QUALIFICATIONS',
				},
			},
			{ parameters: { ...saveLead, leadUserId: byId('=ACw{{ $json.user }}') } },
		];
		const results = await Promise.all(
			operations.map((operation) => delivery.run({ ...operation, items: people(8) })),
		);
		expect(results.flatMap(fates)).toEqual(Array(24).fill('performed'));
		expect(delivery.sandbox.maxInFlight()).toBe(1);
		const actions = new Set(delivery.sandbox.performed.map(({ action }) => action));
		expect(actions).toEqual(new Set(['addCandidateToPipeline', 'rejectApplicant', 'saveLead']));
	});

	test('written in two ways, as n8n and PostPress take it: still one lane', async () => {
		const { url, apiKey } = delivery.sandbox;
		delivery.sandbox.fail({ kind: 'latency', ms: 20 }, { times: 'always' });
		const results = await Promise.all([
			delivery.run({ items: people(5) }, { at: { url, apiKey } }),
			delivery.run({ items: people(10).slice(5) }, { at: { url: `${url}/`, apiKey } }),
			delivery.run({ items: people(15).slice(10) }, { at: { url: ` ${url}`, apiKey } }),
			delivery.run(
				{ items: people(20).slice(15) },
				{
					at: { url: url.replace('http://', 'HTTP://'), apiKey },
				},
			),
		]);
		expect(results.flatMap(fates)).toEqual(Array(20).fill('performed'));
		expect(delivery.sandbox.maxInFlight()).toBe(1);
	});

	test('an item keeps the lane while it waits for its retry', async () => {
		delivery.sandbox.fail({ kind: 'apiError', type: 'no_channel' }, { userId: 'AEM0', times: 2 });
		await delivery.run({ items: people(3), options: { retryWait: 0.05 } });
		expect(usersOf(delivery.sandbox.requests)).toEqual(['AEM0', 'AEM0', 'AEM0', 'AEM1', 'AEM2']);
	});
});

describe('several accounts', () => {
	test('5 accounts with 10 items each: 5 lanes side by side, one request in each', async () => {
		const accounts = ['acc_1', 'acc_2', 'acc_3', 'acc_4', 'acc_5'];
		const items = people(10).flatMap(({ user }) =>
			accounts.map((account) => ({ account, user: `${user}_${account}` })),
		);
		for (const accountId of accounts) {
			delivery.sandbox.fail({ kind: 'latency', ms: 150 }, { accountId });
		}
		const result = await delivery.run({ items });
		expect(fates(result)).toEqual(items.map(() => 'performed'));
		expect(delivery.sandbox.lanesInFlight).toBe(5);
		expect(delivery.sandbox.maxInFlight()).toBe(5);
		for (const account of accounts) {
			expect(delivery.sandbox.maxInFlight(account)).toBe(1);
			expect(usersOf(ofAccount(account))).toEqual(
				people(10).map(({ user }) => `${user}_${account}`),
			);
		}
	});

	test('a slow account does not hold up another', async () => {
		const { sandbox } = delivery;
		sandbox.fail({ kind: 'hang', when: 'before' }, { accountId: 'acc_slow' });
		const execution = delivery.start({
			items: [...people(1, 'acc_slow'), ...people(10).slice(1)],
			requestOptions: { timeout: 20_000 },
		});
		await until(() => sandbox.performed.length === 9, 'the other account was done');
		const [slow] = ofAccount('acc_slow');
		expect(slow.answeredAt).toBeUndefined();
		execution.cancel();
		await execution.finished;
	});

	test('the same account id at two base URLs: two lanes', async () => {
		const { sandbox, careless } = delivery;
		sandbox.fail({ kind: 'hang', when: 'before' });
		const execution = delivery.start({ requestOptions: { timeout: 20_000 } });
		await until(() => sandbox.requests.length === 1, 'one lane was held');
		const result = await delivery.run({}, { at: careless });
		expect(fates(result)).toEqual(['performed']);
		expect(sandbox.requests[0].answeredAt).toBeUndefined();
		execution.cancel();
		await execution.finished;
	});
});

describe('the pause', () => {
	beforeEach(() => clock.hold());

	/** Runs with the clock moved to the end of every pause. */
	const runMoving = async (settings: Settings) => await clock.moving(delivery.run(settings));

	test('is kept between two requests of an account, and varies', async () => {
		const accounts = ['acc_1', 'acc_2', 'acc_3', 'acc_4', 'acc_5'];
		const items = people(7).flatMap(({ user }) =>
			accounts.map((account) => ({ account, user: `${user}_${account}` })),
		);
		const delayBetweenRequests = 0.15;
		await runMoving({ items, options: { delayBetweenRequests } });
		const gaps = accounts.flatMap((account) => gapsOf(ofAccount(account)));
		expect(gaps).toHaveLength(30);
		expectPause(gaps, delayBetweenRequests);
		expect(Math.max(...gaps) - Math.min(...gaps)).toBeGreaterThan(150 * 0.3);
	});

	test('is kept after a failed item as well', async () => {
		delivery.sandbox.fail({ kind: 'apiError', type: 'invalid_recipient' }, { times: 'always' });
		const options = { delayBetweenRequests: 0.1 };
		const onError = 'continueRegularOutput';
		const result = await runMoving({ items: people(4), options, onError });
		expect(fates(result)).toEqual(Array(4).fill('refused'));
		expectPause(gapsOf(delivery.sandbox.requests), 0.1);
	});

	test('is not kept before a retry, which waits its own wait', async () => {
		delivery.sandbox.fail({ kind: 'apiError', type: 'no_channel' }, { times: 2 });
		const options = { delayBetweenRequests: 0.2, retryWait: 0.01 };
		await runMoving({ items: people(2), options });
		expect(usersOf(delivery.sandbox.requests)).toEqual(['AEM0', 'AEM0', 'AEM0', 'AEM1']);
		const [first, second, pause] = gapsOf(delivery.sandbox.requests);
		for (const [index, wait] of [first, second].entries()) {
			expect(wait).toBeGreaterThanOrEqual(10 * 2 ** index * 0.8);
			expect(wait).toBeLessThanOrEqual(10 * 2 ** index * 1.2);
		}
		expectPause([pause], 0.2);
	});

	test('is kept across two executions, which need not wait for it at their end', async () => {
		const options = { delayBetweenRequests: 0.6 };
		await delivery.run({ options });
		expect(clock.pending).toHaveLength(1);
		await runMoving({ items: people(2).slice(1), options });
		expect(delivery.sandbox.requests).toHaveLength(2);
		expectPause(gapsOf(delivery.sandbox.requests), 0.6);
	});

	test('is kept across two runs of the node in one execution', async () => {
		const options = { delayBetweenRequests: 0.4 };
		const workflow = twoRuns({ options, onError: 'continueRegularOutput' });
		const { finished } = delivery.startWorkflow(workflow);
		const result = await clock.moving(finished);
		expect(result.runData[NODES.node]).toHaveLength(2);
		expect(delivery.sandbox.requests).toHaveLength(2);
		expectPause(gapsOf(delivery.sandbox.requests), 0.4);
	});

	test('is not kept between different accounts, nor after an item that sent nothing', async () => {
		const items = [
			{ account: 'acc_1', user: 'AEM1' },
			{ account: 'acc_2', user: 'AEM2' },
			{ account: 'acc_3', user: 'https://www.linkedin.com/in/somebody' },
			{ account: 'acc_3', user: 'AEM3' },
		];
		const result = await delivery.run({
			items,
			options: { delayBetweenRequests: 1 },
			onError: 'continueRegularOutput',
		});
		expect(fates(result)).toEqual(['performed', 'performed', 'not_sent', 'performed']);
		// While the clock stood still.
		expect(usersOf(delivery.sandbox.requests).sort()).toEqual(['AEM1', 'AEM2', 'AEM3']);
	});

	test('is not kept for items that were not sent after all', async () => {
		const options = { delayBetweenRequests: 0.2 };
		delivery.sandbox.fail({ kind: 'apiError', type: 'invalid_recipient' });
		await delivery.run({ items: people(50), options });
		await runMoving({ items: people(1), options });
		expect(delivery.sandbox.requests).toHaveLength(2);
		expectPause(gapsOf(delivery.sandbox.requests), 0.2);
	});

	test.each([
		{ batchSize: 1, batchInterval: 150, pause: 0.15 },
		{ batchSize: 2, batchInterval: 300, pause: 0.15 },
	])("n8n's batching counts as one: $batchSize every $batchInterval ms", async (batching) => {
		const { batchSize, batchInterval, pause } = batching;
		const batch = { batchSize, batchInterval };
		await runMoving({
			items: people(3),
			requestOptions: { batching: { batch } },
		});
		expect(delivery.sandbox.requests).toHaveLength(3);
		expectPause(gapsOf(delivery.sandbox.requests), pause);
	});

	test('of the node and of n8n: the longer one', async () => {
		await runMoving({
			items: people(3),
			options: { delayBetweenRequests: 0.2 },
			requestOptions: { batching: { batch: { batchSize: 1, batchInterval: 10 } } },
		});
		expectPause(gapsOf(delivery.sandbox.requests), 0.2);
	});
});

describe('a lane is gone when nobody is in it', () => {
	test('after failures of every kind', async () => {
		const { sandbox } = delivery;
		sandbox.fail({ kind: 'apiError', type: 'invalid_recipient' }, { userId: 'AEM0' });
		sandbox.fail({ kind: 'drop', when: 'after' }, { userId: 'AEM1', times: 'always' });
		sandbox.fail({ kind: 'html' }, { userId: 'AEM2', times: 'always' });
		sandbox.fail({ kind: 'apiError', type: 'account_restricted' }, { userId: 'AEM4' });
		const result = await delivery.run({
			items: [...people(6), { account: 'acc_a', user: '' }],
			options: { retryWait: 0.01 },
			onError: 'continueErrorOutput',
		});
		expect(fates(result)).toEqual([
			...['refused', 'unknown', 'unknown', 'performed'],
			...['refused', 'not_sent', 'not_sent'],
		]);
		expect(errorsOf(result).slice(-2)).toMatchObject([
			{ type: 'client/account_stopped' },
			{ type: 'client/validation' },
		]);
	});

	test.each(['invalid_recipient', 'account_restricted'])(
		'after a run that %s has ended',
		async (type) => {
			delivery.sandbox.fail({ kind: 'apiError', type }, { userId: 'AEM1' });
			const { status } = await delivery.run({ items: people(20) });
			expect(status).toBe('error');
			await delivery.everyLaneGone();
			expect(delivery.sandbox.requests).toHaveLength(2);
		},
	);

	test('in memory, after 200 accounts', async () => {
		const of = (run: string) =>
			people(200).map(({ user }) => ({ user, account: `acc_${run}_${user}` }));
		await delivery.run({ items: of('first') });
		delivery.sandbox.reset();
		const before = mapsOfN8n();
		await delivery.run({ items: of('second') });
		expect(delivery.sandbox.performed).toHaveLength(200);
		delivery.sandbox.reset();
		await delivery.everyLaneGone();
		expect(mapsOfN8n() - before).toBeLessThan(100);
		// Counting collects all garbage first, which takes seconds of work.
	}, 180_000);
});
