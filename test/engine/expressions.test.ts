import type { IDataObject } from 'n8n-workflow';

import { sampleOf } from './support/operations';
import { bodiesOf, startRig } from './support/rig';
import { testSince } from './support/versions';

/** What an item holds, and how an expression gets at it. */
const cases: Array<[what: string, item: unknown, field: string]> = [
	['text', { note: 'Thank you' }, '.note'],
	['text with line breaks and quotes', { note: 'Dear "Ada",\n\n`no` \\n ${x}' }, '.note'],
	['text that looks like an expression', { note: '={{ $json.user }}' }, '.note'],
	['empty text', { note: '' }, '.note'],
	['a number', { note: 42 }, '.note'],
	['zero', { note: 0 }, '.note'],
	['true', { note: true }, '.note'],
	['false', { note: false }, '.note'],
	['null', { note: null }, '.note'],
	['an object', { note: { text: 'Thank you' } }, '.note'],
	['a list', { note: ['Thank you'] }, '.note'],
	['nothing', {}, '.note'],
	['a field of nothing', {}, '.note.text'],
	['a field in a field', { note: { text: 'Thank you' } }, '.note.text'],
	['a name in double quotes', { 'The note': { text: 'Thank you' } }, '["The note"].text'],
	['a name in single quotes', { "note's": 'no', 'The note': 'Thank you' }, "['The note']"],
	['an entry of a list', { notes: ['Thank you'] }, '["notes"]["0"]'],
	['the length of a list', { notes: ['Thank you'] }, '.notes.length'],
	['the length of a text', { note: 'Thank you' }, '.note.length'],
	['a word of the language', { if: 'Thank you' }, '.if'],
	['a method of text', { note: 'Thank you' }, '.note.trim'],
	['a method of every object', {}, '.toString'],
	['a field named as such a method', { toString: 'Thank you' }, '.toString'],
	['the constructor', {}, '.constructor.name'],
	['a field named constructor', { constructor: 'Thank you' }, '.constructor'],
	['the prototype', {}, '.__proto__'],
	['a field named __proto__', JSON.parse('{"__proto__": {"text": "no"}}'), '.__proto__.text'],
	['spaces around it', { note: 'Thank you' }, '.note \n '],
];

describe('a parameter that is a field of the item is what n8n would make of it:', () => {
	const rig = startRig();
	const { parameters } = sampleOf('applicant', 'reject');

	/** The requests, or what the user is told, when the message comes from an expression. */
	const rejectedWith = async (item: unknown, expression: string) => {
		const { result, requests } = await rig.run({
			items: [item as IDataObject],
			parameters: { ...parameters, notifyApplicant: true, rejectionMessage: expression },
		});
		return { requests: bodiesOf(requests), told: result.error?.message };
	};

	test.each(cases)('%s', async (_what, item, field) => {
		const simple = await rejectedWith(item, `={{ $json${field} }}`);
		const engine = await rejectedWith(item, `={{ ($json${field}) }}`);
		expect(simple).toEqual(engine);
		expect(simple.requests.length === 0).toBe(simple.told !== undefined);
	});

	testSince('2.41.0', 'makes one')(
		'without another evaluation by n8n, whose RoutingNode has made two',
		async () => {
			const { prototype } = rig.engine.n8n.workflow.Expression;
			const evaluate = jest.spyOn(prototype as never, 'renderExpression');
			await rejectedWith({ note: 'Thank you' }, '={{ $json.note }}');
			expect(evaluate).toHaveBeenCalledTimes(2);
			evaluate.mockClear();
			await rejectedWith({ note: 'Thank you' }, '={{ ($json.note) }}');
			expect(evaluate).toHaveBeenCalledTimes(3);
			evaluate.mockRestore();
		},
	);
});
