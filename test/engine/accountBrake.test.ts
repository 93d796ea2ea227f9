import type { Fault } from '../../sandbox';
import { NODES } from '../../harness/engine';
import { STOPPING } from '../support/stoppingTypes';
import {
	errorData,
	errorsOf,
	fates,
	people,
	startDelivery,
	twoRuns,
	until,
	usersOf,
} from './support/delivery';
import { CONTINUE_MODES } from './support/rig';

const delivery = startDelivery();

const onError = 'continueErrorOutput';
const alone = { maxRetries: 0 };

const refusal = (type: string): Fault => ({ kind: 'apiError', type });
const restricted = refusal('account_restricted');

const requestsOf = (account: string) =>
	delivery.sandbox.requests.filter(({ accountId }) => accountId === account);

/** Types that say something about the person, the project, the key or the moment. */
const passing = [
	'action_already_performed',
	'invalid_recipient',
	'resource_not_found',
	'invalid_resource_identifier',
	'unprocessable_entity',
	'invalid_parameters',
	'resource_access_restricted',
	'insufficient_permissions',
	'account_mismatch',
	'provider_unreachable',
	'account_configuration_error',
];

describe('after a failure that says that the account cannot act', () => {
	test.each(STOPPING)('%s: nothing more is sent for it', async (type) => {
		delivery.sandbox.fail(refusal(type), { userId: 'AEM1' });
		const result = await delivery.run({ items: people(5), onError });
		expect(usersOf(delivery.sandbox.requests)).toEqual(['AEM0', 'AEM1']);
		expect(fates(result)).toEqual([
			...['performed', 'refused'],
			...['not_sent', 'not_sent', 'not_sent'],
		]);
		const [, ...rest] = errorsOf(result);
		for (const error of rest) {
			expect(error).toMatchObject({ type: 'client/account_stopped', status: null, attempts: 0 });
		}
	});

	test.each(passing)('%s says nothing of the kind: it goes on', async (type) => {
		delivery.sandbox.fail(refusal(type), { userId: 'AEM1' });
		const result = await delivery.run({ items: people(3), onError });
		expect(fates(result)).toEqual(['performed', 'refused', 'performed']);
	});

	test('each person who is not sent is told why', async () => {
		delivery.sandbox.fail(restricted, { userId: 'AEM0' });
		const result = await delivery.run({ items: people(3), onError });
		const [, ...rest] = errorsOf(result);
		expect(rest).toHaveLength(2);
		for (const { message, user, account_id } of rest) {
			expect(message).toContain('acc_a');
			expect(message).toMatch(/restricted/i);
			expect(message).toMatch(/not sent/i);
			expect([user, account_id]).toEqual([expect.stringMatching(/^AEM[12]$/), 'acc_a']);
		}
	});

	test.each(CONTINUE_MODES)('other accounts go on: %s', async (mode) => {
		const items = people(8).map(({ user }, index) => ({ user, account: `acc_${index % 2}` }));
		delivery.sandbox.fail(restricted, { accountId: 'acc_0' });
		const result = await delivery.run({ items, onError: mode });
		expect(requestsOf('acc_0')).toHaveLength(1);
		expect(requestsOf('acc_1')).toHaveLength(4);
		expect(fates(result)).toEqual([
			...['refused', 'performed', 'not_sent', 'performed'],
			...['not_sent', 'performed', 'not_sent', 'performed'],
		]);
	});

	test('the tries that had been in flight are settled, and nothing follows', async () => {
		delivery.sandbox.fail(restricted, { accountId: 'acc_a', after: 7, times: 'always' });
		const result = await delivery.run({ items: people(50), onError });
		expect(delivery.sandbox.requests).toHaveLength(8);
		expect(fates(result).filter((fate) => fate === 'not_sent')).toHaveLength(42);
	});

	test("n8n's Retry On Fail does not ask for the account again", async () => {
		delivery.sandbox.fail(restricted, { times: 'always' });
		const retryOnFail = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
		const result = await delivery.run({ items: people(3), onError, ...retryOnFail });
		expect(delivery.sandbox.requests).toHaveLength(1);
		expect(fates(result)).toEqual(['refused', 'not_sent', 'not_sent']);
		expect(errorsOf(result)[0]).toMatchObject({ type: 'errors/account_restricted', attempts: 1 });
	});

	test('a look-up that says so stops the account as well', async () => {
		delivery.sandbox.fail(restricted, { operation: 'getUserProfile' });
		const result = await delivery.run({
			items: ['jonas-lindqvist', 'priya-raghunathan'].map((user) => ({ account: 'acc_a', user })),
			parameters: {
				resource: 'candidate',
				operation: 'addToPipeline',
				accountId: { __rl: true, mode: 'id', value: '={{ $json.account }}' },
				userId: { __rl: true, mode: 'publicProfile', value: '={{ $json.user }}' },
				hiringProjectId: { __rl: true, mode: 'id', value: 'proj_test' },
			},
			onError,
		});
		expect(delivery.sandbox.requests).toHaveLength(1);
		expect(errorsOf(result)).toMatchObject([
			{ type: 'errors/account_restricted' },
			{ outcome: 'not_sent', type: 'client/account_stopped' },
		]);
	});

	test('it may be tried again in the next execution', async () => {
		delivery.sandbox.fail(restricted);
		await delivery.run({ items: people(2), onError });
		const result = await delivery.run({ items: people(2), onError });
		expect(fates(result)).toEqual(['performed', 'performed']);
	});

	test('and in the next run of the node', async () => {
		delivery.sandbox.fail(restricted);
		const result = await delivery.startWorkflow(twoRuns({ onError })).finished;
		expect(result.runData[NODES.node]).toHaveLength(2);
		expect(delivery.sandbox.requests).toHaveLength(2);
		expect(delivery.sandbox.performed).toHaveLength(1);
	});

	test('in stop mode it is the failure that ends the run', async () => {
		delivery.sandbox.fail(restricted, { userId: 'AEM1' });
		const result = await delivery.run({ items: people(4) });
		expect(errorData(result)).toMatchObject({ type: 'errors/account_restricted' });
		expect(delivery.sandbox.requests).toHaveLength(2);
	});
});

describe('a lane that stays closed for more than five minutes', () => {
	/** A minute less and a second more than five minutes. */
	const [short, long] = [240, 301];
	const closed = (retryAfterSeconds: number): Fault => ({ kind: 'rateLimit', retryAfterSeconds });

	test('stops the account at once, not after fifty requests', async () => {
		delivery.clock.hold();
		delivery.sandbox.fail(closed(3600));
		const result = await delivery.run({ items: people(50, 'acc_hour'), onError });
		expect(delivery.sandbox.requests).toHaveLength(1);
		expect(fates(result)).toEqual(['refused', ...Array(49).fill('not_sent')]);
		const [first, ...rest] = errorsOf(result);
		expect(first).toMatchObject({ status: 429, attempts: 1 });
		expect(first.message).toMatch(/60 minutes|1 hour/);
		for (const { type, message } of rest) {
			expect(type).toBe('client/account_stopped');
			expect(message).toMatch(/60 minutes|1 hour|\d\d:\d\d/);
		}
		await delivery.clock.advance(3_601_000);
	});

	test.each([
		['as seconds', { kind: 'rateLimit', retryAfterSeconds: long }],
		['as a date', { kind: 'rateLimit', retryAfterSeconds: long, format: 'date' }],
		[
			'with 503',
			{
				kind: 'apiError',
				type: 'service_unavailable',
				headers: { 'Retry-After': String(long) },
			},
		],
	] as Array<[string, Fault]>)('%s', async (name, fault) => {
		delivery.clock.hold();
		delivery.sandbox.fail(fault);
		const account = `acc_long ${name}`;
		const result = await delivery.run({ items: people(3, account), onError });
		expect(delivery.sandbox.requests).toHaveLength(1);
		expect(fates(result)).toEqual(['refused', 'not_sent', 'not_sent']);
		await delivery.clock.advance(1000 * (long + 1));
	});

	test('does so in every execution, until it opens', async () => {
		const { clock, sandbox } = delivery;
		clock.hold();
		const run = async () => await delivery.run({ items: people(1, 'acc_x'), onError });
		sandbox.fail(closed(long));
		await run();
		expect(fates(await run())).toEqual(['not_sent']);
		expect(errorsOf(await run())).toMatchObject([{ type: 'client/account_stopped', attempts: 0 }]);
		await clock.advance(1000 * (long - 2));
		expect(sandbox.requests).toHaveLength(1);
		await clock.advance(3000);
		expect(fates(await run())).toEqual(['performed']);
		expect(sandbox.requests).toHaveLength(2);
	});

	test('is not one that opens sooner: the rest waits, and goes on', async () => {
		const { clock, sandbox } = delivery;
		sandbox.fail(closed(short));
		const result = await clock.moving(
			delivery.run({ items: people(3, 'acc_y'), options: alone, onError }),
		);
		expect(fates(result)).toEqual(['refused', 'performed', 'performed']);
		const [first, second] = sandbox.requests;
		expect(second.arrivedAt - first.answeredAt!).toBeGreaterThanOrEqual(1000 * short - 2);
	});

	test('leaves other accounts alone', async () => {
		const { clock, sandbox } = delivery;
		clock.hold();
		sandbox.fail(closed(long), { accountId: 'acc_z' });
		const items = [...people(2, 'acc_z'), ...people(4, 'acc_b').slice(2)];
		const result = await delivery.run({ items, onError });
		expect(fates(result)).toEqual(['refused', 'not_sent', 'performed', 'performed']);
		await clock.advance(1000 * (long + 1));
	});
});

test('no request of a lane leaves before the Retry-After of another execution is over', async () => {
	const { clock, sandbox } = delivery;
	clock.hold();
	sandbox.fail({ kind: 'rateLimit', retryAfterSeconds: 60 }, { userId: 'AEM0' });
	const first = await delivery.run({ items: people(1, 'acc_w'), options: alone, onError });
	expect(fates(first)).toEqual(['refused']);
	const second = delivery.start({ items: people(2, 'acc_w').slice(1), onError });
	await until(() => clock.pending.length > 0, 'the second execution waited');
	await clock.advance(59_000);
	expect(sandbox.requests).toHaveLength(1);
	await clock.advance(2_000);
	expect(fates(await second.finished)).toEqual(['performed']);
});
