import type { Fault } from '../../sandbox';
import {
	addCandidate,
	errorData,
	errorsOf,
	fates,
	keysOf,
	people,
	startDelivery,
	usersOf,
} from './support/delivery';

const delivery = startDelivery();

const onError = 'continueErrorOutput';
const quick = { retryWait: 0 };
const alone = { maxRetries: 0 };

/** Ways to be out of reach. */
const outages: Array<[name: string, fault: Fault]> = [
	['a gateway without anything behind it', { kind: 'html', status: 503 }],
	['a bad gateway', { kind: 'html', status: 502 }],
	['connections that break', { kind: 'drop', when: 'before' }],
	['a server that fails', { kind: 'apiError', type: 'unexpected_error' }],
];

/** How many people were asked for. */
const asked = () => new Set(usersOf(delivery.sandbox.requests)).size;

describe.each(outages)('an outage: %s', (_, fault) => {
	test('three people are asked for, the rest is not sent', async () => {
		delivery.sandbox.outage(fault);
		const result = await delivery.run({ items: people(50), options: quick, onError });
		expect(asked()).toBe(3);
		expect(fates(result)).toEqual([
			...['unknown', 'unknown', 'unknown'],
			...Array(47).fill('not_sent'),
		]);
		for (const error of errorsOf(result).slice(3)) {
			expect(error).toMatchObject({ outcome: 'not_sent', attempts: 0, status: null });
			expect(error.message).toMatch(/not sent/i);
			expect(error.message).toMatch(/did not answer, or failed, for 3 people in a row/);
		}
	});
});

test.each<[name: string, fault: Fault]>([
	...outages,
	['LinkedIn, which has reached its limit', { kind: 'apiError', type: 'provider_error' }],
])('%s, in look-ups: three people are looked up, the rest is not', async (_, fault) => {
	delivery.sandbox.outage(fault);
	const items = people(20).map(({ account }, index) => ({ account, user: `person-${index}` }));
	const userId = { __rl: true, mode: 'publicProfile', value: '={{ $json.user }}' };
	const parameters = { ...addCandidate, userId };
	const result = await delivery.run({ items, parameters, options: quick, onError });
	expect(new Set(delivery.sandbox.requests.map(({ path }) => path)).size).toBe(3);
	expect(fates(result)).toEqual(Array(20).fill('not_sent'));
});

test('connections that are refused: the rest is not sent after three as well', async () => {
	const { sandbox } = delivery;
	await sandbox.refuseConnections();
	const result = await delivery.run({ items: people(10), options: alone, onError });
	await sandbox.acceptConnections();
	expect(fates(result)).toEqual(Array(10).fill('not_sent'));
	const errors = errorsOf(result);
	expect(errors.slice(0, 3)).toMatchObject(Array(3).fill({ type: 'client/network', attempts: 1 }));
	expect(errors.slice(3)).toMatchObject(Array(7).fill({ attempts: 0 }));
	expect(new Set(errors.slice(3).map(({ type }) => type))).not.toContain('client/network');
});

test('accounts count together: the network is everybody’s', async () => {
	delivery.sandbox.outage({ kind: 'html', status: 503 });
	const items = people(40).map(({ user }, index) => ({ user, account: `acc_${index % 2}` }));
	const result = await delivery.run({ items, options: alone, onError });
	// Two lanes: the other one may have sent a request when the third was lost.
	expect(asked()).toBeGreaterThanOrEqual(3);
	expect(asked()).toBeLessThanOrEqual(4);
	expect(fates(result).filter((fate) => fate === 'not_sent').length).toBeGreaterThanOrEqual(36);
});

test('another origin does not', async () => {
	const { sandbox, careless } = delivery;
	sandbox.outage({ kind: 'html', status: 503 });
	const items = people(10).map(({ user }, index) => ({
		user,
		account: `acc_${index % 2}`,
		url: index % 2 ? careless.url : sandbox.url,
	}));
	const { apiKey } = sandbox;
	const result = await delivery.run(
		{ items, options: alone, onError },
		{ credentials: { postPressApi: { apiKey, baseUrl: '={{ $json.url }}' } } },
	);
	expect(fates(result)).toEqual([
		...['unknown', 'performed', 'unknown', 'performed', 'unknown', 'performed'],
		...['not_sent', 'performed', 'not_sent', 'performed'],
	]);
});

test('three in a row, not three in all: an answer in between begins the count anew', async () => {
	const lost = ['AEM0', 'AEM1', 'AEM3', 'AEM4', 'AEM6', 'AEM7'];
	for (const userId of lost) delivery.sandbox.fail({ kind: 'drop', when: 'before' }, { userId });
	delivery.sandbox.fail({ kind: 'apiError', type: 'unprocessable_entity' }, { userId: 'AEM5' });
	const result = await delivery.run({ items: people(9), options: alone, onError });
	expect(asked()).toBe(9);
	expect(fates(result)).toEqual([
		...['unknown', 'unknown', 'performed'],
		...['unknown', 'unknown', 'refused'],
		...['unknown', 'unknown', 'performed'],
	]);
});

test('a person who comes through with a retry does not count', async () => {
	for (const { user: userId } of people(6)) {
		delivery.sandbox.fail({ kind: 'drop', when: 'before' }, { userId });
	}
	const result = await delivery.run({ items: people(6), options: quick, onError });
	expect(fates(result)).toEqual(Array(6).fill('performed'));
});

test('the next execution tries again', async () => {
	delivery.sandbox.outage({ kind: 'html', status: 503 });
	await delivery.run({ items: people(5), options: alone, onError });
	expect(asked()).toBe(3);
	delivery.sandbox.outage();
	const result = await delivery.run({ items: people(10).slice(5), options: alone, onError });
	expect(fates(result)).toEqual(Array(5).fill('performed'));
});

test("n8n's Retry On Fail asks for the doubtful ones again, word by word", async () => {
	const { sandbox } = delivery;
	sandbox.outage({ kind: 'drop', when: 'after' });
	const result = await delivery.run({
		items: people(5),
		options: alone,
		retryOnFail: true,
		maxTries: 2,
		waitBetweenTries: 1,
		onError,
	});
	expect(fates(result).slice(0, 3)).toEqual(['unknown', 'unknown', 'unknown']);
	expect(sandbox.requests).toHaveLength(6);
	expect(asked()).toBe(3);
	expect(keysOf(sandbox.requests)).toHaveLength(3);
	expect(new Set(sandbox.requests.map(({ rawBody }) => rawBody)).size).toBe(1);
	expect(sandbox.performed).toHaveLength(3);
});

test('in stop mode the first one ends the run', async () => {
	delivery.sandbox.outage({ kind: 'html', status: 503 });
	const result = await delivery.run({ items: people(5), options: alone });
	expect(delivery.sandbox.requests).toHaveLength(1);
	expect(errorData(result)).toMatchObject({ outcome: 'unknown' });
	expect(result.error?.description).toContain('4 not sent');
});
