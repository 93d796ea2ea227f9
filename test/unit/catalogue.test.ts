import { NodeApiError, type INode, type INodeProperties } from 'n8n-workflow';

import { byStatus, catalogue } from '../../nodes/PostPress/errors/catalogue';
import { PostPress } from '../../nodes/PostPress/PostPress.node';
import { contract } from '../../sandbox/contract';

const types = Object.keys(catalogue).sort();
const { properties } = new PostPress().description;

test('every documented type is in the catalogue, and nothing else is', () => {
	const documented = contract['x-errors'].map(({ type }) => type.replace(/^errors\//, ''));
	expect(types).toEqual(documented.sort());
});

test('each type has the status that it is documented with', () => {
	const documented = contract['x-errors'].map(({ type, status }) => [type, status]);
	expect(
		Object.entries(catalogue)
			.map(([name, { status }]) => [`errors/${name}`, status])
			.sort(),
	).toEqual(documented.sort());
});

test('only these are tried again', () => {
	const withRetry = (retry: string) => types.filter((type) => catalogue[type].retry === retry);
	expect(withRetry('yes')).toEqual([
		'network_down',
		'no_channel',
		'no_client_session',
		'no_handler',
		'request_timeout',
		'service_unavailable',
		'too_many_requests',
	]);
	expect(withRetry('once')).toEqual(['provider_error', 'unexpected_error']);
});

const remedies = [
	...types.map((type) => [type, catalogue[type].remedy]),
	...[400, 401, 402, 403, 404, 409, 422, 429, 500, 502, 503, 504].map((status) => [
		`status ${status}`,
		byStatus(status).remedy,
	]),
];

describe.each(remedies)('the remedy of %s', (_, remedy) => {
	test('is plain text: sentences on one line, no markup, not long', () => {
		expect(remedy).toMatch(/^[A-Z].*\.$/);
		expect(remedy).not.toMatch(/[<>\n\t]|\.\.| {2}|\bundefined\b|\$\{/);
		expect(remedy.length).toBeLessThan(200);
	});

	test('is not one that n8n replaces', () => {
		const { message } = new NodeApiError({} as INode, { message: remedy }, { message: remedy });
		expect(message).toBe(remedy);
	});
});

test('a parameter that a type points at is one of the node, by the name that it is shown with', () => {
	const names = new Set(properties.map(({ displayName }) => displayName));
	for (const { parameter } of Object.values(catalogue)) {
		if (parameter !== undefined) expect(names).toContain(parameter);
	}
	expect(catalogue.invalid_recipient.parameter).toBe('User');
	expect(catalogue.invalid_account.parameter).toBe('Account');
});

test('an option that a remedy names is one of the node', () => {
	const [{ options = [] }] = properties.filter(({ name }) => name === 'options');
	const names = (options as INodeProperties[]).map(({ displayName }) => displayName);
	const named = remedies.flatMap(([, remedy]) => [...remedy.matchAll(/option "([^"]*)"/g)]);
	expect(named.length).toBeGreaterThanOrEqual(2);
	for (const [, name] of named) expect(names).toContain(name);
});

test.each([400, 401, 402, 403, 404, 405, 409, 410, 418, 422, 451])(
	'an unknown type with status %d is not tried again',
	(status) => {
		expect(byStatus(status).retry).toBe('no');
	},
);

test.each([
	[408, 'yes'],
	[429, 'yes'],
	[500, 'once'],
	[501, 'once'],
	[502, 'yes'],
	[503, 'yes'],
	[504, 'yes'],
	[599, 'once'],
])('an unknown type with status %d is tried again: %s', (status, retry) => {
	expect(byStatus(status).retry).toBe(retry);
});
