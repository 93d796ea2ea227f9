import type { IDataObject } from 'n8n-workflow';

import { failed, performed } from '../../harness/engine';
import {
	addCandidate,
	errorsOf,
	people,
	rejectApplicant,
	saveLead,
	startDelivery,
} from './support/delivery';
import { operationSamples } from './support/operations';

const delivery = startDelivery();

const answer = { object: 'LinkedinPerformActionOnUser', success: true };

describe.each(operationSamples)('$resource: $operation', (sample) => {
	test('puts out what was done to whom, as it was sent', async () => {
		const { parameters, request } = sample;
		const result = await delivery.run({ items: [{}], parameters });
		expect(performed(result).map(({ json }) => json)).toEqual([
			{ ...answer, outcome: 'performed', user_id: request.userId, ...request.body },
		]);
	});
});

test.each([
	[
		'pipeline',
		addCandidate,
		'AEM0',
		['outcome', 'action', 'user_id', 'hiring_project_id', 'stage'],
	],
	[
		'rejection',
		rejectApplicant,
		'AEM0',
		['outcome', 'action', 'user_id', 'hiring_project_id', 'reason'],
	],
	['lead', saveLead, 'ACw0', ['outcome', 'action', 'user_id', 'list_id']],
] as const)('stands in the order in which a person reads a table: %s', async (...sample) => {
	const [, parameters, user, first] = sample;
	const result = await delivery.run({ items: [{ account: 'acc_a', user }], parameters });
	const keys = Object.keys(performed(result)[0].json);
	expect(keys.slice(0, first.length)).toEqual(first);
	expect(keys.slice(-2)).toEqual(['object', 'success']);
});

test('says where the action had been performed before', async () => {
	const items = [...people(1), ...people(1)];
	const options = { alreadyPerformedIsSuccess: true };
	const result = await delivery.run({ items, options });
	const [first, second] = performed(result).map(({ json }) => json);
	expect(first).not.toHaveProperty('already_performed');
	expect(second).toEqual({ ...first, already_performed: true });
});

test('a field of the answer that is new does not replace what was sent', async () => {
	const body = { ...answer, user_id: 'changed', outcome: 'changed', later: { more: 1 } };
	delivery.sandbox.fail({ kind: 'raw', status: 200, body });
	const result = await delivery.run({});
	expect(performed(result)[0].json).toMatchObject({
		outcome: 'performed',
		user_id: 'AEM0',
		later: { more: 1 },
	});
});

describe('with "Include Input Fields"', () => {
	const options = { includeInputFields: true };
	const [person] = people(1);
	const input = {
		...person,
		id: 7,
		outcome: 'of the ATS',
		success: 'maybe',
		nested: { kept: [1] },
	};
	const done = { ...answer, outcome: 'performed', action: 'addCandidateToPipeline' };

	test("puts out the item's own fields untouched, and everything else in one field", async () => {
		const result = await delivery.run({ items: [input], options });
		expect(performed(result)).toEqual([
			{
				json: { ...input, postpress: expect.objectContaining({ ...done, user_id: 'AEM0' }) },
				pairedItem: { item: 0 },
			},
		]);
	});

	test.each<[name: string, error: unknown]>([
		['a text', 'of the ATS'],
		['an object of somebody else', { code: 7 }],
		['nothing', null],
	])('keeps an "error" of the input that is not from this node: %s', async (_, error) => {
		const items = [{ ...input, error } as IDataObject];
		const result = await delivery.run({ items, options });
		expect(performed(result)[0].json).toMatchObject({ error });
	});

	test('drops an "error" that this node has left there', async () => {
		const error = { message: 'x', outcome: 'refused', attempts: 1 };
		const result = await delivery.run({ items: [{ ...input, error }], options });
		expect(performed(result)[0].json).not.toHaveProperty('error');
		expect(performed(result)[0].json).toMatchObject(input);
	});

	test('changes nothing about a failed item', async () => {
		delivery.sandbox.fail({ kind: 'apiError', type: 'unprocessable_entity' });
		const onError = 'continueErrorOutput';
		const result = await delivery.run({ items: [input], options, onError });
		const [error] = errorsOf(result);
		expect(failed(result)[0].json).toEqual({ ...input, error });
		expect(error.outcome).toBe('refused');
	});

	test('is on as soon as the option is added', () => {
		const { description } = new (delivery.engine.load<{
			PostPress: new () => { description: { properties: Array<IDataObject> } };
		}>('dist/nodes/PostPress/PostPress.node.js').PostPress)();
		const collection = description.properties.find(({ name }) => name === 'options');
		const [option] = (collection?.options as IDataObject[]).filter(
			({ name }) => name === 'includeInputFields',
		);
		expect(option).toMatchObject({ type: 'boolean', default: true });
	});
});
