import type { Fault, Sandbox } from '../../sandbox';
import { errorsOf, fates, keysOf, people, startDelivery, type Settings } from './support/delivery';

const delivery = startDelivery();

const quick = { retryWait: 0.01, maxRetries: 3 };

const apiError = (type: string): Fault => ({ kind: 'apiError', type });
const unavailable = apiError('service_unavailable');
const rateLimit: Fault = { kind: 'rateLimit' };
const lost: Fault = { kind: 'drop', when: 'after' };
const neverArrived: Fault = { kind: 'drop', when: 'before' };

/** Runs one person, for whom these things happen one after the other. */
async function run(sandbox: Sandbox, faults: Fault[], settings: Settings = {}) {
	for (const fault of faults) sandbox.fail(fault);
	const onError = 'continueErrorOutput';
	return await delivery.run({ options: quick, onError, ...settings }, { at: sandbox });
}

/** The keys in the order of the requests, numbered in the order in which they came up: 0, 0, 1, … */
function keyNumbers({ requests }: Sandbox): number[] {
	const keys = keysOf(requests);
	return requests.map(({ idempotencyKey }) => keys.indexOf(idempotencyKey));
}

describe('a definite refusal is followed by a new key', () => {
	test.each<[name: string, faults: Fault[], keys: number[]]>([
		['503 of PostPress', [unavailable], [0, 1]],
		['429', [rateLimit], [0, 1]],
		['429 in the nested envelope', [{ kind: 'rateLimit', nested: true }], [0, 1]],
		['503 three times', [unavailable, unavailable, unavailable], [0, 1, 2, 3]],
		['503, then a lost answer', [unavailable, lost], [0, 1, 1]],
		['429, then a lost request', [rateLimit, neverArrived], [0, 1, 1]],
	])('%s', async (_, faults, keys) => {
		for (const sandbox of [delivery.sandbox, delivery.stubborn]) {
			const result = await run(sandbox, faults);
			expect(fates(result)).toEqual(['performed']);
			expect(keyNumbers(sandbox)).toEqual(keys);
			expect(sandbox.performed).toHaveLength(1);
		}
	});

	test("in n8n's Retry On Fail as well", async () => {
		const { stubborn } = delivery;
		stubborn.fail(apiError('unprocessable_entity'), { times: 2 });
		const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
		const result = await delivery.run(settings, { at: stubborn });
		expect(fates(result)).toEqual(['performed']);
		expect(keyNumbers(stubborn)).toEqual([0, 1, 2]);
		expect(stubborn.performed).toHaveLength(1);
	});
});

describe('while an answer is in doubt the key stays', () => {
	test.each<[name: string, faults: Fault[]]>([
		['two lost answers', [lost, lost]],
		['two lost requests', [neverArrived, neverArrived]],
		['a lost answer, then 503 of PostPress', [lost, unavailable]],
		['a lost answer, then 429', [lost, rateLimit]],
		["a gateway's 503", [{ kind: 'html', status: 503 }]],
		["a gateway's 502", [{ kind: 'html' }]],
	])('%s', async (_, faults) => {
		const { sandbox } = delivery;
		const result = await run(sandbox, faults);
		expect(fates(result)).toEqual(['performed']);
		expect(keysOf(sandbox.requests)).toHaveLength(1);
		expect(sandbox.requests).toHaveLength(faults.length + 1);
		expect(sandbox.performed).toHaveLength(1);
	});

	test('and the item ends unknown where the stored refusal is all that comes back', async () => {
		const { stubborn } = delivery;
		const result = await run(stubborn, [neverArrived, unavailable]);
		expect(fates(result)).toEqual(['unknown']);
		expect(keysOf(stubborn.requests)).toHaveLength(1);
		expect(stubborn.performed).toEqual([]);
	});

	test('and the item ends unknown where the answer to the lost one is stored as an error', async () => {
		const { stubborn } = delivery;
		const result = await run(stubborn, [
			{ kind: 'apiError', type: 'unexpected_error', performs: true },
		]);
		expect(fates(result)).toEqual(['unknown']);
		expect(keysOf(stubborn.requests)).toHaveLength(1);
		expect(stubborn.performed).toHaveLength(1);
		expect(errorsOf(result)).toMatchObject([{ outcome: 'unknown', user: 'AEM0' }]);
	});
});

test('people who are refused at the same time have keys of their own', async () => {
	const { sandbox } = delivery;
	sandbox.fail(rateLimit, { userId: 'AEM0' });
	sandbox.fail(rateLimit, { userId: 'AEM1' });
	const items = people(2).map(({ user }) => ({ user, account: `acc_${user}` }));
	await delivery.run({ items, options: quick });
	expect(keysOf(sandbox.requests)).toHaveLength(4);
});
