import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { Fault } from '../../sandbox';
import { failed, itemsWorkflow, NODES, performed } from '../../harness/engine';
import {
	addCandidate,
	byId,
	errorsOf,
	fates,
	people,
	rejectApplicant,
	startDelivery,
	usersOf,
} from './support/delivery';
import { noRetries } from './support/parameters';
import { CONTINUE_MODES } from './support/rig';

const delivery = startDelivery();

const refusal: Fault = { kind: 'apiError', type: 'unprocessable_entity' };

/** An item as an ATS may bring it, with columns named like everything that a failure consists of. */
const item = (user: string): IDataObject => ({
	account: 'acc_a',
	user,
	message: `Dear ${user}, thank you.`,
	details: { of: 'the ATS' },
	outcome: 'of the ATS',
	type: 'of the ATS',
	stage: 'of the ATS',
});

/** Ways to fail, one for each outcome and each place that finds out. */
const ways: Array<[name: string, item: IDataObject, fault?: Fault]> = [
	['refused', item('AEM0'), refusal],
	['unknown', item('AEM1'), { kind: 'drop', when: 'after' }],
	['not sent', item('ACoAAA')],
	['a gateway', item('AEM2'), { kind: 'html' }],
	['an account that is stopped', item('AEM3'), { kind: 'apiError', type: 'account_restricted' }],
	['behind an account that is stopped', item('AEM4')],
];

const run = async (onError: (typeof CONTINUE_MODES)[number]) => {
	for (const [, { user }, fault] of ways) {
		if (fault) delivery.sandbox.fail(fault, { userId: String(user) });
	}
	const items = ways.map(([, json]) => json);
	return await delivery.run({ items, options: { maxRetries: 0 }, onError });
};

test('a failed item has the one key "error" on the error output, beside its own data', async () => {
	const result = await run('continueErrorOutput');
	expect(performed(result)).toEqual([]);
	expect(failed(result)).toEqual(
		ways.map(([, json], index) => ({
			json: { ...json, error: expect.objectContaining({ attempts: expect.any(Number) }) },
			pairedItem: { item: index },
		})),
	);
});

test('a failed item has the one key "error" and nothing else on the only output', async () => {
	const result = await run('continueRegularOutput');
	expect(performed(result).map(({ json }) => Object.keys(json))).toEqual(ways.map(() => ['error']));
});

test('the error says what happened to whom, and what to do', async () => {
	const result = await run('continueErrorOutput');
	const errors = errorsOf(result);
	const known = {
		action: 'addCandidateToPipeline',
		account_id: 'acc_a',
		hiring_project_id: 'proj_test',
		stage: 'UNCONTACTED',
	};
	expect(errors).toMatchObject([
		{
			...known,
			outcome: 'refused',
			type: 'errors/unprocessable_entity',
			title: 'Unprocessable entity',
			status: 422,
			instance: delivery.sandbox.requests[0].requestId,
			attempts: 1,
			user: 'AEM0',
		},
		{ ...known, outcome: 'unknown', type: 'client/network', status: null, user: 'AEM1' },
		{ outcome: 'not_sent', type: 'client/validation', attempts: 0, user: 'ACoAAA' },
		{ ...known, outcome: 'unknown', type: 'client/unreadable_response', status: 502 },
		{ ...known, outcome: 'refused', type: 'errors/account_restricted', status: 403, user: 'AEM3' },
		{ ...known, outcome: 'not_sent', type: 'client/account_stopped', attempts: 0, user: 'AEM4' },
	]);
	for (const { message, user, title, outcome } of errors) {
		expect(message).toContain(String(user));
		if (outcome === 'refused') expect(message).toContain(title);
		// A sentence about what happened and one about what to do.
		expect(message).toMatch(/\w{3,}.*[.:] [A-Z"“].*\w{3,}/);
	}
});

test('the error has exactly the documented keys', async () => {
	const common = [
		'account_id',
		'action',
		'attempts',
		'detail',
		'instance',
		'message',
		'outcome',
		'status',
		'title',
		'type',
		'user',
	];
	const operations = [
		{ parameters: addCandidate, more: ['hiring_project_id', 'stage'], user: 'AEM0' },
		{ parameters: rejectApplicant, more: ['hiring_project_id', 'reason'], user: 'AEM0' },
		{
			parameters: {
				...addCandidate,
				resource: 'lead',
				operation: 'save',
				leadUserId: byId('={{ $json.user }}'),
				listId: byId('7154321558885357524'),
			},
			more: ['list_id'],
			user: 'ACwAAA',
		},
	];
	for (const { parameters, more, user } of operations) {
		delivery.sandbox.fail(refusal);
		const result = await delivery.run({
			items: [{ account: 'acc_a', user }],
			parameters,
			onError: 'continueErrorOutput',
		});
		expect(errorsOf(result).map((error) => Object.keys(error).sort())).toEqual([
			[...common, ...more].sort(),
		]);
	}
});

test('the person is named as the parameter gave it', async () => {
	const address = 'https://www.linkedin.com/talent/profile/AEM0?trk=x';
	delivery.sandbox.fail(refusal, { userId: 'AEM0' });
	const result = await delivery.run({
		items: [{ account: 'acc_a', user: address }],
		onError: 'continueErrorOutput',
	});
	expect(errorsOf(result)).toMatchObject([{ user: address }]);
});

test.each(CONTINUE_MODES)('the error of the input is replaced, not mixed: %s', async (onError) => {
	delivery.sandbox.fail(refusal);
	const [json] = people(1);
	const before = { outcome: 'unknown', attempts: 7, extra: 'of an earlier run' };
	const result = await delivery.run({ items: [{ ...json, error: before }], onError });
	const [error] = errorsOf(result);
	expect(error).toMatchObject({ outcome: 'refused', attempts: 1 });
	expect(error).not.toHaveProperty('extra');
});

test('binary data of the input stays with a failed item', async () => {
	delivery.sandbox.fail(refusal);
	const binary = { cv: { data: 'UERG', mimeType: 'application/pdf', fileName: 'cv.pdf' } };
	const [json] = people(1);
	const workflow = itemsWorkflow({
		parameters: { ...addCandidate, options: noRetries },
		items: [{ json, binary }] as INodeExecutionData[],
		onError: 'continueErrorOutput',
	});
	const result = await delivery.startWorkflow(workflow).finished;
	expect(failed(result)).toMatchObject([{ binary }]);
});

describe('failed items, put into the same node again', () => {
	const parameters = {
		...rejectApplicant,
		notifyApplicant: '={{ $json.tell }}',
		rejectionMessage: '={{ $json.message }}',
	};
	const applicants = ['AEM0', 'AEM1', 'AEM2', 'AEM3'].map((user, index) => ({
		...item(user),
		tell: index % 2 === 0,
	}));
	const asked = () =>
		delivery.sandbox.requests.map(({ path, body }) => ({ path, body }) as IDataObject);

	test('ask for exactly the same, whatever their columns are called', async () => {
		delivery.sandbox.fail(refusal, { times: 'always' });
		const settings = { parameters, onError: 'continueErrorOutput' } as const;
		const first = await delivery.run({ ...settings, items: applicants });
		expect(fates(first)).toEqual(['refused', 'refused', 'refused', 'refused']);
		const before = asked();
		expect(before).toHaveLength(4);

		delivery.sandbox.reset();
		const again = await delivery.run({
			...settings,
			items: failed(first).map(({ json }) => json),
		});
		expect(fates(again)).toEqual(['performed', 'performed', 'performed', 'performed']);
		expect(asked()).toEqual(before);
		expect(delivery.sandbox.state.rejected).toMatchObject([
			{ userId: 'AEM0', notification: { message: 'Dear AEM0, thank you.' } },
			{ userId: 'AEM1' },
			{ userId: 'AEM2', notification: { message: 'Dear AEM2, thank you.' } },
			{ userId: 'AEM3' },
		]);
		expect(delivery.sandbox.state.rejected[1]).not.toHaveProperty('notification');
	});

	test('pass on no error of an earlier run with "Include Input Fields"', async () => {
		delivery.sandbox.fail(refusal);
		const settings = {
			onError: 'continueErrorOutput',
			options: { includeInputFields: true },
			retryOnFail: true,
			maxTries: 2,
			waitBetweenTries: 1,
		} as const;
		const first = await delivery.run({ ...settings, items: people(1), retryOnFail: false });
		const items = failed(first).map(({ json }) => json);
		delivery.sandbox.reset();
		// n8n takes a truthy `error` of the first item for a reason to run the node again.
		const again = await delivery.run({ ...settings, items });
		expect(performed(again).map(({ json }) => json)).toEqual([
			{ ...people(1)[0], postpress: expect.objectContaining({ outcome: 'performed' }) },
		]);
		expect(usersOf(delivery.sandbox.requests)).toEqual(['AEM0']);
		expect(again.runData[NODES.node]).toHaveLength(1);
	});
});
