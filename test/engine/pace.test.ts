import {
	addCandidate,
	fates,
	gapsOf,
	people,
	startDelivery,
	until,
	usersOf,
	type Settings,
} from './support/delivery';

const delivery = startDelivery();
const { clock } = delivery;

/** No option is set: `undefined` takes away what the tests set for the sake of speed. */
const untouched = { delayBetweenRequests: undefined } as unknown as Settings['options'];

const moving = async (settings: Settings) => await clock.moving(delivery.run(settings));

const publicProfiles = {
	...addCandidate,
	userId: { __rl: true, mode: 'publicProfile', value: '={{ $json.user }}' },
};
const slugs = ['jonas-lindqvist', 'priya-raghunathan', 'tomasz-wisniewski'];

describe('the pace where nothing is set', () => {
	test('is ten seconds, half of it more or less at random', async () => {
		await moving({ items: people(41), options: untouched });
		const gaps = gapsOf(delivery.sandbox.requests);
		expect(gaps).toHaveLength(40);
		for (const gap of gaps) {
			expect(gap).toBeGreaterThanOrEqual(5_000);
			expect(gap).toBeLessThanOrEqual(15_000);
		}
		const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
		expect(mean).toBeGreaterThan(7_000);
		expect(mean).toBeLessThan(13_000);
		expect(Math.max(...gaps) - Math.min(...gaps)).toBeGreaterThan(2_000);
	});

	test.each([
		['an empty collection', {}],
		['other options alone', { maxRetries: 0 }],
		['an option that came out empty', { delayBetweenRequests: '={{ $json.nothing }}' }],
	])('holds with %s', async (_, options) => {
		await moving({ items: people(2), options: { ...untouched, ...options } });
		expect(gapsOf(delivery.sandbox.requests)[0]).toBeGreaterThanOrEqual(5_000);
	});

	test('does not hold where somebody has set 0', async () => {
		clock.hold();
		await delivery.run({ items: people(5), options: { delayBetweenRequests: 0 } });
		expect(delivery.sandbox.performed).toHaveLength(5);
	});

	test("gives way to n8n's Batching where that is longer, and not where it is shorter", async () => {
		const batch = (batchInterval: number) => ({
			items: people(2),
			options: untouched,
			requestOptions: { batching: { batch: { batchSize: 1, batchInterval } } },
		});
		await moving(batch(60_000));
		expect(gapsOf(delivery.sandbox.requests)[0]).toBeGreaterThanOrEqual(30_000);
		delivery.sandbox.reset();
		await moving(batch(10));
		expect(gapsOf(delivery.sandbox.requests)[0]).toBeGreaterThanOrEqual(5_000);
	});
});

describe('the pause stands between people only', () => {
	const options = { delayBetweenRequests: 60, retryWait: 1 };

	test('an action follows its look-up at once', async () => {
		const items = slugs.map((user) => ({ account: 'acc_a', user }));
		const result = await moving({ items, parameters: publicProfiles, options });
		expect(fates(result)).toEqual(['performed', 'performed', 'performed']);
		const gaps = gapsOf(delivery.sandbox.requests);
		expect(gaps).toHaveLength(5);
		for (const [index, gap] of gaps.entries()) {
			if (index % 2 === 0) expect(gap).toBe(0);
			else expect(gap).toBeGreaterThanOrEqual(30_000);
		}
	});

	test('a retry waits its own wait', async () => {
		const unavailable = { kind: 'apiError', type: 'no_channel' } as const;
		delivery.sandbox.fail(unavailable, { userId: 'AEM0', times: 2 });
		await moving({ items: people(2), options });
		const [first, second, next] = gapsOf(delivery.sandbox.requests);
		expect(first).toBeGreaterThanOrEqual(800);
		expect(first).toBeLessThanOrEqual(1_200);
		expect(second).toBeGreaterThanOrEqual(1_600);
		expect(second).toBeLessThanOrEqual(2_400);
		expect(next).toBeGreaterThanOrEqual(30_000);
	});

	test('a look-up that has failed is followed by a pause as well', async () => {
		delivery.sandbox.fail(
			{ kind: 'apiError', type: 'resource_not_found' },
			{ operation: 'getUserProfile' },
		);
		const items = slugs.slice(0, 2).map((user) => ({ account: 'acc_a', user }));
		await moving({ items, parameters: publicProfiles, options, onError: 'continueErrorOutput' });
		expect(delivery.sandbox.requests).toHaveLength(3);
		expect(gapsOf(delivery.sandbox.requests)[0]).toBeGreaterThanOrEqual(30_000);
	});
});

describe('executions that want the same account', () => {
	/** Starts an execution behind one that has a request in flight. */
	async function behind(first: Settings, second: Settings) {
		const { sandbox } = delivery;
		sandbox.fail({ kind: 'hang', when: 'before' }, { userId: 'AEM0' });
		const long = delivery.start({
			options: { maxRetries: 0 },
			requestOptions: { timeout: 60_000 },
			onError: 'continueErrorOutput',
			...first,
		});
		await until(() => sandbox.requests.length === 1, 'the first request was in flight');
		let isRead = false;
		const urgent = delivery.start(second, {
			onNode: ({ node, run }) => (isRead ||= node === 'PostPress' && !run),
		});
		await until(() => isRead, 'n8n came to the node of the second execution');
		const [one, other] = await delivery.timingOut(Promise.all([long.finished, urgent.finished]));
		return { one, other };
	}

	test('take turns: one urgent item does not wait for a whole list', async () => {
		const urgent = { items: [{ account: 'acc_a', user: 'AEMurgent' }] };
		const { one, other } = await behind({ items: people(30) }, urgent);
		expect(fates(other)).toEqual(['performed']);
		expect(fates(one)).toHaveLength(30);
		const at = usersOf(delivery.sandbox.requests).indexOf('AEMurgent');
		expect(at).toBeGreaterThanOrEqual(1);
		expect(at).toBeLessThanOrEqual(3);
		expect(delivery.sandbox.maxInFlight('acc_a')).toBe(1);
	});

	test('take turns item by item, each in its own order', async () => {
		const others = people(5).map(({ account, user }) => ({ account, user: `${user}x` }));
		await behind({ items: people(6) }, { items: others });
		const users = usersOf(delivery.sandbox.requests) as string[];
		const isOther = users.map((user) => user.endsWith('x'));
		expect(users.filter((_, at) => isOther[at])).toEqual(others.map(({ user }) => user));
		expect(users.filter((_, at) => !isOther[at])).toEqual(people(6).map(({ user }) => user));
		// Nobody has two turns while the other one waits; both wait from the second on.
		for (let at = 2; at < 10; at++) expect([at, isOther[at]]).not.toEqual([at, isOther[at - 1]]);
	});

	test('leave the lane to the next where one of them is stopped', async () => {
		const { sandbox } = delivery;
		clock.hold();
		const options = { delayBetweenRequests: 60 };
		const long = delivery.start({ items: people(20), options });
		await until(() => sandbox.requests[0]?.answered === 200, 'the first answer');
		const urgent = delivery.start({ items: [{ account: 'acc_a', user: 'AEMurgent' }], options });
		long.cancel();
		await long.finished;
		const result = await clock.moving(urgent.finished);
		expect(fates(result)).toEqual(['performed']);
		expect(usersOf(sandbox.requests)).toEqual(['AEM0', 'AEMurgent']);
		expect(gapsOf(sandbox.requests)[0]).toBeGreaterThanOrEqual(30_000);
	});

	test('are in one lane with credentials for /v1 and /api/v1', async () => {
		const { sandbox } = delivery;
		const { apiKey, url } = sandbox;
		sandbox.fail({ kind: 'latency', ms: 30 }, { times: 'always' });
		await Promise.all([
			delivery.run({ items: people(6) }),
			delivery.run(
				{ items: people(12).slice(6), onError: 'continueErrorOutput' },
				{ at: { apiKey, url: url.replace('/v1', '/api/v1') } },
			),
		]);
		// The other form of the address answers 404, and is counted all the same.
		expect(sandbox.requests.filter(({ path }) => path.startsWith('/api/v1/'))).not.toHaveLength(0);
		expect(sandbox.maxInFlight()).toBe(1);
	});

	test('are in two lanes at two origins', async () => {
		const { sandbox, careless } = delivery;
		sandbox.fail({ kind: 'hang', when: 'before' });
		const execution = delivery.start({ requestOptions: { timeout: 60_000 } });
		await until(() => sandbox.requests.length === 1, 'one lane was held');
		expect(fates(await delivery.run({}, { at: careless }))).toEqual(['performed']);
		execution.cancel();
		await execution.finished;
	});

	test('leave nothing behind', async () => {
		const results = await Promise.all(
			[0, 1, 2, 3].map((shift) =>
				delivery.run({ items: people(4 * (shift + 1)).slice(4 * shift) }),
			),
		);
		expect(results.flatMap(fates)).toEqual(Array(16).fill('performed'));
		await delivery.everyLaneGone();
		expect(delivery.sandbox.maxInFlight()).toBe(1);
	});
});
