import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';

import {
	failed,
	itemsWorkflow,
	performed,
	startEngine,
	type Engine,
	type RunResult,
} from '../../harness/engine';
import { cpuTime } from '../support/cpuTime';
import { errorOf } from './support/failures';
import { startServer, watch, type WebServer } from './support/hostile';
import { sampleOf } from './support/operations';
import { byId, noRetries } from './support/parameters';
import { API_KEY } from './support/rig';
import { testBut, testSince } from './support/versions';

let engine: Engine;
/** The PostPress that the credential means, and a host that must never hear of it. */
let server: WebServer;
let elsewhere: WebServer;
let watched: ReturnType<typeof watch>;

beforeAll(async () => {
	[engine, server, elsewhere] = await Promise.all([
		startEngine({ expressionEngine: 'legacy' }),
		startServer(),
		startServer(),
	]);
	watched = watch(engine);
});
beforeEach(() => {
	server.seen.length = 0;
	elsewhere.seen.length = 0;
	server.answer = likePostPress;
});
afterEach(() => {
	expect(elsewhere.seen).toEqual([]);
	watched.check();
});
afterAll(async () => {
	watched.stop();
	await engine.stop();
	await Promise.all([server.close(), elsewhere.close()]);
});

/** Says yes to everything. */
const likePostPress: WebServer['answer'] = ({ method, url = '' }, response) => {
	const body =
		method === 'POST'
			? { object: 'LinkedinPerformActionOnUser', success: true }
			: url.includes('/users/')
				? { provider_id: 'AEMfound' }
				: { items: [{ id: '1', name: 'One', type: 'LINKEDIN' }] };
	response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

/** What a way to use the credential came to. */
interface Use {
	/** What was said of a failure; empty if there was none. */
	said: string;
	/** Where the text stands in whatever came of it. */
	find(text: string): string[];
}

const { parameters } = sampleOf('candidate', 'addToPipeline');
const ofPerson = (mode: string, value: string) =>
	({ ...parameters, userId: { __rl: true, mode, value } }) as INodeParameters;

const ofRun = (result: RunResult, said?: unknown): Use => ({
	said: String(said ?? result.error?.message ?? ''),
	find: result.find,
});

type Credential = Record<string, unknown>;

async function run(
	data: Credential,
	settings: Parameters<typeof itemsWorkflow>[0] = {},
): Promise<RunResult> {
	const workflow = itemsWorkflow({
		...settings,
		parameters: { ...ofPerson('id', 'AEM1'), options: noRetries, ...settings.parameters },
	});
	const credentials = { postPressApi: data as ICredentialDataDecryptedObject };
	return await engine.run(workflow, { credentials });
}

async function list(data: Credential, method: string): Promise<Use> {
	await engine.saveCredentials({ postPressApi: data as ICredentialDataDecryptedObject });
	const of = { accountId: byId('acc_1') };
	const error = await engine.editor.listSearch(method, of).then(
		() => undefined,
		(reason: Error & { description?: string }) => reason,
	);
	if (!error) return { said: '', find: () => [] };
	const all = JSON.stringify({ ...error, cause: undefined }) + error.message + error.stack;
	return {
		said: error.message,
		find: (text) => (all.includes(text) ? ['the error of the list'] : []),
	};
}

/** Every way to use the credential, and the path that it asks for below the Base URL. */
const ways: Array<[way: string, path: string, use: (data: Credential) => Promise<Use>]> = [
	['an action in stop mode', '/linkedin/user/AEM1', async (data) => ofRun(await run(data))],
	[
		'an action on the error output',
		'/linkedin/user/AEM1',
		async (data) => {
			const result = await run(data, { onError: 'continueErrorOutput' });
			// Where n8n itself refuses, before the node is asked, the item has n8n's own error.
			const [item] = failed(result);
			const said = item && (errorOf(item)?.message ?? (item.error as Error | undefined)?.message);
			return ofRun(result, said);
		},
	],
	[
		'a look-up of a public profile',
		'/users/jane',
		async (data) =>
			ofRun(await run(data, { parameters: ofPerson('publicProfile', 'linkedin.com/in/jane') })),
	],
	['the list of accounts', '/accounts', async (data) => await list(data, 'searchAccounts')],
	[
		'the list of projects',
		'/linkedin/search/parameters',
		async (data) => await list(data, 'searchHiringProjects'),
	],
	[
		'the list of lead lists',
		'/linkedin/search/parameters',
		async (data) => await list(data, 'searchLeadLists'),
	],
	[
		'the test of the credential',
		'/accounts',
		async (data) => {
			const verdict = await engine.editor.testCredential(data as ICredentialDataDecryptedObject);
			const all = JSON.stringify(verdict);
			return {
				said: verdict.status === 'OK' ? '' : verdict.message,
				find: (text) => (all.includes(text) ? ['the verdict'] : []),
			};
		},
	],
];

/** A Base URL that no list has been read from before: lists are kept for a minute. */
let times = 0;
const afresh = () => `${server.url}/v1?n=${++times}`;

const isReadable = (text: string) => {
	expect(text).toMatch(/\w/);
	expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
	expect(text.length).toBeLessThan(1000);
};

const here = (text: string) =>
	text.replaceAll('PORT', String(server.port)).replaceAll('ELSE', String(elsewhere.port));

describe.each(ways)('%s', (_way, path, use) => {
	const withKey = async (baseUrl: unknown, more: Credential = {}) =>
		await use({ apiKey: API_KEY, baseUrl, ...more });

	describe('sends nothing with the Base URL', () => {
		test.each<[what: string, baseUrl: unknown]>([
			['that is empty', ''],
			['that is white space', ' \n'],
			['that is a number', 42],
			['that is an object', { toJSON: 1 }],
			['that is a list', []],
			['that is a path', '/v1'],
			['without a scheme', 'api.postpress.ai/v1'],
			['without a scheme, with a port', 'localhost:PORT/v1'],
			['without a scheme, with slashes', '//127.0.0.1:PORT/v1'],
			['of the scheme file', 'file:///etc/passwd'],
			['of the scheme ftp', 'ftp://127.0.0.1:PORT/v1'],
			['of the scheme ws', 'ws://127.0.0.1:PORT/v1'],
			['of the scheme data', 'data:application/json,{"success":true}'],
			['of the scheme javascript', 'javascript:alert(1)'],
			['of the scheme blob', 'blob:http://127.0.0.1:PORT/v1'],
			['of the scheme unix', 'http+unix://%2Fvar%2Frun%2Fdocker.sock/v1'],
			['with a user', 'http://user@127.0.0.1:PORT/v1'],
			['with a user and a password', 'http://user:pass-w0rd@127.0.0.1:PORT/v1'],
			['with a password alone', 'http://:pass-w0rd@127.0.0.1:PORT/v1'],
			['with a host for a user', 'http://127.0.0.1:PORT@127.0.0.1:ELSE/v1'],
			['with a fragment', 'http://127.0.0.1:PORT/v1#@127.0.0.1:ELSE'],
			['with a space in the host', 'http://127.0.0.1 :PORT/v1'],
			['with a port out of range', 'http://127.0.0.1:99999/v1'],
			['without a host', 'http://:PORT/v1'],
			['with a host of too many numbers', 'http://127.0.0.0.0.1:PORT/v1'],
			['with half an IPv6 address', 'http://[::1:PORT/v1'],
			['with a NUL in the host', 'http://127.0.0.1\u0000.postpress.ai:PORT/v1'],
			['with a percent sign in the host', 'http://127.0.0.1%2f@evil:PORT/v1'],
			['with half a surrogate pair', 'http://127.0.0.1\ud800:PORT/v1'],
			['that is the API key', API_KEY],
			['that is an expression which n8n did not evaluate', '{{ $json.baseUrl }}'],
			['that is 1 MB of slashes', `//${'/'.repeat(1_000_000)}x`],
		])('%s', async (_, baseUrl) => {
			const startedAt = cpuTime();
			const { said, find } = await withKey(typeof baseUrl === 'string' ? here(baseUrl) : baseUrl);
			expect(cpuTime() - startedAt).toBeLessThan(2000);
			isReadable(said);
			expect(said).toContain('Base URL');
			expect(server.seen).toEqual([]);
			expect(find(API_KEY)).toEqual([]);
			expect(find('pass-w0rd')).toEqual([]);
		});
	});

	describe('keeps to the Base URL', () => {
		const own = '127.0.0.1:PORT';
		test.each([
			['with a trailing slash', `http://${own}/v1/`, '/v1', ''],
			['with many trailing slashes', `http://${own}/v1${'/'.repeat(1000)}`, '/v1', ''],
			['with slashes inside', `http://${own}//a///v1`, '//a///v1', ''],
			['with nothing but the host', `http://${own}`, '', ''],
			['in capitals', `HTTP://${own}/V1`, '/V1', ''],
			['with one slash', `http:/${own}/v1`, '/v1', ''],
			['with three slashes', `http:///${own}/v1`, '/v1', ''],
			['with backslashes', `http:\\\\${own}\\v1`, '/v1', ''],
			['with line breaks inside', `http://127.0.\n0.1:PO\tRT/v\r\n1`, '/v1', ''],
			['with spaces in the path', `http://${own}/my api/v1`, '/my%20api/v1', ''],
			['with a way up', `http://${own}/a/../b/%2e%2e/v1/.`, '/v1', ''],
			['with a number for a host', 'http://2130706433:PORT/v1', '/v1', ''],
			['with a short host', 'http://127.1:PORT/v1', '/v1', ''],
			['with full-width letters', 'http://１２７.0.0.1:PORT/v1', '/v1', ''],
			['with letters beyond ASCII', `http://${own}/ü/v1`, '/%C3%BC/v1', ''],
			['with a query', `http://${own}/v1?port=8443`, '/v1', 'port=8443'],
			['with a query after a slash', `http://${own}/v1/?port=8443`, '/v1', 'port=8443'],
			['with an empty query', `http://${own}/v1?`, '/v1', ''],
			['with an empty fragment', `http://${own}/v1#`, '/v1', ''],
			['with a host in its path', `http://${own}/127.0.0.1:ELSE/v1`, '/127.0.0.1:ELSE/v1', ''],
			['with a host in its query', `http://${own}/v1?@127.0.0.1:ELSE/`, '/v1', '@127.0.0.1:ELSE/'],
			['with braces', `http://${own}/{user_id}/v1`, '/%7Buser_id%7D/v1', ''],
			['with a line break behind', ` http://${own}/v1\r\n`, '/v1', ''],
			['with a header behind', `http://${own}/v1\r\nX-Evil: 1`, '/v1X-Evil:%201', ''],
		])('%s', async (_, baseUrl, prefix, query) => {
			const text = here(baseUrl.replace('PO\tRT', String(server.port).replace(/^./, '$&\t')));
			const { said, find } = await withKey(text);
			expect(said).toBe('');
			const [{ url, headers }] = server.seen;
			const [seenPath, seenQuery = ''] = url.split(/\?(.*)/s);
			expect(seenPath).toBe(here(`${prefix}${path}`));
			expect(seenQuery.startsWith(here(query))).toBe(true);
			expect(headers['x-api-key']).toBe(API_KEY);
			expect(headers).not.toHaveProperty('x-evil');
			expect(find(API_KEY)).toEqual([]);
		});

		test('with an IPv6 address', async () => {
			const six = await startServer('::1').catch(() => undefined);
			if (!six) return; // a machine without IPv6
			try {
				six.answer = likePostPress;
				expect((await withKey(`${six.url}/v1`)).said).toBe('');
				expect(six.seen[0].url.split('?')[0]).toBe(`/v1${path}`);
			} finally {
				await six.close();
			}
		});
	});

	describe('does not take the key along', () => {
		test.each([301, 302, 303, 307, 308])('to another host (%d)', async (status) => {
			server.answer = (_request, response) =>
				response.writeHead(status, { location: `${elsewhere.url}/v1${path}` }).end();
			const { said, find } = await withKey(`${server.url}/v1`);
			isReadable(said);
			expect(said).toMatch(/redirects|is not the PostPress API/);
			expect(server.seen).toHaveLength(1);
			expect(find(API_KEY)).toEqual([]);
		});

		test.each([
			['without a scheme', '//127.0.0.1:ELSE/'],
			['that holds the key', `http://127.0.0.1:ELSE/?key=${API_KEY}`],
			['to a file', 'file:///etc/passwd'],
			['to a script', 'javascript:alert(1)'],
			['to itself', '/v1/'],
			['to nowhere', ''],
			['that is no address', 'http://['],
			['of 8 kB', `http://127.0.0.1:ELSE/${'x'.repeat(8000)}`],
		])('with a location %s', async (_, location) => {
			server.answer = (_request, response) =>
				response
					.writeHead(302, { location: here(location), refresh: `0; url=${elsewhere.url}` })
					.end(`<meta http-equiv="refresh" content="0; url=${elsewhere.url}">`);
			const { said, find } = await withKey(`${server.url}/v1`);
			isReadable(said);
			expect(server.seen).toHaveLength(1);
			expect(find(API_KEY)).toEqual([]);
		});

		test('to a host that the answer names otherwise', async () => {
			server.answer = (request, response) => {
				response.setHeader('alt-svc', `h2="127.0.0.1:${elsewhere.port}"`);
				response.setHeader('link', `<${elsewhere.url}>; rel=preload`);
				response.setHeader('content-location', elsewhere.url);
				likePostPress(request, response);
			};
			expect((await withKey(`${server.url}/v1`)).said).toBe('');
		});
	});

	describe("obeys n8n's Allowed HTTP Request Domains", () => {
		const allows = async (allowedHttpRequestDomains?: string, allowedDomains?: string) => {
			const { said } = await withKey(afresh(), { allowedHttpRequestDomains, allowedDomains });
			expect(said).toBe('');
			expect(server.seen.length).toBeGreaterThan(0);
		};
		test.each([
			['domains', '127.0.0.1'],
			['domains', ' postpress.ai , 127.0.0.1 '],
			['all', 'postpress.ai'],
			[undefined, 'postpress.ai'],
		])('%s (%s): allowed', allows);
		// n8n's setting speaks of the HTTP Request node; it does not mean the credential's own.
		testBut(
			'2.22.0',
			'2.39.0',
			'takes it for the node too',
		)('none: allowed', async () => {
			await allows('none', '');
		});

		const refuses = async (allowedHttpRequestDomains: string, allowedDomains: unknown) => {
			const { said, find } = await withKey(afresh(), {
				allowedHttpRequestDomains,
				allowedDomains,
			});
			isReadable(said);
			expect(said).toMatch(/allowed/);
			expect(server.seen).toEqual([]);
			expect(find(API_KEY)).toEqual([]);
		};
		testSince('2.22.0', 'has no such restriction').each([
			['domains', 'postpress.ai'],
			['domains', '*.postpress.ai'],
			['domains', '127.0.0.1.postpress.ai'],
			['domains', 'localhost, 0.0.0.0, 127.0.0.10'],
			['domains', '*.127.0.0.1'],
			['domains', '*'],
			['domains', ','],
		])('%s (%s): not allowed', refuses);
		// docs/versions.md: everybody comes out at Success then, though nothing was sent.
		testSince('2.41.0', 'ends the run in its own way').each([
			['domains', ''],
			['domains', ' '],
			['domains', null],
			['domains', undefined],
		])('%s (%s): not allowed', refuses);
	});

	describe('with an API key', () => {
		const use2 = async (apiKey: unknown) => await use({ apiKey, baseUrl: afresh() });

		test.each([
			['with a line break inside', 'pp_test_secret\nsecret'],
			['with a header inside', 'pp_test_secret\r\nX-Evil: 1'],
			['with a NUL', 'pp_test_\u0000secret'],
			['with a tab', 'pp_test_\tsecret'],
			['with an umlaut', 'pp_test_sécret'],
			['with an emoji', 'pp_test_🔑secret'],
			['with half a surrogate pair', 'pp_test_\ud83dsecret'],
			['with a zero-width character', 'pp_test_\u200bsecret'],
			['with curly quotes', '“pp_test_secret”'],
			['with a dash of a word processor', 'pp_test–secret'],
		])('%s says so and sends nothing', async (_, apiKey) => {
			const { said, find } = await use2(apiKey);
			isReadable(said);
			expect(said).toMatch(/^API Key: the key in the credential holds a character/);
			expect(server.seen).toEqual([]);
			expect(find('secret')).toEqual([]);
		});

		test.each([
			['that is empty', ''],
			['that is white space', ' \n'],
			['that is null', null],
			['that is missing', undefined],
		])('%s says so and sends nothing', async (_, apiKey) => {
			const { said } = await use2(apiKey);
			isReadable(said);
			expect(said).toMatch(/^API Key: the key in the credential is empty/);
			expect(server.seen).toEqual([]);
		});

		test.each([
			['with spaces around', ` ${API_KEY}\r\n`, API_KEY],
			['with a zero-width mark before', `\ufeff${API_KEY}`, API_KEY],
			['that is a number', 1234567, '1234567'],
			['with all that a header may hold', 'k !"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~', undefined],
		])('%s sends it as it is', async (_, apiKey, sent = apiKey as string) => {
			expect((await use2(apiKey)).said).toBe('');
			expect(server.seen.map(({ headers }) => headers['x-api-key'])).toEqual(
				server.seen.map(() => sent),
			);
			expect(server.seen.length).toBeGreaterThan(0);
		});

		test('of 1 MB fails in a sentence that does not hold it', async () => {
			const { said, find } = await use2(`pp_test_${'x'.repeat(1_000_000)}`);
			isReadable(said);
			expect(find('pp_test_')).toEqual([]);
		});
	});
});

describe('the preview', () => {
	test('sends nothing, wherever the Base URL leads, and holds no key', async () => {
		const result = await run(
			{ apiKey: API_KEY, baseUrl: `${elsewhere.url}/v1` },
			{ parameters: { previewOnly: true } },
		);
		expect(performed(result)).toMatchObject([
			{
				json: {
					preview: true,
					outcome: 'not_sent',
					summary: expect.stringMatching(/^Would .*AEM1/),
					url: `${elsewhere.url}/v1/linkedin/user/AEM1`,
				},
			},
		]);
		expect(result.find(API_KEY)).toEqual([]);
	});
});
