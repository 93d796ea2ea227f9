import type { IDataObject, IN8nHttpFullResponse } from 'n8n-workflow';

import { nameOf, byStatus, catalogue } from '../../nodes/PostPress/errors/catalogue';
import { readFailure } from '../../nodes/PostPress/transport/answer';

const NOW = Date.UTC(2026, 5, 15, 12);

const read = (statusCode: number, body?: unknown, headers: IDataObject = {}) =>
	readFailure(
		{ statusCode, body, headers } as IN8nHttpFullResponse,
		NOW,
		({ success }) => success === true,
	);

const flat = {
	title: 'Invalid recipient',
	detail: 'The user id is not valid.',
	instance: 'req_1',
	type: 'errors/invalid_recipient',
	status: 422,
};

test.each([200, 201, 202, 299])('a success with status %d is no failure', (status) => {
	expect(read(status, { object: 'LinkedinPerformActionOnUser', success: true })).toBeUndefined();
});

test('the flat envelope is read', () => {
	expect(read(422, flat)).toEqual({
		...flat,
		outcome: 'refused',
		retry: 'no',
		retryAfter: undefined,
		remedy: catalogue.invalid_recipient.remedy,
		parameter: 'User',
	});
});

test('the nested envelope is read', () => {
	const error = { code: 'invalid_recipient', message: 'Not valid.', request_id: 'req_2' };
	expect(read(422, { error })).toMatchObject({
		type: 'errors/invalid_recipient',
		title: 'Not valid.',
		detail: null,
		status: 422,
		instance: 'req_2',
		outcome: 'refused',
		remedy: catalogue.invalid_recipient.remedy,
		parameter: 'User',
	});
});

test.each([
	['invalid_recipient', 'invalid_recipient'],
	['errors/invalid_recipient', 'invalid_recipient'],
	['https://postpress.ai/errors/x', 'https://postpress.ai/errors/x'],
	[null, ''],
])('the name of the type %j is %j', (type, name) => {
	expect(nameOf(type)).toBe(name);
});

test('a type without its prefix is known as well', () => {
	expect(read(422, { ...flat, type: 'invalid_recipient' })).toMatchObject({ parameter: 'User' });
	const error = { code: 'errors/invalid_recipient', message: 'x' };
	expect(read(422, { error })).toMatchObject({
		type: 'errors/invalid_recipient',
		parameter: 'User',
	});
});

test('a detail that only repeats the title is left out', () => {
	expect(read(422, { ...flat, detail: flat.title })).toMatchObject({ detail: null });
});

test('a type alone is told in words', () => {
	expect(read(409, { type: 'errors/brand_new_type' })).toMatchObject({
		type: 'errors/brand_new_type',
		title: 'Brand new type',
		detail: null,
		instance: null,
		status: 409,
	});
});

test('a title alone has no type', () => {
	expect(read(409, { title: 'Not now' })).toMatchObject({ type: null, title: 'Not now' });
});

test('the status is the one of HTTP, whatever the envelope says', () => {
	expect(read(503, { ...flat, type: 'errors/new', status: 200 })).toMatchObject({ status: 503 });
});

test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
	'the type "%s" is one that nobody knows',
	(type) => {
		const { retry, remedy } = byStatus(422);
		expect(read(422, { ...flat, type })).toMatchObject({ type, retry, remedy, outcome: 'refused' });
	},
);

test('Retry-After is read, as seconds and as a date', () => {
	const body = { ...flat, type: 'errors/too_many_requests', status: 429 };
	expect(read(429, body, { 'retry-after': '3' })).toMatchObject({ retry: 'yes', retryAfter: 3000 });
	expect(read(429, body, { 'retry-after': new Date(NOW + 4000).toUTCString() })).toMatchObject({
		retryAfter: 4000,
	});
	expect(read(503, '<html>', { 'retry-after': '5' })).toMatchObject({
		retry: 'yes',
		retryAfter: 5000,
	});
});

test('a type that is no text is none, whatever it is', () => {
	const body = { title: 'x', type: { toString: 1, valueOf: 1 } };
	expect(read(500, body)).toMatchObject({ type: null, title: 'x', outcome: 'unknown' });
});

describe('whether an action may have been performed', () => {
	const outcomes = (statuses: number[], body: unknown) =>
		statuses.map((status) => read(status, body)?.outcome);

	test('is certain for every answer from 400 to 499 but a timeout, and for 503 of PostPress', () => {
		const statuses = [400, 401, 403, 404, 409, 418, 422, 429, 499, 503];
		const envelope = { type: 'errors/unheard_of', title: 'x' };
		expect(new Set(outcomes(statuses, envelope))).toEqual(new Set(['refused']));
	});

	test('is certain for a gateway that has passed nothing on', () => {
		const statuses = [400, 401, 403, 404, 418, 422, 429, 499];
		expect(new Set(outcomes(statuses, 'text'))).toEqual(new Set(['refused']));
		expect(new Set(outcomes(statuses, undefined))).toEqual(new Set(['refused']));
	});

	test('is not for a timeout and other server errors', () => {
		const statuses = [408, 500, 501, 502, 504, 520, 524];
		expect(new Set(outcomes(statuses, { title: 'x' }))).toEqual(new Set(['unknown']));
		expect(new Set(outcomes(statuses, '<html>'))).toEqual(new Set(['unknown']));
	});

	test('is not for "unavailable" or "conflict" from a gateway, which may have passed the request on', () => {
		expect(new Set(outcomes([408, 409, 503], '<html>'))).toEqual(new Set(['unknown']));
		expect(new Set(outcomes([408, 409, 503], undefined))).toEqual(new Set(['unknown']));
		const foreign = { error: { code: 'ServiceUnavailable', message: 'Our services are down' } };
		expect(read(503, foreign)).toMatchObject({ outcome: 'unknown', retry: 'yes' });
		const known = { error: { code: 'service_unavailable', message: 'x' } };
		expect(read(503, known)).toMatchObject({ outcome: 'refused', retry: 'yes' });
	});

	test('is certain where the login failed', () => {
		const body = { type: 'errors/authentication_intent_error' };
		expect(read(500, body)).toMatchObject({ outcome: 'refused', retry: 'no' });
	});

	test('is not for a success that cannot be read', () => {
		for (const body of [undefined, null, '', 'OK', '{"success": tr', [], {}, { success: 1 }, 7]) {
			expect(read(200, body)).toMatchObject({
				type: 'client/unreadable_response',
				outcome: 'unknown',
				retry: 'yes',
			});
		}
	});

	test('is certain for "success": false and for a redirect', () => {
		expect(read(200, { success: false })).toMatchObject({ outcome: 'refused', retry: 'no' });
		expect(read(302, '')).toMatchObject({ outcome: 'refused', retry: 'no' });
		expect(read(307, flat)).toMatchObject({ outcome: 'refused', retry: 'no' });
	});
});

describe('which answers are worth a retry', () => {
	test.each([
		[400, 'no'],
		[401, 'no'],
		[404, 'no'],
		[408, 'yes'],
		[409, 'yes'],
		[422, 'no'],
		[429, 'yes'],
		[500, 'once'],
		[502, 'yes'],
		[503, 'yes'],
		[504, 'yes'],
	])('with status %d and no form: %s', (status, retry) => {
		expect(read(status, 'text')).toMatchObject({ type: 'client/unreadable_response', retry });
	});

	test('is told by the type, not by the status', () => {
		expect(read(500, { type: 'errors/network_down' })).toMatchObject({ retry: 'yes' });
		expect(read(503, { type: 'errors/invalid_account' })).toMatchObject({ retry: 'no' });
	});
});

describe('a text of the answer', () => {
	const detailOf = (detail: unknown) => read(422, { ...flat, detail })?.detail;

	test.each<[unknown, string | null]>([
		['  one\r\n\ttwo\u0000\u200bthree ', 'one two three'],
		['half \ud83d character', 'half character'],
		['', null],
		[' \n ', null],
		[null, null],
		[42, null],
		[{ a: 1 }, null],
		[['x'], null],
	])('%j becomes %j', (detail, text) => {
		expect(detailOf(detail)).toBe(text);
	});

	test('is cut, but never within a character', () => {
		for (const text of ['😀'.repeat(10_000), `x${'😀'.repeat(10_000)}`]) {
			const cut = detailOf(text) ?? '';
			expect(cut.endsWith('…')).toBe(true);
			expect(cut.length).toBeLessThan(1000);
			expect(cut.isWellFormed()).toBe(true);
		}
	});

	test('of a page is left out, as its markup would tell nobody anything', () => {
		for (const page of ['<html><h1>Bad gateway</h1></html>', '\n <!DOCTYPE html>']) {
			expect(read(502, page)?.detail).toBeNull();
		}
		expect(read(502, 'upstream connect error')?.detail).toBe('upstream connect error');
	});
});
