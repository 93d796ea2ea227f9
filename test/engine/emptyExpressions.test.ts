import type { INodeParameters } from 'n8n-workflow';

import {
	addCandidate,
	errorData,
	errorsOf,
	fates,
	people,
	rejectApplicant,
	startDelivery,
} from './support/delivery';
import { EVALUATES_EVERYWHERE } from './support/versions';

// Expressions that come to nothing may do so differently in n8n's two engines.
describe.each(['legacy', 'vm'] as const)('with the expression engine %s', (expressionEngine) => {
	const delivery = startDelivery({ expressionEngine });

	const onError = 'continueErrorOutput';
	const [person] = people(1);

	const run = async (parameters: INodeParameters, more: object = {}) =>
		await delivery.run({ items: [{ ...person, ...more }], parameters, onError });

	describe('a switch whose expression comes out empty is not taken for off', () => {
		/** Whether n8n evaluates expressions there: it does not where the editor offers none. */
		const switches: Array<
			[name: string, parameters: (value: string) => INodeParameters, isEvaluated: boolean]
		> = [
			['Preview Only', (previewOnly) => ({ ...addCandidate, previewOnly }), EVALUATES_EVERYWHERE],
			['Notify Applicant', (notifyApplicant) => ({ ...rejectApplicant, notifyApplicant }), true],
		];
		const nothings: Array<[name: string, expression: string, item?: object]> = [
			['a field that is missing', '={{ $json.flag }}'],
			['a field of a field that is missing', '={{ $json.run.flag }}'],
			['null', '={{ $json.flag }}', { flag: null }],
			['an empty text', '={{ $json.flag }}', { flag: '' }],
			['a blank text', '={{ $json.flag }}', { flag: ' ' }],
			['text around nothing', '= {{ $json.flag }} '],
		];

		describe.each(switches)('%s', (displayName, parameters, isEvaluated) => {
			test.each(nothings)('%s', async (_, expression, item = {}) => {
				const result = await run(parameters(expression), item);
				expect(delivery.sandbox.requests).toEqual([]);
				expect(fates(result)).toEqual(['not_sent']);
				const [{ type, message }] = errorsOf(result);
				expect(type).toBe('client/validation');
				expect(message).toContain(displayName);
				if (isEvaluated) expect(message).toMatch(/empty/);
			});

			test('stops the workflow in stop mode', async () => {
				const result = await delivery.run({ parameters: parameters('={{ $json.flag }}') });
				expect(result.status).toBe('error');
				expect(errorData(result)).toMatchObject({ outcome: 'not_sent' });
				expect(result.error?.message).toContain(displayName);
				expect(delivery.sandbox.requests).toEqual([]);
			});

			test.each([
				['yes please', '={{ $json.flag }}'],
				['0', '={{ $json.flag }}'],
			])('what is neither true nor false is refused: %s', async (flag, expression) => {
				const result = await run(parameters(expression), { flag });
				expect(fates(result)).toEqual(['not_sent']);
				expect(errorsOf(result)[0].message).toContain(displayName);
			});
		});

		test.each([
			['true', true, true],
			['"true"', 'true', true],
			['"TRUE"', 'TRUE', true],
			['false', false, false],
			['"false"', 'false', false],
		])('%s says what it is', async (_, flag, isOn) => {
			const parameters = { ...rejectApplicant, notifyApplicant: '={{ $json.flag }}' };
			expect(fates(await run(parameters, { flag }))).toEqual(['performed']);
			const [rejected] = delivery.sandbox.state.rejected;
			expect('notification' in rejected).toBe(isOn);
		});

		// Older n8n do what the expression says.
		test.each(EVALUATES_EVERYWHERE ? [true, 'true', null] : [true, 'true', null, false])(
			'no expression for Preview Only lets anything be sent, whatever it comes to: %p',
			async (flag) => {
				const result = await run({ ...addCandidate, previewOnly: '={{ $json.flag }}' }, { flag });
				expect(fates(result)).toEqual(['not_sent']);
				if (!EVALUATES_EVERYWHERE) {
					expect(errorsOf(result)[0].message).toMatch(/Preview Only.*It takes no expression/);
				}
				expect(delivery.sandbox.requests).toEqual([]);
			},
		);

		test('the switches that stand as they are: nothing is asked of them', async () => {
			const result = await run({ ...rejectApplicant, previewOnly: false, notifyApplicant: false });
			expect(fates(result)).toEqual(['performed']);
		});
	});

	describe('a rejection message with a gap', () => {
		const reject = async (rejectionMessage: string, item: object = {}) =>
			await run({ ...rejectApplicant, rejectionMessage }, item);

		test.each<[message: string, field: RegExp, item?: object]>([
			['=Dear {{ $json.first_name }}, thank you.', /first_name/],
			['=Dear {{$json.first_name}}, thank you.', /first_name/],
			["=Dear {{ $json['first name'] }}, thank you.", /first name/],
			['=Dear {{ $json["first name"] }}, thank you.', /first name/],
			['=Dear {{ $json.person.first_name }}, thank you.', /person\.first_name/],
			["=Dear {{ $('Trigger').item.json.first_name }}, thank you.", /first_name/],
			["=Dear {{ $('Trigger').item.json['first name'] }}, thank you.", /first name/],
			['=Dear {{ $json.first_name }}, thank you.', /first_name/, { first_name: null }],
			['=Dear {{ $json.first_name }}, thank you.', /first_name/, { first_name: ' ' }],
			['=Dear {{ $json.first_name }} {{ $json.last_name }}.', /last_name/, { first_name: 'A' }],
			['=Dear {{ $json.first_name.trim() }}, thank you.', /first_name/],
			['=Dear {{ $json.first_name.trim() }}, thank you.', /first_name/, { first_name: null }],
			['=Dear {{ $json.first_name.toTitleCase() }}, thank you.', /first_name/, { first_name: '' }],
			["=Dear {{ $json.name.split(' ')[0] }}, thank you.", /name/],
			["=Dear {{ $json.name.split(' ').first().toTitleCase() }}.", /name/, { name: '' }],
			["=Dear {{ $json['first name']?.trim() }}, thank you.", /first name/],
			["=Dear {{ $json.name.replace(/ .*/, '') }}.", /name/, { name: '' }],
			['=Dear {{ $json.name.split(/\\s+/)[0] }}.', /name/],
			["=Dear {{ $json.names.map(one => one.first).join(' ') }}.", /names|undefined/],
			["=Dear {{ $('Trigger').all()[0].json.first_name }}, thank you.", /first_name/],
			['=Dear {{ $node.Trigger.json.first_name }}, thank you.', /first_name/],
			['=Dear {{ $input.all()[0].json.first_name }}, thank you.', /first_name/],
			['=Dear {{ $data.first_name }}, thank you.', /first_name/],
			["=Dear {{ $json.first_name + ' ' + $json.last_name }}.", /"undefined"/],
			['=Dear {{ `${$json.first_name}` }}, thank you.', /"undefined"/],
			['={{ "Dear " + $json.first_name }}', /"undefined"/],
			["=On {{ DateTime.fromISO($json.when).toFormat('d LLL') }}.", /"Invalid DateTime"/],
			['=Dear {{ $json.person }}, thank you.', /"\[object Object\]"/, { person: { name: 'A' } }],
		])(
			'%s is refused, naming the field, or what is left of it',
			async (message, field, item = {}) => {
				const result = await reject(message, item);
				expect(delivery.sandbox.requests).toEqual([]);
				expect(fates(result)).toEqual(['not_sent']);
				const [error] = errorsOf(result);
				expect(error.type).toBe('client/validation');
				expect(error.message).toContain('Rejection Message');
				expect(error.message).toMatch(field);
			},
		);

		test('the error says what to write where the field may be empty', async () => {
			const result = await reject('=Dear {{ $json.middle_name }}, thank you.');
			expect(errorsOf(result)[0].message).toContain(
				"If it may be empty, write {{ $json.middle_name || '' }}",
			);
		});

		test.each<[message: string, sent: string, item?: object]>([
			["=Dear {{ $json.first_name || 'there' }}, thank you.", 'Dear there, thank you.'],
			["=Dear {{ $json.first_name ?? 'there' }}, thank you.", 'Dear there, thank you.'],
			["=Dear{{ $json.first_name || '' }}, thank you.", 'Dear, thank you.'],
			["=Dear {{ $json.first_name ? $json.first_name : 'there' }}.", 'Dear there.'],
			[
				'=Dear {{ $json.first_name }}, thank you.',
				'Dear Amara, thank you.',
				{ first_name: 'Amara' },
			],
			["=Dear {{ ($json.first_name || 'there').trim() }}.", 'Dear there.'],
			['=Dear{{ $json.first_name.trim() || "" }}, thank you.', 'Dear, thank you.'],
			["=Dear {{ $json.name.split(' ')[0] }}.", 'Dear Amara.', { name: 'Amara Okafor' }],
			['=Dear {{ $json.first_name.trim() }}.', 'Dear Amara.', { first_name: ' Amara ' }],
			["=Dear {{ $json.first_name.replace('', 'you') }}.", 'Dear you.', { first_name: '' }],
			[
				'=The role is still undefined, {{ $json.name }}.',
				'The role is still undefined, A.',
				{ name: 'A' },
			],
			['=Null bis {{ $json.name }}, null.', 'Null bis A, null.', { name: 'A' }],
			['=Dear {{ $json.name }}.', 'Dear Jennifer null.', { name: 'Jennifer null' }],
			["=Dear {{ $ifEmpty($json.first_name, 'there') }}.", 'Dear there.'],
			["=Dear {{ $json.name.replace(/ .*/, '') }}.", 'Dear Amara.', { name: 'Amara Okafor' }],
			["=Dear{{ $ifEmpty($json.first_name, '') }}.", 'Dear.'],
			['=You are number {{ $json.position }}.', 'You are number 0.', { position: 0 }],
			['Dear {{ $json.first_name }}, thank you.', 'Dear {{ $json.first_name }}, thank you.'],
		])('%s is sent', async (message, sent, item = {}) => {
			const result = await reject(message, item);
			expect(fates(result)).toEqual(['performed']);
			expect(delivery.sandbox.state.rejected).toMatchObject([{ notification: { message: sent } }]);
		});

		test('does not matter where nobody is told', async () => {
			const result = await run({
				...rejectApplicant,
				notifyApplicant: false,
				rejectionMessage: '=Dear {{ $json.first_name }}, thank you.',
			});
			expect(fates(result)).toEqual(['performed']);
		});

		test('three people, one with a name: one message goes out', async () => {
			const items = people(3).map((one, index) => ({
				...one,
				...(index === 1 && { first: 'Bo' }),
			}));
			const result = await delivery.run({
				items,
				parameters: { ...rejectApplicant, rejectionMessage: '=Dear {{ $json.first }}, thank you' },
				onError,
			});
			expect(fates(result)).toEqual(['not_sent', 'performed', 'not_sent']);
			expect(delivery.sandbox.state.rejected).toMatchObject([
				{ userId: 'AEM1', notification: { message: 'Dear Bo, thank you' } },
			]);
		});
	});
});
