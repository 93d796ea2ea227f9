import type { IDataObject } from 'n8n-workflow';

import type { Fault, RecordedRequest, Sandbox } from '../../sandbox';
import { performed, type RunResult } from '../../harness/engine';
import {
	addCandidate,
	byId,
	errorData,
	fates,
	itemsOf,
	keysOf,
	people,
	rejectApplicant,
	startDelivery,
	usersOf,
	type Settings,
	type Where,
} from './support/delivery';

const delivery = startDelivery();

const refusal: Fault = { kind: 'apiError', type: 'unprocessable_entity' };
const lost: Fault = { kind: 'drop', when: 'after' };

const items = people(5);
const users = items.map(({ user }) => user);
const alone = { maxRetries: 0 };

const requestsFor = (user: string, { requests }: Sandbox = delivery.sandbox) =>
	requests.filter(({ userId }) => userId === user);

/** A run in stop mode that the third of five people has ended. */
async function failAtTheThird(
	fault: Fault,
	settings: Settings = {},
	where: Where = {},
): Promise<RunResult> {
	const { at = delivery.sandbox } = where;
	(at as Sandbox).fail(fault, { userId: 'AEM2' });
	const result = await delivery.run({ items, options: alone, ...settings }, where);
	expect(result.status).toBe('error');
	expect(usersOf((at as Sandbox).requests)).toEqual(['AEM0', 'AEM1', 'AEM2']);
	return result;
}

const sameRequest = ([first, ...others]: readonly RecordedRequest[]) =>
	others.every(
		({ path, rawBody, idempotencyKey }) =>
			path === first.path && rawBody === first.rawBody && idempotencyKey === first.idempotencyKey,
	);

describe('n8n: Executions > Retry', () => {
	test('makes another execution of the same items', async () => {
		const first = await failAtTheThird(refusal);
		const second = await delivery.retry(first);
		expect(second.executionId).not.toBe(first.executionId);
		expect(second.status).toBe('success');
		expect(performed(second)).toHaveLength(5);
	});
});

describe('a person who was performed', () => {
	test('is not sent again; who was refused is asked for anew, and the rest goes on', async () => {
		const first = await failAtTheThird(refusal);
		const second = await delivery.retry(first);
		expect(fates(second)).toEqual(users.map(() => 'performed'));
		expect(usersOf(delivery.sandbox.requests)).toEqual([
			...['AEM0', 'AEM1', 'AEM2'],
			...['AEM2', 'AEM3', 'AEM4'],
		]);
		expect(usersOf(delivery.sandbox.performed)).toEqual(users);
	});

	test('puts out what the first execution would have put out', async () => {
		const wanted = performed(await delivery.run({ items }));
		delivery.sandbox.reset();
		const second = await delivery.retry(await failAtTheThird(refusal));
		expect(performed(second)).toEqual(wanted);
	});

	test('is not sent again with the workflow as it was changed in the meantime', async () => {
		const first = await failAtTheThird(refusal);
		const workflow = itemsOf({ items, parameters: { ...addCandidate, stage: 'REPLIED' } });
		const second = await delivery.retry(first, { workflow });
		expect(fates(second)).toEqual(users.map(() => 'performed'));
		expect(requestsFor('AEM0')).toHaveLength(1);
		expect(delivery.sandbox.performed.map(({ body }) => 'stage' in body && body.stage)).toEqual([
			...['UNCONTACTED', 'UNCONTACTED'],
			...['REPLIED', 'REPLIED', 'REPLIED'],
		]);
	});

	test('is not sent again; of who cannot be sent any more it is said why', async () => {
		const first = await failAtTheThird(refusal);
		const parameters = {
			...addCandidate,
			stage: '={{ $json.user === "AEM2" ? "HIRED" : "REPLIED" }}',
		};
		const second = await delivery.retry(first, { workflow: itemsOf({ items, parameters }) });
		expect(errorData(second)).toMatchObject({
			type: 'client/validation',
			outcome: 'not_sent',
			status: null,
		});
		expect(second.error?.message).toMatch(/Stage.*HIRED/);
		expect(delivery.sandbox.requests).toHaveLength(3);
	});

	test('is not sent again by a retry of a retry', async () => {
		delivery.sandbox.fail(refusal, { userId: 'AEM3' });
		const second = await delivery.retry(await failAtTheThird(refusal));
		expect(second.status).toBe('error');
		const third = await delivery.retry(second);
		expect(fates(third)).toEqual(users.map(() => 'performed'));
		expect(usersOf(delivery.sandbox.performed)).toEqual(users);
		for (const user of ['AEM0', 'AEM1']) expect(requestsFor(user)).toHaveLength(1);
		for (const user of ['AEM2', 'AEM3']) expect(requestsFor(user)).toHaveLength(2);
	});

	test('is not sent again after several tries of Retry On Fail', async () => {
		delivery.sandbox.fail(refusal, { userId: 'AEM1', times: 3 });
		const retryOnFail = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
		const first = await delivery.run({ items, options: alone, ...retryOnFail });
		expect(first.status).toBe('error');
		const second = await delivery.retry(first);
		expect(fates(second)).toEqual(users.map(() => 'performed'));
		expect(requestsFor('AEM0')).toHaveLength(1);
		expect(requestsFor('AEM1')).toHaveLength(4);
		expect(new Set(keysOf(requestsFor('AEM1'))).size).toBe(4);
	});

	test('is not sent again by a second retry of the same execution', async () => {
		const first = await failAtTheThird(refusal);
		const second = await delivery.retry(first);
		const third = await delivery.retry(first);
		expect([...fates(second), ...fates(third)]).toEqual(Array(10).fill('performed'));
		// Both start from the same state: they ask under the same keys, and PostPress answers a replay.
		expect(usersOf(delivery.sandbox.performed)).toEqual(users);
		for (const user of ['AEM0', 'AEM1']) expect(requestsFor(user)).toHaveLength(1);
		for (const user of ['AEM3', 'AEM4']) expect(sameRequest(requestsFor(user))).toBe(true);
	});

	test('in another account is waited for, and not sent again', async () => {
		const two = [
			{ account: 'acc_slow', user: 'AEM0' },
			{ account: 'acc_b', user: 'AEM1' },
		];
		delivery.sandbox.fail({ kind: 'latency', ms: 200 }, { userId: 'AEM0' });
		delivery.sandbox.fail(refusal, { userId: 'AEM1' });
		const first = await delivery.run({ items: two, options: alone });
		expect(first.status).toBe('error');
		const second = await delivery.retry(first);
		expect(fates(second)).toEqual(['performed', 'performed']);
		expect(requestsFor('AEM0')).toHaveLength(1);
	});
});

describe('a person in doubt', () => {
	test('is asked for word by word under the same key', async () => {
		const moving = { ...rejectApplicant, sendNotificationAt: '={{ $now.plus({ days: 1 }) }}' };
		const first = await failAtTheThird(lost, { parameters: moving });
		expect(errorData(first)).toMatchObject({ outcome: 'unknown' });
		const second = await delivery.retry(first);
		expect(fates(second)).toEqual(users.map(() => 'performed'));
		expect(requestsFor('AEM2')).toHaveLength(2);
		expect(sameRequest(requestsFor('AEM2'))).toBe(true);
		expect(usersOf(delivery.sandbox.performed)).toEqual(users);
	});

	test('stays unknown where PostPress ignores the key', async () => {
		const { careless } = delivery;
		const first = await failAtTheThird(lost, {}, { at: careless });
		const second = await delivery.retry(first, { at: careless });
		expect(second.status).toBe('error');
		expect(errorData(second)).toMatchObject({
			outcome: 'unknown',
			type: 'errors/action_already_performed',
			attempts: 2,
		});
		expect(sameRequest(requestsFor('AEM2', careless))).toBe(true);
		expect(careless.performed).toHaveLength(3);
	});

	test('stays in doubt after a refusal, under the same key', async () => {
		const { careless } = delivery;
		const first = await failAtTheThird({ kind: 'drop', when: 'before' }, {}, { at: careless });
		careless.fail(refusal, { userId: 'AEM2' });
		const second = await delivery.retry(first, { at: careless });
		expect(errorData(second)).toMatchObject({ outcome: 'unknown', attempts: 2 });
		const third = await delivery.retry(second, { at: careless });
		expect(fates(third)).toEqual(users.map(() => 'performed'));
		expect(requestsFor('AEM2', careless)).toHaveLength(3);
		expect(sameRequest(requestsFor('AEM2', careless))).toBe(true);
	});
});

test('a person who was refused gets through where PostPress stores refusals by key', async () => {
	const { stubborn } = delivery;
	const first = await failAtTheThird(refusal, {}, { at: stubborn });
	const second = await delivery.retry(first, { at: stubborn });
	expect(fates(second)).toEqual(users.map(() => 'performed'));
	expect(keysOf(requestsFor('AEM2', stubborn))).toHaveLength(2);
});

test('a person by public profile is not sent again either', async () => {
	const parameters = {
		...addCandidate,
		userId: { __rl: true, mode: 'publicProfile', value: '={{ $json.user }}' },
	};
	const two = [
		{ account: 'acc_a', user: 'https://www.linkedin.com/in/amara-okafor-94f4dbb7' },
		{ account: 'acc_a', user: 'https://www.linkedin.com/in/jonas-lindqvist' },
	];
	const actions = () =>
		delivery.sandbox.requests.filter(({ operation }) => operation === 'performAction');
	const wanted = await delivery.run({ items: two, parameters });
	expect(wanted.status).toBe('success');
	const [first, second] = usersOf(delivery.sandbox.performed) as [string, string];
	delivery.sandbox.reset();

	delivery.sandbox.fail(refusal, { userId: second });
	const failing = await delivery.run({ items: two, parameters, options: alone });
	const retried = await delivery.retry(failing);
	expect(fates(retried)).toEqual(['performed', 'performed']);
	expect(usersOf(actions())).toEqual([first, second, second]);
});

test('what is kept for a retry holds no secret', async () => {
	const first = await failAtTheThird(lost);
	expect(first.find(delivery.sandbox.apiKey)).toEqual([]);
	const second = await delivery.retry(first);
	expect(second.find(delivery.sandbox.apiKey)).toEqual([]);
});

test('another execution of the same workflow knows nothing of it', async () => {
	const first = await failAtTheThird(refusal);
	const json: IDataObject[] = items;
	await delivery.run({ items: json, onError: 'continueRegularOutput' });
	expect(requestsFor('AEM0')).toHaveLength(2);
	expect(keysOf(requestsFor('AEM0'))).toHaveLength(2);
	expect(first.executionId).toBeDefined();
});

test('a person whose item is another by then is a new action', async () => {
	const first = await failAtTheThird(refusal);
	const workflow = itemsOf({
		items,
		parameters: { ...addCandidate, hiringProjectId: byId('other') },
	});
	await delivery.retry(first, { workflow });
	expect(keysOf(requestsFor('AEM2'))).toHaveLength(2);
	expect(
		delivery.sandbox.performed.map(
			({ body }) => 'hiring_project_id' in body && body.hiring_project_id,
		),
	).toEqual([...['proj_test', 'proj_test'], ...['other', 'other', 'other']]);
});

test('who is in doubt is named as they were asked for, whatever the workflow says by now', async () => {
	const { careless } = delivery;
	careless.fail({ kind: 'drop', when: 'after' }, { userId: 'AEM2' });
	const first = await delivery.run({ items, options: alone }, { at: careless });
	const parameters = { ...addCandidate, userId: byId('AEM_other'), hiringProjectId: byId('other') };
	const workflow = itemsOf({ items, options: alone, parameters });
	const second = await delivery.retry(first, { at: careless, workflow });
	const asked = { outcome: 'unknown', user: 'AEM2', hiring_project_id: 'proj_test' };
	expect(second.error?.context?.data).toMatchObject(asked);
	expect(second.error?.message).toContain('AEM2');
	expect(second.error?.message).not.toContain('AEM_other');
});
