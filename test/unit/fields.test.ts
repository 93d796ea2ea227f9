import type { INodePropertyOptions } from 'n8n-workflow';

import { whatHappenedAndWhatToDo } from '../../nodes/PostPress/errors/describe';
import type { ValueRefused } from '../../nodes/PostPress/errors/failure';
import { choose } from '../../nodes/PostPress/fields/values/choice';
import { fieldsIn } from '../../nodes/PostPress/fields/values/template';
import { isEmpty, isOn, refuse } from '../../nodes/PostPress/fields/values/value';
import { idFromLocator, idText, locatorOf } from '../../nodes/PostPress/fields/values/locator';

/** What is wrong with a value and what to do about it, as one text. */
function refusal(act: () => unknown): string {
	try {
		return `accepted: ${String(act())}`;
	} catch (error) {
		const { failure } = error as ValueRefused;
		expect(failure).toMatchObject({
			type: 'client/validation',
			outcome: 'not_sent',
			retry: 'no',
			parameter: 'Thing',
			detail: null,
			status: null,
			instance: null,
		});
		return whatHappenedAndWhatToDo(failure);
	}
}

describe('a choice', () => {
	const options: INodePropertyOptions[] = [
		{ name: 'Not in Desired Location', value: 'NOT_IN_DESIRED_LOCATION' },
		{ name: 'Basic Qualifications Not Met', value: 'NOT_MEET_BASIC_QUALIFICATIONS' },
	];
	const chosen = (value: unknown) => choose(value, 'Thing', options);

	test.each([
		['NOT_IN_DESIRED_LOCATION', 0],
		['not_in_desired_location', 0],
		['Not in Desired Location', 0],
		['NOT IN DESIRED LOCATION', 0],
		['not-in-desired-location', 0],
		['  Not  in desired\nlocation ', 0],
		['NOT_MEET_BASIC_QUALIFICATIONS', 1],
		['Not meet basic qualifications', 1],
		['basic qualifications not met', 1],
	])('takes %j', (value, index) => {
		expect(chosen(value)).toBe(options[index].value);
	});

	test.each<[unknown, string]>([
		['NOT_IN', '"NOT_IN"'],
		['NOT_IN_DESIRED_LOCATION,', '"NOT_IN_DESIRED_LOCATION,"'],
		['NOTINDESIREDLOCATION', '"NOTINDESIREDLOCATION"'],
		['toString', '"toString"'],
		[0, '"0"'],
		[true, '"true"'],
		[{}, '"{}"'],
		[['NOT_IN_DESIRED_LOCATION'], '"["NOT_IN_DESIRED_LOCATION"]"'],
	])('refuses %j', (value, shown) => {
		expect(refusal(() => chosen(value))).toContain(
			`Thing: ${shown} is not one of NOT_IN_DESIRED_LOCATION, NOT_MEET_BASIC_QUALIFICATIONS. `,
		);
	});

	test.each([undefined, null, '', '  '])('refuses %j as empty, and says what there is', (value) => {
		expect(refusal(() => chosen(value))).toContain(
			'Thing is empty for this item. Choose one of NOT_IN_DESIRED_LOCATION, NOT_MEET_BASIC_QUALIFICATIONS.',
		);
	});
});

describe('a switch', () => {
	test.each([true, 'true', 'TRUE', ' True '])('is on for %j', (value) => {
		expect(isOn(value, 'Thing')).toBe(true);
	});

	test.each([false, 'false', 'FALSE', ' False ', undefined])('is off for %j', (value) => {
		expect(isOn(value, 'Thing')).toBe(false);
	});

	test.each(['', '  ', null])('is neither on nor off for %j, which an expression gave', (value) => {
		expect(refusal(() => isOn(value, 'Thing'))).toContain('Thing is empty for this item. ');
	});

	test.each<[unknown, string]>([
		['yes', '"yes"'],
		['0', '"0"'],
		[1, '"1"'],
		[0, '"0"'],
		[{}, '"{}"'],
		[[], '"[]"'],
		[['true'], '"["true"]"'],
	])('refuses %j', (value, shown) => {
		expect(refusal(() => isOn(value, 'Thing'))).toContain(
			`Thing: ${shown} is neither true nor false. `,
		);
	});
});

test.each([undefined, null, '', ' \t\n'])('%j is empty', (value) => {
	expect(isEmpty(value)).toBe(true);
});

test.each([0, false, 'x', {}, [], NaN])('%j is not empty', (value) => {
	expect(isEmpty(value)).toBe(false);
});

describe('a refused value', () => {
	const shown = (value: unknown) => refusal(() => refuse('Thing', value, 'will not do'));

	test('is shown in quotes, after the name of its parameter', () => {
		expect(shown('Amara')).toContain('Thing: "Amara" will not do. ');
	});

	test.each<[string, unknown, string]>([
		['a number', 7, '"7"'],
		['NaN', NaN, '"NaN"'],
		['Infinity', Infinity, '"Infinity"'],
		['an object', { a: [1] }, '"{"a":[1]}"'],
		['nothing', undefined, '"undefined"'],
		['null', null, '"null"'],
		['several lines', 'a\r\n\tb', '"a b"'],
		['what cannot be seen', 'a\u0000\u200b\u202eb', '"a b"'],
		['half a character', 'a\ud83d!', '"a !"'],
	])('is shown as a person would know it: %s', (_, value, text) => {
		expect(shown(value)).toContain(`Thing: ${text} will not do. `);
	});

	test('is shown even if it refers to itself', () => {
		const self: Record<string, unknown> = {};
		self.self = self;
		expect(shown(self)).toMatch(/^Thing: ".+" will not do\. /);
	});

	test('is cut if it is long, but never within a character', () => {
		for (const text of ['x'.repeat(1000), '😀'.repeat(1000), `x${'😀'.repeat(1000)}`]) {
			expect(shown(text)).toMatch(/^Thing: ".{40,}…" will not do\. /u);
			expect(shown(text).length).toBeLessThan(200);
			expect(shown(text).isWellFormed()).toBe(true);
		}
	});

	test('comes with what to do, and with the word that nothing was sent', () => {
		expect(shown('x')).toBe(
			'Thing: "x" will not do. Correct "Thing". Nothing was sent for this item.',
		);
		const advised = refusal(() => refuse('Thing', 'x', 'will not do', 'Take another.'));
		expect(advised).toBe('Thing: "x" will not do. Take another. Nothing was sent for this item.');
	});
});

describe('a locator', () => {
	test('has a mode and a value', () => {
		expect(locatorOf({ __rl: true, mode: 'url', value: 'x' })).toMatchObject({
			mode: 'url',
			value: 'x',
		});
		expect(locatorOf({ __rl: true, mode: 'id' }).value).toBeUndefined();
	});

	test.each(['x', 7, null, undefined, { value: 'x' }, ['x']])(
		'is an id if it is only %j',
		(value) => {
			expect(locatorOf(value)).toEqual({ mode: 'id', value });
		},
	);

	const address = {
		pattern: 'linkedin\\.com/things/([0-9]+)',
		example: 'https://www.linkedin.com/things/123',
	};
	const idIn = (mode: string, value: unknown) =>
		idFromLocator({ __rl: true, mode, value }, 'Thing', address);

	test.each([
		['id', '123', '123'],
		['id', ' 123\n', '123'],
		['id', 'proj_1', 'proj_1'],
		['id', 123, '123'],
		['id', 'https://www.linkedin.com/things/123/more?x#y', '123'],
		['id', 'linkedin.com/things/9007199254740993123', '9007199254740993123'],
		['url', 'https://www.linkedin.com/things/123', '123'],
		['url', 'HTTPS://LINKEDIN.COM/THINGS/123', '123'],
		['list', '123', '123'],
	])('in the mode "%s" takes %j', (mode, value, id) => {
		expect(idIn(mode, value)).toBe(id);
	});

	const one = 'https://www.linkedin.com/talent/hire/1430911712/manage/all';
	test.each([
		`${one}?keywords=java,in/out&from=https://www.linkedin.com/talent/search/`,
		`${one} ${one}`,
		`[${one}](${one})`,
	])('is one address: %s', (value) => {
		expect(idText(value, 'Hiring Project')).toBe(value);
	});

	test.each([
		`${one}?x=1 ${one.replace('14', '15')}`,
		'in/amara, in/jonas',
		'/in/amara\nlinkedin.com/in/jonas',
	])('holds more than one address: %j', (value) => {
		expect(() => idText(value, 'User')).toThrow(/more than one address/);
	});

	test.each(['', ' ', null, undefined])('holds no id if it is %j', (value) => {
		expect(idIn('id', value)).toBeUndefined();
		expect(idIn('url', value)).toBeUndefined();
	});

	test.each([
		['url', '123'],
		['url', 'https://www.linkedin.com/things/'],
		['url', 'https://www.linkedin.com/others/123'],
		['url', 'https://elsewhere.example/things/123'],
		['id', 'https://www.linkedin.com/others/123'],
	])('in the mode "%s" refuses %j as an address without the id', (mode, value) => {
		const sentence = refusal(() => idIn(mode, value));
		expect(sentence).toContain(`Thing: "${value}" is `);
		expect(sentence).toContain('address');
		expect(sentence).toContain(address.example);
	});

	test.each([Number('7012345678901234567'), 2 ** 53, 1.5, -1, NaN, Infinity])(
		'refuses the number %d, which cannot be an exact id',
		(value) => {
			const sentence = refusal(() => idText(value, 'Thing'));
			expect(sentence).toContain(`"${value}"`);
			expect(sentence).toContain('as text');
		},
	);

	test.each<[unknown]>([[{}], [[]], [['1']], [true], [() => '1']])(
		'refuses %p, which is no id',
		(value) => {
			expect(refusal(() => idText(value, 'Thing'))).toMatch(/^Thing: ".+" is not an ID\./);
		},
	);
});

test.each<[text: string, fields: string[]]>([
	['=Dear {{ $json.first_name }}, thank you', ['$json.first_name']],
	['={{ $json["First Name"] }} {{$json.a.b[0]}}', ['$json["First Name"]', '$json.a.b[0]']],
	["={{ $('Greenhouse').item.json.x }}", ["$('Greenhouse').item.json.x"]],
	['={{ $("A B").first().json["x y"] }}', ['$("A B").first().json["x y"]']],
	['={{ $input.item.json.name }} {{ $json?.a?.b }}', ['$input.item.json.name', '$json?.a?.b']],
	[
		'={{ $input.first().json.x }} {{ $node["A B"].json.x }}',
		['$input.first().json.x', '$node["A B"].json.x'],
	],
	["={{ $json.name || 'there' }}", []],
	['={{ $json.name.trim() }}', ['$json.name.trim()']],
	["={{ $json.name.split(', ')[0]?.trim() }}", ["$json.name.split(', ')[0]?.trim()"]],
	["={{ $json.name.trim() || '' }}", []],
	['={{ $json }} {{ }} {{ $now }} { $json.x }', []],
	['={{ $json.open', ['$json.open']],
	['plain text', []],
])('the fields in %j', (text, fields) => {
	expect(fieldsIn(text)).toEqual(fields);
});
