import {
	checkCredential,
	parseBaseUrl,
	type BaseUrl,
} from '../../nodes/PostPress/transport/credential';

const PATH = '/linkedin/user/AEM1';
const parsed = (text: string) => parseBaseUrl(text) as BaseUrl;
const failureOf = (text: string) => {
	const base = parseBaseUrl(text);
	if ('failure' in base) return base.failure;
	throw new Error(`Accepted as ${base.address}`);
};

test.each([
	['https://api.postpress.ai/v1', 'https://api.postpress.ai/v1/linkedin/user/AEM1'],
	['https://api.postpress.ai/v1/', 'https://api.postpress.ai/v1/linkedin/user/AEM1'],
	['https://api.postpress.ai/v1///', 'https://api.postpress.ai/v1/linkedin/user/AEM1'],
	['https://api.postpress.ai/api/v1', 'https://api.postpress.ai/api/v1/linkedin/user/AEM1'],
	['https://api.postpress.ai', 'https://api.postpress.ai/linkedin/user/AEM1'],
	['https://api.postpress.ai/', 'https://api.postpress.ai/linkedin/user/AEM1'],
	['http://localhost:4010/v1', 'http://localhost:4010/v1/linkedin/user/AEM1'],
	['http://[::1]:4010/v1', 'http://[::1]:4010/v1/linkedin/user/AEM1'],
	[
		'https://api.postpress.ai/v1?port=8443',
		'https://api.postpress.ai/v1/linkedin/user/AEM1?port=8443',
	],
	[
		'https://api.postpress.ai/v1/?port=8443',
		'https://api.postpress.ai/v1/linkedin/user/AEM1?port=8443',
	],
	['https://api.postpress.ai?port=8443', 'https://api.postpress.ai/linkedin/user/AEM1?port=8443'],
	[' https://api.postpress.ai/v1\n', 'https://api.postpress.ai/v1/linkedin/user/AEM1'],
	['HTTPS://API.postpress.ai/v1', 'https://api.postpress.ai/v1/linkedin/user/AEM1'],
])('%j is a Base URL', (base, url) => {
	expect(parsed(base).join(PATH)).toBe(url);
});

test('every spelling of a Base URL has the same address', () => {
	const spellings = [
		'https://api.postpress.ai/v1',
		'https://api.postpress.ai/v1/',
		' https://API.postpress.ai:443/v1//\n',
		'https://api.postpress.ai/v1?port=8443',
	];
	const names = spellings.map((text) => parsed(text).address);
	expect(new Set(names)).toEqual(new Set(['https://api.postpress.ai/v1']));
	expect(parsed('https://api.postpress.ai/api/v1').address).not.toBe(names[0]);
});

test.each([
	'',
	' ',
	'api.postpress.ai/v1',
	'//api.postpress.ai/v1',
	'/v1',
	'localhost:4010/v1',
	'ftp://api.postpress.ai/v1',
	'file:///v1',
	'data:text/plain,x',
	'https://',
	'https://api postpress.ai/v1',
	'https://api.postpress.ai:99999/v1',
	'https://user@api.postpress.ai/v1',
	'https://user:secret@api.postpress.ai/v1',
	'https://:secret@api.postpress.ai/v1',
	'https://api.postpress.ai/v1#top',
	'pp_live_secret',
])('%j is refused as Base URL, without giving it away', (base) => {
	const failure = failureOf(base);
	expect(failure).toMatchObject({
		type: 'client/validation',
		outcome: 'not_sent',
		retry: 'no',
		parameter: 'Base URL',
		title: expect.stringMatching(/^Base URL: .*credential/) as string,
		remedy: expect.stringContaining('https://api.postpress.ai/v1') as string,
	});
	expect(JSON.stringify(failure)).not.toContain('secret');
});

test.each(['apiKey', 'baseUrl'])('an expression may bring anything for %s', (name) => {
	const good = { apiKey: 'pp_test_1', baseUrl: 'https://api.postpress.ai/v1' };
	for (const value of [{ toString: 1, valueOf: 1 }, {}, [], true, null, undefined]) {
		expect(checkCredential({ ...good, [name]: value } as never)).toMatchObject({
			failure: { type: 'client/validation', outcome: 'not_sent' },
		});
	}
});
