import type { Fault } from '../../sandbox';
import { failed, NODES, performed, type RunResult } from '../../harness/engine';
import {
	addCandidate,
	answersRead,
	fates,
	people,
	startDelivery,
	until,
	usersOf,
	type Settings,
} from './support/delivery';
import { byId } from './support/parameters';
import { testFailingExpression } from './support/versions';

const delivery = startDelivery();
const { clock } = delivery;

const refusal: Fault = { kind: 'apiError', type: 'unprocessable_entity' };
const alone = { maxRetries: 0 };

/** Of a request, in milliseconds: longer than any test; what hangs is made to exceed it. */
const timeout = 20_000;

/** Each test proves what was sent, also after the execution was over. */
afterEach(async () => {
	clock.release();
	await delivery.everyLaneGone();
});

/** The counts in the error's account of the run, by what they count. */
function accountIn({ error }: RunResult) {
	const text = String(error?.description);
	const [, item, total] = /Item (\d+) of (\d+)/.exec(text) ?? [];
	const count = (what: string) => Number(new RegExp(`(\\d+) ${what}`).exec(text)?.[1] ?? 0);
	return {
		item: Number(item),
		total: Number(total),
		performed: count('performed'),
		refused: count('refused'),
		unknown: count('perhaps performed'),
		notSent: count('not sent'),
	};
}

const none = { performed: 0, refused: 0, unknown: 0, notSent: 0 };

describe('one account', () => {
	test('the third of ten fails: three requests, and the error accounts for all ten', async () => {
		delivery.sandbox.fail(refusal, { userId: 'AEM2' });
		const result = await delivery.run({ items: people(10) });
		await delivery.everyLaneGone();
		expect(usersOf(delivery.sandbox.requests)).toEqual(['AEM0', 'AEM1', 'AEM2']);
		expect(usersOf(delivery.sandbox.performed)).toEqual(['AEM0', 'AEM1']);

		expect(result.status).toBe('error');
		expect(result.error?.name).toBe('NodeApiError');
		expect(result.error?.httpCode).toBe('422');
		expect(result.error?.message).toContain('Unprocessable entity');
		expect(result.error?.context).toMatchObject({
			itemIndex: 2,
			data: {
				outcome: 'refused',
				type: 'errors/unprocessable_entity',
				status: 422,
				instance: delivery.sandbox.requests[2].requestId,
				attempts: 1,
			},
		});
		expect(accountIn(result)).toEqual({ ...none, item: 3, total: 10, performed: 2, notSent: 7 });
		expect(result.error?.description).toContain('Item 3 of 10 was refused');
		const [run] = result.runData[NODES.node];
		expect(run).toMatchObject({ executionStatus: 'error', error: { context: { itemIndex: 2 } } });
		expect(result.runData[NODES.performed]).toBeUndefined();
	});

	test('the error names the person, as the parameter gave it, and the position', async () => {
		const user = 'https://www.linkedin.com/talent/profile/AEM2?trk=x';
		delivery.sandbox.fail(refusal, { userId: 'AEM2' });
		const items = people(10).map((one, index) => (index === 2 ? { ...one, user } : one));
		const result = await delivery.run({ items });
		expect(result.error?.message).toContain(user);
		expect(result.error?.description).toContain('Item 3 of 10');
		expect(result.error?.context?.data).toMatchObject({
			user,
			account_id: 'acc_a',
			hiring_project_id: 'proj_test',
			stage: 'UNCONTACTED',
		});
	});

	test.each([
		['the first', 0],
		['the last', 9],
	])('%s of ten fails', async (_, index) => {
		delivery.sandbox.fail(refusal, { userId: `AEM${index}` });
		const result = await delivery.run({ items: people(10) });
		await delivery.everyLaneGone();
		expect(delivery.sandbox.requests).toHaveLength(index + 1);
		expect(delivery.sandbox.performed).toHaveLength(index);
		expect(accountIn(result)).toEqual({
			...none,
			item: index + 1,
			total: 10,
			performed: index,
			notSent: 9 - index,
		});
	});

	test.each<[name: string, fault: Fault]>([
		['503 to the end', { kind: 'apiError', type: 'no_channel' }],
		['429 to the end', { kind: 'rateLimit' }],
		['401', { kind: 'apiError', type: 'invalid_credentials' }],
		['success: false', { kind: 'successFalse' }],
	])('any refusal ends the run: %s', async (_, fault) => {
		delivery.sandbox.fail(fault, { userId: 'AEM1', times: 'always' });
		const result = await delivery.run({ items: people(4), options: { retryWait: 0 } });
		await delivery.everyLaneGone();
		expect(accountIn(result)).toEqual({ ...none, item: 2, total: 4, performed: 1, notSent: 2 });
		expect(delivery.sandbox.performed).toHaveLength(1);
		expect(new Set(usersOf(delivery.sandbox.requests))).toEqual(new Set(['AEM0', 'AEM1']));
	});

	test('already performed, counted as success, does not end the run', async () => {
		const items = [...people(2), ...people(2)];
		const options = { alreadyPerformedIsSuccess: true };
		const result = await delivery.run({ items, options });
		expect(fates(result)).toEqual(Array(4).fill('performed'));
	});

	test('a run of one: no account of others', async () => {
		delivery.sandbox.fail(refusal);
		const result = await delivery.run({});
		expect(result.error?.context).toMatchObject({ itemIndex: 0, data: { outcome: 'refused' } });
		expect(result.error?.description).not.toMatch(/\bof 1\b|other items/);
		expect(delivery.sandbox.requests).toHaveLength(1);
	});

	test('an empty item', async () => {
		const result = await delivery.run({ items: [{}] });
		expect(result.status).toBe('error');
		expect(result.error?.message).toMatch(/Account/);
		expect(result.error?.context).toMatchObject({ itemIndex: 0, data: { outcome: 'not_sent' } });
		expect(delivery.sandbox.requests).toEqual([]);
	});
});

describe('several accounts', () => {
	test('what is in flight is waited for and counted; what waits is not sent', async () => {
		const items = [
			{ account: 'acc_ok', user: 'AEM0' },
			{ account: 'acc_fails', user: 'AEM1' },
			{ account: 'acc_slow', user: 'AEM2' },
			{ account: 'acc_slower', user: 'AEM3' },
			{ account: 'acc_fails', user: 'AEM4' },
			{ account: 'acc_slow', user: 'AEM5' },
			{ account: 'acc_slower', user: 'AEM6' },
			{ account: 'acc_slower', user: 'AEM7' },
		];
		delivery.sandbox.fail(refusal, { accountId: 'acc_fails' });
		delivery.sandbox.fail({ kind: 'latency', ms: 300 }, { accountId: 'acc_slow' });
		delivery.sandbox.fail({ kind: 'latency', ms: 400 }, { accountId: 'acc_slower' });
		const result = await delivery.run({ items });
		expect(delivery.sandbox.performed).toHaveLength(3);
		await delivery.everyLaneGone();
		expect(usersOf(delivery.sandbox.requests).sort()).toEqual(['AEM0', 'AEM1', 'AEM2', 'AEM3']);
		expect(result.error?.context).toMatchObject({ itemIndex: 1 });
		expect(accountIn(result)).toEqual({ ...none, item: 2, total: 8, performed: 3, notSent: 4 });
	});

	test('the item that ended the run is named, though an earlier one fails as well', async () => {
		const items = [
			{ account: 'acc_slow', user: 'AEM0' },
			{ account: 'acc_lost', user: 'AEM1' },
			{ account: 'acc_fails', user: 'AEM2' },
			{ account: 'acc_slow', user: 'AEM3' },
		];
		const { sandbox } = delivery;
		// acc_slow: the first answer is a 503, so that its refusal comes late.
		sandbox.fail({ kind: 'apiError', type: 'no_channel' }, { accountId: 'acc_slow' });
		sandbox.fail({ kind: 'hang', when: 'before' }, { accountId: 'acc_lost' });
		sandbox.fail(refusal, { accountId: 'acc_fails' });
		clock.hold();
		const { finished } = delivery.start({
			items,
			options: { retryWait: 1, maxRetries: 1 },
			requestOptions: { timeout },
		});
		await until(() => sandbox.requests.length === 3, 'all three accounts had a request');
		const isOfRetry = (wait: number) => wait >= 800 && wait <= 1200;
		await until(() => clock.begun.some(isOfRetry), 'the retry of acc_slow was waited for');
		await answersRead(sandbox);
		const result = await delivery.timingOut(finished);
		clock.release();
		await delivery.everyLaneGone();
		expect(usersOf(sandbox.requests).filter(Boolean)).toHaveLength(3);
		expect(result.error?.context).toMatchObject({
			itemIndex: 2,
			data: { outcome: 'refused', type: 'errors/unprocessable_entity' },
		});
		// The retries that were still to come are given up as well.
		expect(accountIn(result)).toMatchObject({
			item: 3,
			total: 4,
			performed: 0,
			refused: 1,
			unknown: 1,
			notSent: 1,
		});
	});

	test('a retry wait does not hold up the end', async () => {
		const items = [
			{ account: 'acc_waits', user: 'AEM0' },
			{ account: 'acc_fails', user: 'AEM1' },
		];
		delivery.sandbox.fail({ kind: 'apiError', type: 'no_channel' }, { accountId: 'acc_waits' });
		delivery.sandbox.fail(refusal, { accountId: 'acc_fails' });
		clock.hold();
		const result = await delivery.run({ items, options: { retryWait: 2 } });
		expect(delivery.sandbox.requests).toHaveLength(2);
		expect(accountIn(result)).toEqual({ ...none, item: 2, total: 2, refused: 1 });
	});

	test('of two that fail at once, one is named and both are counted', async () => {
		const items = people(10).map(({ user }, index) => ({ user, account: `acc_${index % 2}` }));
		delivery.sandbox.fail({ ...refusal }, { times: 'always' });
		const result = await delivery.run({ items });
		const { length } = delivery.sandbox.requests;
		expect([1, 2]).toContain(length);
		const { item, ...account } = accountIn(result);
		expect([1, 2]).toContain(item);
		expect(account).toEqual({ ...none, total: 10, refused: length - 1, notSent: 10 - length });
	});
});

describe('a lost answer', () => {
	test.each<[name: string, fault: Fault, counted: number]>([
		['dropped after the action', { kind: 'drop', when: 'after' }, 1],
		['dropped before the action', { kind: 'drop', when: 'before' }, 0],
		['a timeout', { kind: 'hang', when: 'after' }, 1],
		['502 HTML', { kind: 'html' }, 0],
		['504', { kind: 'apiError', type: 'request_timeout' }, 0],
		['truncated JSON', { kind: 'truncatedJson' }, 1],
	])('%s: the error says that the action may have been performed', async (_, fault, counted) => {
		delivery.sandbox.fail(fault, { userId: 'AEM1' });
		const result = await delivery.timingOut(
			delivery.run({ items: people(4), options: alone, requestOptions: { timeout } }),
		);
		await delivery.everyLaneGone();
		expect(delivery.sandbox.requests).toHaveLength(2);
		expect(delivery.sandbox.performed).toHaveLength(1 + counted);
		expect(result.error?.message).toContain('may have been performed');
		expect(result.error?.context).toMatchObject({ itemIndex: 1, data: { outcome: 'unknown' } });
		expect(accountIn(result)).toMatchObject({ item: 2, total: 4, performed: 1, notSent: 2 });
	});

	test('in an earlier try counts too, if the last one was refused', async () => {
		delivery.sandbox.fail({ kind: 'drop', when: 'before' });
		delivery.sandbox.fail(refusal);
		const result = await delivery.run({ options: { retryWait: 0.01 } });
		expect(result.error?.message).toContain('Unprocessable entity');
		expect(result.error?.message).toContain('may have been performed');
	});

	test('is not claimed where PostPress refused or nothing was sent', async () => {
		delivery.sandbox.fail(refusal);
		const refused = await delivery.run({});
		const invalid = await delivery.run({ items: [{ account: '', user: 'AEM0' }] });
		for (const { error } of [refused, invalid]) {
			expect(`${error?.message} ${error?.description}`).not.toContain('may have been performed');
		}
	});
});

describe('an item that cannot be sent', () => {
	test.each([
		['the first', 0],
		['the fifth', 4],
		['the last', 9],
	])('%s of ten: nothing is sent at all', async (_, index) => {
		const items = people(10);
		items[index].user = 'https://www.linkedin.com/in/somebody';
		const result = await delivery.run({ items });
		await delivery.everyLaneGone();
		expect(delivery.sandbox.requests).toEqual([]);
		expect(result.error?.message).toContain('https://www.linkedin.com/in/somebody');
		expect(result.error?.context).toMatchObject({
			itemIndex: index,
			data: { outcome: 'not_sent', type: 'client/validation', attempts: 0 },
		});
		expect(accountIn(result)).toEqual({ ...none, item: index + 1, total: 10, notSent: 9 });
	});

	test('on several accounts: nothing is sent on any', async () => {
		const items = people(6).map(({ user }, index) => ({ user, account: `acc_${index}` }));
		items[5].user = 'ACoAAA';
		const result = await delivery.run({ items });
		expect(delivery.sandbox.requests).toEqual([]);
		expect(result.error?.context).toMatchObject({ itemIndex: 5 });
	});

	test('two of them: the first is named', async () => {
		const items = people(4).map((item, index) => (index % 2 ? { ...item, user: '' } : item));
		const result = await delivery.run({ items });
		expect(result.error?.context).toMatchObject({ itemIndex: 1 });
		expect(accountIn(result)).toEqual({ ...none, item: 2, total: 4, notSent: 3 });
		expect(delivery.sandbox.requests).toEqual([]);
	});

	test('an option with an impossible value counts as well', async () => {
		const options = { maxRetries: '={{ $itemIndex === 3 ? "many" : 1 }}' };
		const result = await delivery.run({ items: people(4), options });
		expect(result.error?.message).toMatch(/Max Retries.*many/);
		expect(delivery.sandbox.requests).toEqual([]);
	});

	test('in the continue modes the other items are sent', async () => {
		for (const onError of ['continueRegularOutput', 'continueErrorOutput'] as const) {
			delivery.sandbox.reset();
			const items = people(10);
			items[4].user = '';
			const result = await delivery.run({ items, onError });
			expect(fates(result)).toEqual(
				items.map((_, index) => (index === 4 ? 'not_sent' : 'performed')),
			);
			expect(delivery.sandbox.requests).toHaveLength(9);
		}
	});
});

describe('an expression that fails', () => {
	/** Fails for the item with `fails`, in a parameter that stays as it is for the others. */
	const expressions: Array<[name: string, expression: string]> = [
		['names a node that is not there', "={{ $json.fails ? $('Nope').item.json.x : 'REPLIED' }}"],
		[
			'asks for an item that is not paired',
			`={{ $json.fails ? $('${NODES.performed}').item.json.x : 'REPLIED' }}`,
		],
		['throws', "={{ $json.fails ? (() => { throw new Error('Broken') })() : 'REPLIED' }}"],
	];
	const settings = (expression: string, failing: number): Settings => ({
		parameters: { ...addCandidate, stage: expression },
		items: people(10).map((item, index) => ({ ...item, fails: index === failing })),
	});

	test.each(expressions)('%s: nothing of the run is sent', async (_, expression) => {
		for (const failing of [0, 4, 9]) {
			const result = await delivery.run(settings(expression, failing));
			expect(result.status).toBe('error');
			expect(result.error?.context).toMatchObject({ itemIndex: failing });
			expect(delivery.sandbox.requests).toEqual([]);
		}
	});

	testFailingExpression.each(
		expressions.flatMap(([name, expression]) =>
			(['continueRegularOutput', 'continueErrorOutput'] as const).map(
				(onError) => [name, onError, expression] as const,
			),
		),
	)('%s: in mode %s the other items go on', async (_, onError, expression) => {
		const result = await delivery.run({ ...settings(expression, 4), onError });
		expect(result.status).toBe('success');
		const succeeded = [0, 1, 2, 3, 5, 6, 7, 8, 9];
		expect(usersOf(delivery.sandbox.performed)).toEqual(succeeded.map((item) => `AEM${item}`));

		const outputs = [performed(result), failed(result)].map((items) =>
			items.filter(({ json }) => json.success === true),
		);
		expect(outputs[0].map(({ pairedItem }) => pairedItem)).toEqual(
			succeeded.map((item) => ({ item })),
		);
		expect(outputs[1]).toEqual([]);
		// Most such items never reach the node: n8n reports them, in its own form.
		const broken = [...performed(result), ...failed(result)].filter(
			({ json }) => json.success !== true,
		);
		// n8n gives the node an empty value or its own text, by version.
		const error = broken[0].json.error as string | { title: string };
		expect(broken).toHaveLength(1);
		expect(typeof error === 'string' ? error : error.title).toMatch(/\w/);
		expect(failed(result)).toHaveLength(onError === 'continueErrorOutput' ? 1 : 0);
	});
});

describe('Execute Once', () => {
	test('sends the first of many items alone', async () => {
		const result = await delivery.run({ items: people(5), executeOnce: true });
		expect(performed(result).map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }]);
		expect(usersOf(delivery.sandbox.requests)).toEqual(['AEM0']);
	});

	test('is a run of one for the error, too', async () => {
		delivery.sandbox.fail(refusal);
		const result = await delivery.run({ items: people(5), executeOnce: true });
		expect(result.status).toBe('error');
		expect(delivery.sandbox.requests).toHaveLength(1);
		expect(result.error?.context).toMatchObject({ itemIndex: 0 });
		expect(result.error?.description).not.toContain('not sent');
	});
});

test('the same account in every item, the person fixed: each item is an action of its own', async () => {
	const parameters = {
		...addCandidate,
		accountId: byId('acc_a'),
		userId: byId('AEM0'),
		hiringProjectId: byId('={{ $itemIndex }}'),
	};
	const result = await delivery.run({ parameters, items: [{}, {}, {}] });
	expect(fates(result)).toEqual(['performed', 'performed', 'performed']);
	expect(Object.keys(delivery.sandbox.state.pipelines)).toEqual(
		expect.arrayContaining(['0', '1', '2']),
	);
});
