import { createServer, type AddressInfo } from 'node:net';

import type { IDataObject } from 'n8n-workflow';

import { contract } from '../../sandbox/contract';
import type { Fault, Sandbox } from '../../sandbox';
import { NODES, performed } from '../../harness/engine';
import {
	addCandidate,
	changeStage,
	errorsOf,
	fates,
	gapsOf,
	keysOf,
	loop,
	people,
	startDelivery,
	twoNodes,
	twoRuns,
	until,
	usersOf,
	watchRefusals,
	type Settings,
} from './support/delivery';
import { byId } from './support/parameters';

const delivery = startDelivery();
const { clock } = delivery;

/** Retries come at once, so that a test need not wait. */
const quick = { retryWait: 0.01 };

/** A timeout of n8n, in milliseconds, that no answer exceeds; what hangs is made to exceed it. */
const timeout = 20_000;

const apiError = (type: string, more: Partial<Fault> = {}): Fault =>
	({ kind: 'apiError', type, ...more }) as Fault;

const unavailable = [
	'no_client_session',
	'no_channel',
	'no_handler',
	'network_down',
	'service_unavailable',
];

/** No fault, for the requests before the one that is to fail. */
const asItIs: Fault = { kind: 'latency', ms: 0 };

/** Refusals for the moment: nothing was performed, and the retry carries another key. */
const refusedForNow: Array<[name: string, Fault]> = [
	...unavailable.map((type): [string, Fault] => [`503 ${type}`, apiError(type)]),
	['503 in the nested envelope', apiError('service_unavailable', { nested: true })],
	['503 of an unknown type', apiError('something_new', { status: 503 })],
	['429', { kind: 'rateLimit' }],
	['429 in the nested envelope', { kind: 'rateLimit', nested: true }],
	['429 without a body', { kind: 'emptyBody', status: 429 }],
];

/** Failures that leave it open whether the action was performed, which it was not: the retry performs it. */
const notPerformed: Array<[name: string, Fault]> = [
	['connection dropped before the action', { kind: 'drop', when: 'before' }],
	['hang before the action, past the timeout', { kind: 'hang', when: 'before' }],
	['504 before the action', apiError('request_timeout')],
	['502 HTML before the action', { kind: 'html' }],
	['503 HTML before the action', { kind: 'html', status: 503 }],
	['503 without a body, before the action', { kind: 'emptyBody', status: 503 }],
	['504 HTML before the action', { kind: 'html', status: 504 }],
	['500 provider_error before the action', apiError('provider_error')],
	['500 unexpected_error before the action', apiError('unexpected_error')],
];

/** Failures after which the action was performed, though nobody said so. */
const answerLost: Array<[name: string, Fault]> = [
	['connection dropped after the action', { kind: 'drop', when: 'after' }],
	['hang after the action, past the timeout', { kind: 'hang', when: 'after' }],
	['504 after the action', apiError('request_timeout', { performs: true })],
	['502 HTML after the action', { kind: 'html', performs: true }],
	['503 HTML after the action', { kind: 'html', status: 503, performs: true }],
	['503 without a body, after the action', { kind: 'emptyBody', status: 503, performs: true }],
	['500 provider_error after the action', apiError('provider_error', { performs: true })],
	['500 unexpected_error after the action', apiError('unexpected_error', { performs: true })],
	['truncated JSON', { kind: 'truncatedJson' }],
	['truncated JSON, connection cut', { kind: 'truncatedJson', cutConnection: true }],
	['200 without a body', { kind: 'emptyBody' }],
	['200 HTML', { kind: 'html', status: 200, performs: true }],
];

const sandboxes = [
	['honours the key', () => delivery.sandbox],
	['ignores the key', () => delivery.careless],
] as const;

describe.each(sandboxes)('one failure, then all is well; PostPress %s', (_, choose) => {
	let sandbox: Sandbox;
	beforeEach(() => (sandbox = choose()));

	const isHonoured = () => sandbox === delivery.sandbox;

	/** One item, which is asked for twice. */
	const runTwice = async (fault: Fault, options: IDataObject = {}) => {
		sandbox.fail(fault);
		const settings: Settings = {
			options: { ...quick, ...options },
			requestOptions: { timeout },
			onError: 'continueErrorOutput',
		};
		const result = await delivery.timingOut(delivery.run(settings, { at: sandbox }), sandbox);
		expectSameRequestTwice(sandbox);
		expect(sandbox.performed).toHaveLength(1);
		return result;
	};

	const performedOnce = {
		outcome: 'performed',
		action: 'addCandidateToPipeline',
		user_id: 'AEM0',
		hiring_project_id: 'proj_test',
		stage: 'UNCONTACTED',
		account_id: 'acc_a',
		api: 'recruiter',
		object: 'LinkedinPerformActionOnUser',
		success: true,
	};

	test.each(refusedForNow)('%s', async (_name, fault) => {
		const result = await runTwice(fault);
		expect(performed(result).map(({ json }) => json)).toEqual([performedOnce]);
		expect(keysOf(sandbox.requests)).toHaveLength(2);
	});

	test.each(notPerformed)('%s', async (_name, fault) => {
		const result = await runTwice(fault);
		expect(performed(result).map(({ json }) => json)).toEqual([performedOnce]);
		expect(keysOf(sandbox.requests)).toHaveLength(1);
	});

	describe.each(answerLost)('%s', (_name, fault) => {
		test('is found out with the same key', async () => {
			const result = await runTwice(fault);
			expect(keysOf(sandbox.requests)).toHaveLength(1);
			expect(sandbox.requests[1].replayed).toBe(isHonoured());
			expect(sandbox.requests[1].answered).toBe(isHonoured() ? 200 : 422);
			expect(performed(result).map(({ json }) => json)).toEqual(
				isHonoured() ? [performedOnce] : [],
			);
			expect(errorsOf(result)).toMatchObject(
				isHonoured()
					? []
					: [{ outcome: 'unknown', type: 'errors/action_already_performed', attempts: 2 }],
			);
		});

		test('is performed with "Already Performed Is Success"', async () => {
			const result = await runTwice(fault, { alreadyPerformedIsSuccess: true });
			expect(performed(result).map(({ json }) => json)).toEqual([
				isHonoured() ? performedOnce : { ...performedOnce, already_performed: true },
			]);
		});
	});

	test('connection refused', async () => {
		await sandbox.refuseConnections();
		const refusals = watchRefusals(sandbox.port);
		const { finished } = delivery.start(
			{ options: { retryWait: 0.05, maxRetries: 5 } },
			{ at: sandbox },
		);
		await until(() => refusals.count > 0, 'a connection was refused');
		await sandbox.acceptConnections();
		expect(fates(await finished)).toEqual(['performed']);
		refusals.stop();
		expect(sandbox.requests).toHaveLength(1);
		expect(sandbox.performed).toHaveLength(1);
	});

	test('a batch in which every item fails in another way', async () => {
		const faults = [...refusedForNow, ...notPerformed, ...answerLost].filter(
			([, { kind }]) => kind !== 'hang',
		);
		const items = people(faults.length);
		for (const [index, [, fault]] of faults.entries()) {
			sandbox.fail(fault, { userId: `AEM${index}` });
		}
		const options = { ...quick, alreadyPerformedIsSuccess: !isHonoured() };
		const result = await delivery.run({ items, options }, { at: sandbox });
		expect(fates(result)).toEqual(items.map(() => 'performed'));
		expect(usersOf(sandbox.requests)).toEqual(items.flatMap(({ user }) => [user, user]));
		expect(usersOf(sandbox.performed)).toEqual(items.map(({ user }) => user));
		expect(keysOf(sandbox.requests)).toHaveLength(items.length + refusedForNow.length);
	});

	test('an action that can be done again and again is still performed once', async () => {
		// A, then B: after the lost answer to B a second B would be refused, but a replayed A would not.
		const items = ['CONTACTED', 'REPLIED', 'CONTACTED'].map((stage) => ({
			...people(1)[0],
			stage,
		}));
		sandbox.fail(asItIs);
		sandbox.fail({ kind: 'drop', when: 'after' });
		const result = await delivery.run(
			{ parameters: changeStage, items, options: quick, onError: 'continueErrorOutput' },
			{ at: sandbox },
		);
		const second = isHonoured() ? 'performed' : 'unknown';
		expect(fates(result)).toEqual(['performed', second, 'performed']);
		expect(sandbox.requests).toHaveLength(4);
		expect(sandbox.performed.map(({ body }) => 'stage' in body && body.stage)).toEqual(
			items.map(({ stage }) => stage),
		);
	});
});

function expectSameRequestTwice({ requests }: Sandbox): void {
	const [first, ...retries] = requests;
	expect(retries).toHaveLength(1);
	expect(first.idempotencyKey).toMatch(/^\S{16,255}$/);
	for (const { method, path, rawBody, idempotencyKey } of retries) {
		expect({ method, path, rawBody }).toEqual({
			method: first.method,
			path: first.path,
			rawBody: first.rawBody,
		});
		expect(idempotencyKey).toMatch(/^\S{16,255}$/);
	}
}

describe('never tried again', () => {
	test('4xx and authentication_intent_error', async () => {
		const types = contract['x-errors'].filter(
			({ type, status }) =>
				(status < 500 && status !== 429) || type === 'errors/authentication_intent_error',
		);
		expect(types.length).toBeGreaterThan(30);
		for (const [index, { type }] of types.entries()) {
			delivery.sandbox.fail(apiError(type), { userId: `AEM${index}` });
		}
		const result = await delivery.run({
			// Some stop their account.
			items: people(types.length).map(({ user }) => ({ user, account: `acc_${user}` })),
			options: quick,
			onError: 'continueRegularOutput',
		});
		expect(errorsOf(result)).toMatchObject(
			types.map(({ type, status }, index) => ({
				outcome: 'refused',
				type,
				status,
				attempts: 1,
				user: `AEM${index}`,
			})),
		);
		expect(delivery.sandbox.requests).toHaveLength(types.length);
		expect(delivery.sandbox.performed).toEqual([]);
	});

	test.each<[name: string, fault: Fault]>([
		['4xx of an unknown type', apiError('something_new', { status: 418 })],
		['404 of a route that is not there', { kind: 'html', status: 404 }],
		['success: false', { kind: 'successFalse' }],
		['a redirect', { kind: 'raw', status: 302, headers: { location: '/elsewhere' } }],
	])('%s', async (_name, fault) => {
		delivery.sandbox.fail(fault);
		const result = await delivery.run({ options: quick, onError: 'continueRegularOutput' });
		expect(errorsOf(result)).toMatchObject([{ outcome: 'refused', attempts: 1 }]);
		expect(delivery.sandbox.requests).toHaveLength(1);
	});

	test('what was refused before it was sent', async () => {
		const items = [
			{ account: '', user: 'AEM0' },
			{ account: 'acc_a', user: 'ACoAAA' },
		];
		const result = await delivery.run({ items, options: quick, onError: 'continueErrorOutput' });
		expect(errorsOf(result)).toMatchObject(
			items.map(() => ({ outcome: 'not_sent', type: 'client/validation', attempts: 0 })),
		);
		expect(delivery.sandbox.requests).toEqual([]);
	});
});

describe('exhausted', () => {
	const cases: Array<
		[name: string, fault: Fault, expected: { outcome: string; [key: string]: unknown }]
	> = [
		['503', apiError('no_channel'), { outcome: 'refused', type: 'errors/no_channel', status: 503 }],
		[
			'503 HTML',
			{ kind: 'html', status: 503 },
			{ outcome: 'unknown', type: 'client/unreadable_response', status: 503 },
		],
		['429', { kind: 'rateLimit' }, { outcome: 'refused', status: 429 }],
		[
			'connections dropped',
			{ kind: 'drop', when: 'before' },
			{ outcome: 'unknown', type: 'client/network', status: null },
		],
		[
			'504',
			apiError('request_timeout'),
			{ outcome: 'unknown', type: 'errors/request_timeout', status: 504 },
		],
		[
			'502 HTML',
			{ kind: 'html' },
			{ outcome: 'unknown', type: 'client/unreadable_response', status: 502 },
		],
		[
			'truncated JSON',
			{ kind: 'truncatedJson', performs: false },
			{ outcome: 'unknown', type: 'client/unreadable_response', status: 200 },
		],
	];

	describe.each(cases)('%s', (_, fault, expected) => {
		test.each([0, 2, 5])('maxRetries %i', async (maxRetries) => {
			delivery.sandbox.fail(fault, { times: 'always' });
			const result = await delivery.run({
				options: { maxRetries, retryWait: 0.005 },
				onError: 'continueRegularOutput',
			});
			const attempts = maxRetries + 1;
			expect(errorsOf(result)).toMatchObject([{ ...expected, attempts, user: 'AEM0' }]);
			expect(delivery.sandbox.requests).toHaveLength(attempts);
			// A definite refusal each, or one doubt to the end.
			const keys = expected.outcome === 'refused' ? attempts : 1;
			expect(keysOf(delivery.sandbox.requests)).toHaveLength(keys);
			expect(delivery.sandbox.performed).toEqual([]);
		});
	});

	test('timeouts', async () => {
		delivery.sandbox.fail({ kind: 'hang', when: 'before' }, { times: 'always' });
		const result = await delivery.timingOut(
			delivery.run({
				options: quick,
				requestOptions: { timeout },
				onError: 'continueRegularOutput',
			}),
		);
		expect(errorsOf(result)).toMatchObject([
			{ outcome: 'unknown', type: 'client/timeout', status: null, attempts: 3 },
		]);
		expect(delivery.sandbox.performed).toEqual([]);
	});

	test.each([
		[0, 1],
		[1, 2],
		[5, 2],
	])('500 with maxRetries %i: %i requests', async (maxRetries, attempts) => {
		const types = ['errors/provider_error', 'errors/unexpected_error'];
		for (const [index, type] of types.entries()) {
			delivery.sandbox.fail(apiError(type), { userId: `AEM${index}`, times: 'always' });
		}
		const result = await delivery.run({
			items: people(2),
			options: { maxRetries, ...quick },
			onError: 'continueRegularOutput',
		});
		expect(errorsOf(result)).toMatchObject(
			types.map((type) => ({ outcome: 'unknown', type, status: 500, attempts })),
		);
		expect(delivery.sandbox.requests).toHaveLength(2 * attempts);
	});

	test.each([0, 2])('connections refused, maxRetries %i', async (maxRetries) => {
		const { sandbox } = delivery;
		await sandbox.refuseConnections();
		const refusals = watchRefusals(sandbox.port);
		const result = await delivery.run({
			options: { maxRetries, ...quick },
			onError: 'continueRegularOutput',
		});
		refusals.stop();
		await sandbox.acceptConnections();
		const attempts = maxRetries + 1;
		expect(errorsOf(result)).toMatchObject([
			{ outcome: 'not_sent', type: 'client/network', status: null, attempts },
		]);
		expect(refusals.count).toBe(attempts);
	});

	test('a host that is not found', async () => {
		const result = await delivery.run(
			{ options: quick, onError: 'continueRegularOutput' },
			{ at: { url: 'http://postpress.invalid/v1', apiKey: 'pp_test' } },
		);
		expect(errorsOf(result)).toMatchObject([
			{ outcome: 'not_sent', type: 'client/network', attempts: 3 },
		]);
	});
});

describe('after a lost answer', () => {
	test.each<[name: string, later: Fault[], expected: object]>([
		[
			'a refusal leaves it unknown',
			[apiError('account_restricted')],
			{ type: 'errors/account_restricted', status: 403, attempts: 2 },
		],
		[
			'a wrong key leaves it unknown',
			[apiError('invalid_credentials')],
			{ type: 'errors/invalid_credentials', status: 401, attempts: 2 },
		],
		[
			'a login problem leaves it unknown',
			[apiError('authentication_intent_error')],
			{ type: 'errors/authentication_intent_error', status: 500, attempts: 2 },
		],
		[
			'503 to the end leaves it unknown',
			[apiError('no_handler'), apiError('no_handler')],
			{ type: 'errors/no_handler', status: 503, attempts: 3 },
		],
		[
			'429 to the end leaves it unknown',
			[{ kind: 'rateLimit' }, { kind: 'rateLimit' }],
			{ status: 429, attempts: 3 },
		],
		['success: false leaves it unknown', [{ kind: 'successFalse' }], { status: 200, attempts: 2 }],
	])('%s', async (_name, later, expected) => {
		for (const fault of [{ kind: 'drop', when: 'before' } as Fault, ...later]) {
			delivery.sandbox.fail(fault);
		}
		const result = await delivery.run({ options: quick, onError: 'continueRegularOutput' });
		const message = expect.stringContaining('The answer to an earlier try was lost.') as string;
		expect(errorsOf(result)).toMatchObject([{ outcome: 'unknown', ...expected, message }]);
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(1);
	});

	test('refused connections leave it unknown', async () => {
		// Takes one request, then the port is closed before the connection is.
		const server = createServer((socket) => {
			socket.once('data', () => {
				server.close();
				socket.destroy();
			});
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const { port } = server.address() as AddressInfo;
		const result = await delivery.run(
			{ options: quick, onError: 'continueRegularOutput' },
			{ at: { url: `http://127.0.0.1:${port}/v1`, apiKey: 'pp_test' } },
		);
		expect(errorsOf(result)).toMatchObject([
			{ outcome: 'unknown', type: 'client/network', attempts: 3 },
		]);
	});

	describe('a 503 in between does not make "already performed" a refusal', () => {
		const run = async (alreadyPerformedIsSuccess: boolean) => {
			const { careless } = delivery;
			careless.fail({ kind: 'drop', when: 'after' });
			careless.fail(apiError('no_channel'));
			const options = { ...quick, alreadyPerformedIsSuccess };
			const result = await delivery.run(
				{ options, onError: 'continueErrorOutput' },
				{ at: careless },
			);
			expect(careless.requests).toHaveLength(3);
			expect(keysOf(careless.requests)).toHaveLength(1);
			expect(careless.performed).toHaveLength(1);
			return result;
		};

		test('nor a success', async () => {
			const result = await run(false);
			expect(errorsOf(result)).toMatchObject([
				{ outcome: 'unknown', type: 'errors/action_already_performed', attempts: 3 },
			]);
		});

		test('and a success with the option', async () => {
			const result = await run(true);
			expect(performed(result).map(({ json }) => json)).toMatchObject([
				{ success: true, already_performed: true },
			]);
		});
	});
});

describe('already performed', () => {
	const repeated = [...people(1), ...people(1)];

	test('is a refusal', async () => {
		const result = await delivery.run({ items: repeated, onError: 'continueRegularOutput' });
		expect(fates(result)).toEqual(['performed', 'refused']);
		expect(errorsOf(result)).toMatchObject([
			{ type: 'errors/action_already_performed', status: 422, attempts: 1 },
		]);
		expect(delivery.sandbox.performed).toHaveLength(1);
	});

	test('is a refusal after a failure that cannot have performed it', async () => {
		delivery.sandbox.fail(asItIs);
		delivery.sandbox.fail(apiError('service_unavailable'));
		const onError = 'continueRegularOutput';
		const result = await delivery.run({ items: repeated, options: quick, onError });
		expect(fates(result)).toEqual(['performed', 'refused']);
		expect(errorsOf(result)).toMatchObject([
			{ type: 'errors/action_already_performed', attempts: 2 },
		]);
	});

	test('is success with the option', async () => {
		const options = { alreadyPerformedIsSuccess: true };
		const result = await delivery.run({ items: repeated, options });
		expect(performed(result)).toMatchObject([
			{
				json: { outcome: 'performed', success: true, api: 'recruiter', user_id: 'AEM0' },
				pairedItem: { item: 0 },
			},
			{
				json: {
					outcome: 'performed',
					success: true,
					already_performed: true,
					api: 'recruiter',
					action: 'addCandidateToPipeline',
					user_id: 'AEM0',
				},
				pairedItem: { item: 1 },
			},
		]);
		expect(performed(result)[0].json).not.toHaveProperty('already_performed');
		expect(delivery.sandbox.requests).toHaveLength(2);
		expect(delivery.sandbox.performed).toHaveLength(1);
	});

	test('with the option, other refusals are still refusals', async () => {
		delivery.sandbox.fail(apiError('unprocessable_entity'));
		const options = { alreadyPerformedIsSuccess: true };
		const result = await delivery.run({ options, onError: 'continueRegularOutput' });
		expect(fates(result)).toEqual(['refused']);
	});
});

describe('the wait before a retry', () => {
	beforeEach(() => clock.hold());

	/** Runs with the clock moved to the end of every wait. */
	const runMoving = async (settings: Settings) => await clock.moving(delivery.run(settings));

	test('doubles', async () => {
		delivery.sandbox.fail(apiError('no_channel'), { times: 'always' });
		await runMoving({ options: { maxRetries: 5, retryWait: 0.03 } });
		const gaps = gapsOf(delivery.sandbox.requests);
		expect(gaps).toHaveLength(5);
		for (const [index, gap] of gaps.entries()) {
			expect(gap).toBeGreaterThanOrEqual(30 * 2 ** index * 0.8);
			expect(gap).toBeLessThanOrEqual(30 * 2 ** index * 1.2);
		}
	});

	test('varies, so that many accounts do not come back at once', async () => {
		delivery.sandbox.fail(apiError('no_channel'), { times: 40 });
		const items = people(40).map(({ user }) => ({ user, account: `acc_${user}` }));
		await runMoving({ items, options: { retryWait: 0.2 } });
		const gaps = items.flatMap(({ user }) =>
			gapsOf(delivery.sandbox.requests.filter(({ userId }) => userId === user)),
		);
		expect(gaps).toHaveLength(40);
		expect(Math.min(...gaps)).toBeGreaterThanOrEqual(200 * 0.5);
		expect(Math.max(...gaps) - Math.min(...gaps)).toBeGreaterThan(200 * 0.2);
	});

	test('is at least Retry-After, in seconds and as a date', async () => {
		const { sandbox } = delivery;
		const items = ['seconds', 'date', '503'].map((name) => ({
			account: `acc_${name}`,
			user: `AEM${name}`,
		}));
		sandbox.fail({ kind: 'rateLimit', retryAfterSeconds: 1 }, { accountId: 'acc_seconds' });
		sandbox.fail(
			{ kind: 'rateLimit', retryAfterSeconds: 1, format: 'date' },
			{ accountId: 'acc_date' },
		);
		sandbox.fail(apiError('network_down', { headers: { 'Retry-After': '1' } }), {
			accountId: 'acc_503',
		});
		const result = await runMoving({ items, options: quick });
		const requestsOf = (account: string) =>
			sandbox.requests.filter(({ accountId }) => accountId === account);
		expect(fates(result)).toEqual(['performed', 'performed', 'performed']);
		for (const { account } of items) {
			const [gap] = gapsOf(requestsOf(account));
			expect(gap).toBeGreaterThanOrEqual(1000);
			if (account !== 'acc_date') expect(gap).toBe(1000);
		}
		// A date is rounded up to the next full second.
		expect(gapsOf(requestsOf('acc_date'))[0]).toBeLessThan(2000);
	});

	test('is the longer one of Retry-After and the backoff', async () => {
		delivery.sandbox.fail({ kind: 'rateLimit', retryAfterSeconds: 0 });
		await runMoving({ options: { retryWait: 0.3 } });
		expect(gapsOf(delivery.sandbox.requests)[0]).toBeGreaterThanOrEqual(240);
	});

	test.each(['seconds', 'date'] as const)(
		'is not more than five minutes: such a Retry-After (%s) ends the item, and stops the account',
		async (format) => {
			delivery.sandbox.fail({ kind: 'rateLimit', retryAfterSeconds: 302, format });
			const result = await delivery.run({
				items: [...people(2), ...people(1, 'acc_b')],
				options: quick,
				onError: 'continueRegularOutput',
			});
			expect(fates(result)).toEqual(['refused', 'not_sent', 'performed']);
			expect(errorsOf(result)).toMatchObject([
				{ status: 429, attempts: 1 },
				{ type: 'client/account_stopped', attempts: 0 },
			]);
			expect(usersOf(delivery.sandbox.requests).sort()).toEqual(['AEM0', 'AEM0']);
			// The lane opens, and leaves nothing behind.
			await clock.advance(303_000);
			expect(clock.pending).toEqual([]);
		},
	);

	test('never closes an account for more than a day, whatever Retry-After says', async () => {
		delivery.sandbox.fail({ kind: 'rateLimit', retryAfterSeconds: 999_999_999 });
		const onError = 'continueRegularOutput';
		expect(fates(await delivery.run({ options: quick, onError }))).toEqual(['refused']);
		expect(fates(await delivery.run({ options: quick, onError }))).toEqual(['not_sent']);
		await clock.advance(86_400_000);
		expect(fates(await delivery.run({ options: quick, onError }))).toEqual(['performed']);
	});
});

describe('the idempotency key', () => {
	const keyOf = (index = 0) => delivery.sandbox.requests[index].idempotencyKey;

	test('is another one for each item, even for the same action', async () => {
		const items = [...people(5), ...people(5)];
		await delivery.run({ items, onError: 'continueRegularOutput' });
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(10);
	});

	test('is another one in each execution', async () => {
		await delivery.run({ onError: 'continueRegularOutput' });
		await delivery.run({ onError: 'continueRegularOutput' });
		expect(delivery.sandbox.requests).toHaveLength(2);
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(2);
	});

	test('is the same when n8n runs the same execution again', async () => {
		await delivery.run({}, { executionId: 'again' });
		await delivery.run({}, { executionId: 'again' });
		expect(delivery.sandbox.requests).toHaveLength(2);
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(1);
		expect(delivery.sandbox.performed).toHaveLength(1);
	});

	test('is another one for another request of the same item', async () => {
		const requests = [
			{ ...addCandidate, stage: 'UNCONTACTED' },
			{ ...addCandidate, stage: 'REPLIED' },
			{ ...addCandidate, hiringProjectId: byId('proj_other') },
			{ ...addCandidate, accountId: byId('acc_other') },
			{ ...addCandidate, userId: byId('AEMother') },
			{ ...addCandidate, resource: 'applicant' },
		];
		for (const parameters of requests) {
			await delivery.run(
				{ parameters, onError: 'continueRegularOutput' },
				{ executionId: 'the same' },
			);
		}
		expect(delivery.sandbox.requests).toHaveLength(requests.length);
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(requests.length);
	});

	test('is random without an execution id, and the same in each try while an answer is in doubt', async () => {
		delivery.sandbox.fail({ kind: 'drop', when: 'before' }, { times: 2 });
		const where = { executionId: undefined };
		await delivery.run({ options: quick, onError: 'continueRegularOutput' }, where);
		expect(delivery.sandbox.requests).toHaveLength(3);
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(1);
		await delivery.run({ onError: 'continueRegularOutput' }, where);
		expect(delivery.sandbox.requests).toHaveLength(4);
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(2);
		expect(keyOf()).toMatch(/^\S{16,255}$/);
	});

	test('is another random one after each definite refusal', async () => {
		delivery.sandbox.fail(apiError('no_channel'), { times: 2 });
		const result = await delivery.run({ options: quick }, { executionId: undefined });
		expect(fates(result)).toEqual(['performed']);
		expect(delivery.sandbox.requests).toHaveLength(3);
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(3);
	});

	test('is another one in each run of the node in a loop', async () => {
		// The error output leads back to the node: what has failed comes round again.
		const fault = apiError('unprocessable_entity');
		delivery.sandbox.fail(fault, { userId: 'AEM0', times: 2 });
		delivery.sandbox.fail(fault, { userId: 'AEM2' });
		const result = await delivery.startWorkflow(loop({ items: people(3) })).finished;
		expect(result.runData[NODES.node]).toHaveLength(3);
		expect(usersOf(delivery.sandbox.requests)).toEqual([
			...['AEM0', 'AEM1', 'AEM2'],
			...['AEM0', 'AEM2'],
			...['AEM0'],
		]);
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(6);
		expect(usersOf(delivery.sandbox.performed)).toEqual(['AEM1', 'AEM2', 'AEM0']);
	});

	test('is another one in each run of the node, even for the same action', async () => {
		const workflow = twoRuns({ onError: 'continueRegularOutput' });
		await delivery.startWorkflow(workflow).finished;
		expect(usersOf(delivery.sandbox.requests)).toEqual(['AEM0', 'AEM0']);
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(2);
	});

	test('is another one for another node that does the same', async () => {
		const workflow = twoNodes({ onError: 'continueRegularOutput' });
		await delivery.startWorkflow(workflow).finished;
		expect(delivery.sandbox.requests).toHaveLength(2);
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(2);
	});
});
