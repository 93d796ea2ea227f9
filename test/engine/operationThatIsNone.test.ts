import {
	addCandidate,
	changeStage,
	errorData,
	errorsOf,
	fates,
	people,
	rejectApplicant,
	saveLead,
	startDelivery,
} from './support/delivery';
import { CONTINUE_MODES } from './support/rig';

const delivery = startDelivery();

/** All fields of all operations: an n8n that takes an expression for any of them asks for each. */
const everyField = {
	...rejectApplicant,
	...saveLead,
	...changeStage,
	...addCandidate,
	newStage: 'CONTACTED',
	stage: 'CONTACTED',
};

/** Operations without a request of their own: n8n's entry for calls to other endpoints, and expressions. */
const operations: Array<[name: string, parameters: { [name: string]: string }, words: RegExp]> = [
	['Custom API Call', { operation: '__CUSTOM_API_CALL__' }, /HTTP Request/],
	['Custom API Call of the resource', { resource: '__CUSTOM_API_CALL__' }, /HTTP Request/],
	['an operation by expression', { operation: "={{ 'addToPipeline' }}" }, /operation/i],
	['a resource by expression', { resource: "={{ 'candidate' }}" }, /operation|resource/i],
	[
		'both by expression',
		{ resource: "={{ 'candidate' }}", operation: "={{ 'addToPipeline' }}" },
		/operation|resource/i,
	],
];

describe.each(operations)('%s', (_, chosen, words) => {
	const settings = { items: people(2), parameters: { ...everyField, ...chosen } };

	test.each(CONTINUE_MODES)('sends nobody, and says so for each: %s', async (onError) => {
		const result = await delivery.run({ ...settings, onError });
		expect(delivery.sandbox.requests).toEqual([]);
		expect(fates(result)).toEqual(['not_sent', 'not_sent']);
		for (const { message } of errorsOf(result)) expect(message).toMatch(words);
	});

	test('stops the workflow, and says what to do instead', async () => {
		const result = await delivery.run(settings);
		expect(delivery.sandbox.requests).toEqual([]);
		expect(result.status).toBe('error');
		expect(errorData(result)).toMatchObject({ outcome: 'not_sent' });
		expect(`${result.error?.message} ${result.error?.description}`).toMatch(words);
	});
});
