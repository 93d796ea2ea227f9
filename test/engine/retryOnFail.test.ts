import type { OnError } from 'n8n-workflow';

import type { Fault } from '../../sandbox';
import { failed, performed } from '../../harness/engine';
import {
	addCandidate,
	errorsOf,
	fates,
	keysOf,
	people,
	rejectApplicant,
	startDelivery,
	twoRuns,
	until,
	usersOf,
} from './support/delivery';

const delivery = startDelivery();
const { clock } = delivery;

/** n8n's Retry On Fail with the least wait that it allows; the node itself does not retry. */
const retryOnFail = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
const alone = { maxRetries: 0 };

const refusal: Fault = { kind: 'apiError', type: 'unprocessable_entity' };
const everyMode: OnError[] = ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'];

const requestsFor = (user: string) =>
	delivery.sandbox.requests.filter(({ userId }) => userId === user);

/** The users of the fault-free items are sent once each, whatever becomes of the others. */
const expectSentOnce = (users: string[]) => {
	for (const user of users) expect(requestsFor(user)).toHaveLength(1);
};

const others = (failing: number) =>
	people(5)
		.map(({ user }) => user)
		.filter((_, index) => index !== failing);

describe.each([
	['the first item', 0],
	['an item in the middle', 2],
	['the last item', 4],
])('%s fails', (_, failing) => {
	const items = people(5);
	const { user: userId } = items[failing];

	describe('in stop mode', () => {
		test('in two tries and not in the third: all are performed, once', async () => {
			delivery.sandbox.fail(refusal, { userId, times: 2 });
			const result = await delivery.run({ items, ...retryOnFail });
			expect(result.status).toBe('success');
			expect(fates(result)).toEqual(items.map(() => 'performed'));
			expect(requestsFor(userId)).toHaveLength(3);
			// A definite refusal each: with the same key, PostPress may answer with the first for ever.
			expect(keysOf(requestsFor(userId))).toHaveLength(3);
			expectSentOnce(others(failing));
			expect(usersOf(delivery.sandbox.performed)).toEqual(items.map(({ user }) => user));
		});

		test('in every try: the items before it are performed once, those after it not sent', async () => {
			delivery.sandbox.fail(refusal, { userId, times: 'always' });
			const result = await delivery.run({ items, ...retryOnFail });
			expect(result.status).toBe('error');
			expect(requestsFor(userId)).toHaveLength(3);
			expectSentOnce(others(failing).slice(0, failing));
			expect(delivery.sandbox.requests).toHaveLength(failing + 3);
			expect(delivery.sandbox.performed).toHaveLength(failing);
			expect(result.error?.context).toMatchObject({
				itemIndex: failing,
				data: { outcome: 'refused', attempts: 3 },
			});
			expect(result.error?.description).toContain(`Item ${failing + 1} of 5`);
			expect(result.error?.description).toContain(`${failing} performed`);
			expect(result.error?.description).toContain(`${4 - failing} not sent`);
		});
	});

	// n8n tries again in these modes only if the first item has failed.
	const tries = failing === 0 ? 3 : 1;

	describe.each(everyMode.slice(1))('in mode %s', (onError) => {
		test('and not in a second try: succeeded items are sent once', async () => {
			delivery.sandbox.fail(refusal, { userId });
			const result = await delivery.run({ items, onError, ...retryOnFail });
			expect(result.status).toBe('success');
			expect(fates(result)).toEqual(
				items.map((__, index) => (index === failing && tries === 1 ? 'refused' : 'performed')),
			);
			expect(requestsFor(userId)).toHaveLength(tries === 1 ? 1 : 2);
			expectSentOnce(others(failing));
		});

		test('in every try: the others are performed once, and it is an item among them', async () => {
			delivery.sandbox.fail(refusal, { userId, times: 'always' });
			const result = await delivery.run({ items, onError, ...retryOnFail });
			expect(fates(result)).toEqual(
				items.map((__, index) => (index === failing ? 'refused' : 'performed')),
			);
			expect(errorsOf(result)).toMatchObject([{ outcome: 'refused', attempts: tries }]);
			expect(requestsFor(userId)).toHaveLength(tries);
			expect(keysOf(requestsFor(userId))).toHaveLength(tries);
			expectSentOnce(others(failing));
			expect(failed(result)).toHaveLength(onError === 'continueErrorOutput' ? 1 : 0);
		});
	});
});

describe('a later try', () => {
	test('puts out for an item what its own try put out', async () => {
		delivery.sandbox.fail(refusal, { userId: 'AEM1' });
		const items = people(2);
		const result = await delivery.run({ items, ...retryOnFail });
		expect(performed(result)).toEqual(
			items.map(({ user }, item) => ({
				json: {
					outcome: 'performed',
					action: 'addCandidateToPipeline',
					user_id: user,
					hiring_project_id: 'proj_test',
					stage: 'UNCONTACTED',
					account_id: 'acc_a',
					api: 'recruiter',
					object: 'LinkedinPerformActionOnUser',
					success: true,
				},
				pairedItem: { item },
			})),
		);
	});

	describe.each(everyMode)(
		'that finds an unknown item already performed, in mode %s',
		(onError) => {
			const run = async (alreadyPerformedIsSuccess: boolean) => {
				const { careless } = delivery;
				careless.fail({ kind: 'drop', when: 'after' }, { userId: 'AEM0' });
				const options = { ...alone, alreadyPerformedIsSuccess };
				const batch = { items: people(3), options, onError, ...retryOnFail };
				return await delivery.run(batch, { at: careless });
			};

			test('leaves it unknown: it may have been done before, otherwise', async () => {
				const result = await run(false);
				const data = onError === 'stopWorkflow' ? result.error?.context?.data : errorsOf(result)[0];
				expect(data).toMatchObject({ outcome: 'unknown', type: 'errors/action_already_performed' });
				expect(usersOf(delivery.careless.performed)).toEqual(
					onError === 'stopWorkflow' ? ['AEM0'] : ['AEM0', 'AEM1', 'AEM2'],
				);
			});

			test('takes it for performed with the option', async () => {
				const { careless } = delivery;
				const result = await run(true);
				expect(result.status).toBe('success');
				expect(fates(result)).toEqual(['performed', 'performed', 'performed']);
				expect(performed(result)[0].json).toMatchObject({ success: true, already_performed: true });
				expect(usersOf(careless.requests).filter((user) => user === 'AEM0')).toHaveLength(2);
				expect(careless.requests).toHaveLength(4);
				expect(careless.performed).toHaveLength(3);
			});
		},
	);

	test('that is refused leaves an unknown item unknown', async () => {
		delivery.sandbox.fail({ kind: 'drop', when: 'before' });
		delivery.sandbox.fail(refusal, { times: 'always' });
		const result = await delivery.run({ options: alone, ...retryOnFail });
		expect(result.error?.context).toMatchObject({
			data: { outcome: 'unknown', type: 'errors/unprocessable_entity', attempts: 3 },
		});
		expect(result.error?.message).toContain('may have been performed');
	});

	test("has the node's own retries again", async () => {
		delivery.sandbox.fail({ kind: 'apiError', type: 'no_channel' }, { times: 4 });
		const options = { maxRetries: 1, retryWait: 0.01 };
		const result = await delivery.run({ options, ...retryOnFail });
		expect(fates(result)).toEqual(['performed']);
		expect(delivery.sandbox.requests).toHaveLength(5);
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(5);
	});

	test('has the same key without an execution id, while an answer is in doubt', async () => {
		delivery.sandbox.fail({ kind: 'drop', when: 'before' }, { userId: 'AEM1', times: 2 });
		const batch = { items: people(2), options: alone, ...retryOnFail };
		await delivery.run(batch, { executionId: undefined });
		expect(requestsFor('AEM1')).toHaveLength(3);
		expect(keysOf(requestsFor('AEM1'))).toHaveLength(1);
		expectSentOnce(['AEM0']);
	});

	test('waits for what an earlier one had in flight', async () => {
		const items = [
			{ account: 'acc_fast', user: 'AEMfast' },
			{ account: 'acc_slow', user: 'AEMslow' },
		];
		delivery.sandbox.fail(refusal, { accountId: 'acc_fast', times: 2 });
		delivery.sandbox.fail({ kind: 'latency', ms: 200 }, { accountId: 'acc_slow' });
		const result = await delivery.run({ items, ...retryOnFail });
		expect(fates(result)).toEqual(['performed', 'performed']);
		expectSentOnce(['AEMslow']);
		const [, second] = requestsFor('AEMfast');
		const [slow] = requestsFor('AEMslow');
		expect(second.arrivedAt).toBeGreaterThan(slow.answeredAt!);
	});

	test('asks nobody again who was still on their way when n8n gave up the earlier one', async () => {
		// Before 2.39 n8n ends a try at the expression that fails, and begins the next one at once.
		const parameters = {
			...rejectApplicant,
			reason:
				"={{ $json.user === 'AEM3' ? $('Nope').item.json.reason : 'MORE_QUALIFIED_CANDIDATES' }}",
			notifyApplicant: true,
			rejectionMessage: '=Thank you. {{ Math.random() }}',
		};
		delivery.sandbox.fail({ kind: 'latency', ms: 50 }, { times: 'always' });
		const onError = 'continueErrorOutput';
		await delivery.run({ items: people(4), parameters, onError, ...retryOnFail });
		await delivery.everyLaneGone();
		expectSentOnce(['AEM0', 'AEM1', 'AEM2']);
	});

	test('counts as refused what an earlier one saw refused and this one does not reach', async () => {
		// acc_a rests while acc_b fails again: its pause does not end, n8n's own wait does.
		clock.hold(1);
		const items = [
			{ account: 'acc_a', user: 'AEM0', pause: 1.6 },
			{ account: 'acc_b', user: 'AEM1', pause: 0 },
			{ account: 'acc_b', user: 'AEM2', pause: 0 },
		];
		delivery.sandbox.fail(refusal, { userId: 'AEM0', times: 'always' });
		delivery.sandbox.fail({ kind: 'latency', ms: 100 }, { userId: 'AEM1' });
		delivery.sandbox.fail(refusal, { userId: 'AEM2', times: 'always' });
		const result = await delivery.run({
			items,
			options: { delayBetweenRequests: '={{ $json.pause }}' },
			...retryOnFail,
			maxTries: 2,
		});
		expect(usersOf(delivery.sandbox.requests)).toEqual(['AEM0', 'AEM1', 'AEM2']);
		expect(result.error?.context).toMatchObject({ itemIndex: 2 });
		expect(result.error?.description).toMatch(/1 performed \(2\), 1 refused \(1\), 0 not sent/);
	});

	test('sends nothing while an item cannot be sent', async () => {
		const items = [...people(3), { account: 'acc_a', user: '' }];
		const result = await delivery.run({ items, ...retryOnFail });
		expect(result.error?.context).toMatchObject({ itemIndex: 3, data: { outcome: 'not_sent' } });
		expect(delivery.sandbox.requests).toEqual([]);
	});

	test('sends nothing while an expression fails', async () => {
		const parameters = { ...addCandidate, stage: "={{ $('Nope').item.json.stage }}" };
		const result = await delivery.run({ items: people(3), parameters, ...retryOnFail });
		expect(result.status).toBe('error');
		expect(delivery.sandbox.requests).toEqual([]);
	});

	test('of one run knows nothing of another run in the same execution', async () => {
		delivery.sandbox.fail(refusal, { times: 2 });
		const workflow = twoRuns({
			...retryOnFail,
			options: { alreadyPerformedIsSuccess: true },
		});
		const result = await delivery.startWorkflow(workflow).finished;
		expect(result.status).toBe('success');
		expect(delivery.sandbox.requests).toHaveLength(4);
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(4);
		expect(performed(result).map(({ json }) => json.already_performed)).toEqual([undefined, true]);
	});

	test.each([1, 2, 10])('of a batch of %i that never succeeds ends after three', async (count) => {
		delivery.sandbox.fail(refusal, { times: 'always' });
		const result = await delivery.run({
			items: people(count),
			onError: 'continueRegularOutput',
			...retryOnFail,
		});
		expect(fates(result)).toEqual(Array(count).fill('refused'));
		expect(delivery.sandbox.requests).toHaveLength(3 * count);
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(3 * count);
	});
});

describe('parameters that come out otherwise in a later try', () => {
	const reject = (sendNotificationAt: string) => ({
		...addCandidate,
		resource: 'applicant',
		operation: 'reject',
		reason: 'MORE_QUALIFIED_CANDIDATES',
		notifyApplicant: true,
		rejectionMessage: 'Thank you.',
		sendNotificationAt,
	});
	const moving = reject('={{ $now.plus({ days: 1 }) }}');

	test('do not make another action of what was performed', async () => {
		delivery.sandbox.fail(refusal, { userId: 'AEM1' });
		const result = await delivery.run({
			items: people(2),
			parameters: moving,
			options: alone,
			...retryOnFail,
		});
		expect(fates(result)).toEqual(['performed', 'performed']);
		expectSentOnce(['AEM0']);
		expect(delivery.sandbox.performed).toHaveLength(2);
	});

	test('do not make another action of what may have been performed', async () => {
		delivery.sandbox.fail({ kind: 'drop', when: 'after' }, { userId: 'AEM0' });
		const result = await delivery.run({
			items: people(1),
			parameters: moving,
			options: alone,
			...retryOnFail,
		});
		expect(fates(result)).toEqual(['performed']);
		const tries = requestsFor('AEM0');
		expect(tries).toHaveLength(2);
		expect(keysOf(tries)).toHaveLength(1);
		expect(new Set(tries.map(({ rawBody }) => rawBody)).size).toBe(1);
	});

	test('carry on the count of tries', async () => {
		delivery.sandbox.fail(refusal, { times: 'always' });
		const result = await delivery.run({
			items: people(1),
			parameters: { ...reject(''), rejectionMessage: '=Thank you. {{ Math.random() }}' },
			options: alone,
			onError: 'continueErrorOutput',
			...retryOnFail,
		});
		expect(delivery.sandbox.requests).toHaveLength(3);
		expect(errorsOf(result)).toMatchObject([{ outcome: 'refused', attempts: 3 }]);
	});

	test('that will not do by then leave performed what was performed', async () => {
		// The stage of the first person is there until the clock moves: in n8n's wait for the second try.
		clock.hold();
		delivery.sandbox.fail(refusal, { userId: 'AEM1' });
		const stage = `={{ $json.user === "AEM0" && Date.now() > ${clock.heldAt} ? "" : "CONTACTED" }}`;
		const { finished } = delivery.start({
			items: people(2),
			parameters: { ...addCandidate, stage },
			options: alone,
			...retryOnFail,
		});
		const isRefused = () => requestsFor('AEM1')[0]?.answered === 422;
		await until(isRefused, 'the first try had sent everything');
		const result = await clock.moving(finished);
		expect(fates(result)).toEqual(['performed', 'performed']);
		expectSentOnce(['AEM0']);
	});
});
