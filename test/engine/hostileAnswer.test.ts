import { createServer, type Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

import type { INodeListSearchResult, INodeParameters } from 'n8n-workflow';

import {
	failed,
	itemsWorkflow,
	n8nClock,
	performed,
	startEngine,
	type Engine,
	type RunResult,
} from '../../harness/engine';
import { cpuTime } from '../support/cpuTime';
import { errorsOf, type ItemError } from './support/failures';
import { spellingsOf, startServer, watch, type WebServer } from './support/hostile';
import { sampleOf } from './support/operations';
import { byId, noPause, noRetries } from './support/parameters';
import { API_KEY } from './support/rig';
import { testSince } from './support/versions';

const MEGABYTE = 1_000_000;
const DEEP = 100_000;

const clock = n8nClock();
let engine: Engine;
let server: WebServer;
let watched: ReturnType<typeof watch>;

beforeAll(async () => {
	[engine, server] = await Promise.all([
		startEngine({ expressionEngine: 'legacy' }),
		startServer(),
	]);
	watched = watch(engine);
});
beforeEach(() => {
	server.seen.length = 0;
});
afterEach(() => {
	clock.release();
	watched.check();
});
afterAll(async () => {
	watched.stop();
	await engine.stop();
	await server.close();
});

/** An answer as it goes over the wire. */
interface Answer {
	status?: number;
	headers?: Record<string, string | string[]>;
	body?: unknown;
}

/** What the server answers to everything from now on; what is no text or bytes goes out as JSON. */
function answerWith({ status = 200, headers = {}, body = '' }: Answer): void {
	const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
	const bytes = isRaw ? body : JSON.stringify(body);
	server.answer = (_request, response) =>
		response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(bytes);
}

const { parameters, request } = sampleOf('candidate', 'addToPipeline');
const success = { object: 'LinkedinPerformActionOnUser', success: true };

/** What the output says of the action, whatever the answer says. */
const deed = { outcome: 'performed', user_id: request.userId, ...request.body };

async function run(settings: Parameters<typeof itemsWorkflow>[0] = {}): Promise<RunResult> {
	const workflow = itemsWorkflow({
		onError: 'continueErrorOutput',
		...settings,
		parameters: { ...parameters, options: noRetries, ...settings.parameters },
	});
	const credentials = { postPressApi: { apiKey: API_KEY, baseUrl: `${server.url}/v1` } };
	const result = await engine.run(workflow, { credentials });
	for (const spelling of spellingsOf(API_KEY)) expect(result.find(spelling)).toEqual([]);
	return result;
}

const byPublicProfile = {
	userId: { __rl: true, mode: 'publicProfile', value: 'jane' },
} as unknown as INodeParameters;

/** Lists are kept for a minute, so each is asked for under an address of its own. */
let times = 0;

async function list(method: string): Promise<INodeListSearchResult> {
	const baseUrl = `${server.url}/v1?n=${++times}`;
	await engine.saveCredentials({ postPressApi: { apiKey: API_KEY, baseUrl } });
	return await engine.editor.listSearch(method, { accountId: byId('acc_1') });
}

const testCredential = async () =>
	await engine.editor.testCredential({ apiKey: API_KEY, baseUrl: `${server.url}/v1` });

const LISTS = ['searchAccounts', 'searchHiringProjects', 'searchLeadLists'];

const PLAIN = /^[^\p{Cc}\p{Cf}\p{Cs}]+$/u;

/** The `error` of the one item of a run, which failed: sentences fit to be read, in every field. */
function failureOf(result: RunResult): ItemError {
	expect(performed(result)).toEqual([]);
	const [{ message, ...rest }] = errorsOf(result);
	expect(message).toMatch(PLAIN);
	expect(message.length).toBeLessThan(2500);
	expect(JSON.stringify(rest).length).toBeLessThan(4000);
	return { message, ...rest };
}

/** Every way to be answered; each has to end in a sentence. */
async function everyWay(): Promise<{
	said: Array<[way: string, said: string]>;
	/** The run of the action on the error output. */
	continued: RunResult;
}> {
	const said: Array<[string, string]> = [];
	const stopped = await run({ onError: 'stopWorkflow' });
	said.push(['action', stopped.error?.message ?? '']);
	const description = stopped.error?.description ?? '';
	expect(description.replaceAll('<br>', '')).not.toMatch(/[<>]/);
	const continued = await run();
	said.push(['action', errorsOf(continued)[0]?.message ?? '']);
	const lookedUp = await run({ parameters: byPublicProfile });
	said.push(['look-up', errorsOf(lookedUp)[0]?.message ?? '']);
	for (const method of LISTS) {
		const error = await list(method).then(
			() => undefined,
			(reason: Error) => reason,
		);
		const all = error ? JSON.stringify({ ...error, cause: undefined }) + error.stack : '';
		for (const spelling of spellingsOf(API_KEY)) expect(all).not.toContain(spelling);
		said.push([method, error?.message ?? '']);
	}
	const verdict = await testCredential();
	for (const spelling of spellingsOf(API_KEY)) expect(verdict.message).not.toContain(spelling);
	said.push(['test', verdict.status === 'OK' ? '' : verdict.message]);
	for (const [, text] of said) {
		expect(text).toMatch(/^$|^[^\p{Cc}\p{Cf}\p{Cs}]+$/u);
		expect(text.length).toBeLessThan(2500);
	}
	return { said, continued };
}

/** An error in every way to be answered. */
async function everyWaySaysSomething(): Promise<RunResult> {
	const { said, continued } = await everyWay();
	expect(said.filter(([, text]) => !/\S/.test(text))).toEqual([]);
	return continued;
}

const nested = (depth: number, inner = '') => '['.repeat(depth) + inner + ']'.repeat(depth);

describe('50 MB', () => {
	const big = 'x'.repeat(50 * MEGABYTE);
	const bytes = Buffer.from(big);
	const envelope = { type: 'errors/unprocessable_entity', title: big, detail: big.slice(9) };

	test.each([
		[200, 'unknown'],
		[302, 'refused'],
		[400, 'refused'],
		[404, 'refused'],
		[429, 'refused'],
		[500, 'unknown'],
		[408, 'unknown'],
		[409, 'unknown'],
		[503, 'unknown'],
		[504, 'unknown'],
	])('of text with status %d', async (status, outcome) => {
		answerWith({ status, body: bytes });
		expect(failureOf(await run())).toMatchObject({
			outcome,
			status,
			type: 'client/unreadable_response',
		});
	});

	test.each([
		['a title', { ...envelope, detail: 'short' }],
		['a detail', { ...envelope, title: 'short' }],
		['a request id', { ...envelope, title: 'short', detail: 'short', instance: big }],
		['something else', { type: 'errors/unprocessable_entity', title: 'short', more: big }],
	])('in %s of an error', async (_, body) => {
		answerWith({ status: 422, body });
		expect(failureOf(await run())).toMatchObject({
			outcome: 'refused',
			type: 'errors/unprocessable_entity',
		});
	});

	test('in the answer to an action that was performed', async () => {
		answerWith({ body: { ...success, more: big } });
		const result = await run();
		expect(performed(result)).toHaveLength(1);
		expect(failed(result)).toEqual([]);
	});

	test('of small things in the answer to an action that was performed', async () => {
		answerWith({ body: `{"success":true,"more":[${'"a",'.repeat(5 * MEGABYTE)}0]}` });
		const startedAt = cpuTime();
		const result = await engine.run(
			itemsWorkflow({ parameters: { ...parameters, options: noRetries } }),
			{ credentials: { postPressApi: { apiKey: API_KEY, baseUrl: `${server.url}/v1` } } },
		);
		expect(result.status).toBe('success');
		expect(cpuTime() - startedAt).toBeLessThan(10_000);
	});

	test('packed into 50 kB', async () => {
		answerWith({ headers: { 'content-encoding': 'gzip' }, body: gzipSync(bytes) });
		expect(failureOf(await run())).toMatchObject({ outcome: 'unknown', status: 200 });
	});

	test.each(LISTS)('to %s', async (method) => {
		answerWith({ status: 500, body: { title: big } });
		await expect(list(method)).rejects.toThrow(/^x+…/);
	});

	test('to the test of the credential', async () => {
		answerWith({ status: 500, body: { title: big } });
		const { message } = await testCredential();
		expect(message).toMatch(/^x+…/);
		expect(message.length).toBeLessThan(1500);
	});
});

describe('an answer that takes its time', () => {
	const timeout = 100;

	test.each<[what: string, answer: WebServer['answer']]>([
		['never comes', () => {}],
		[
			'ends after its headers',
			(_request, response) => {
				response.writeHead(200, { 'content-type': 'application/json' });
				response.flushHeaders();
			},
		],
		[
			'comes byte by byte without end',
			(_request, response) => {
				response.writeHead(200, { 'content-type': 'application/json' });
				const timer = setInterval(() => response.write(' '), 10);
				response.once('close', () => clearInterval(timer));
			},
		],
	])('and %s is given up, and may have been performed', async (_, answer) => {
		server.answer = answer;
		expect(failureOf(await run({ requestOptions: { timeout } }))).toMatchObject({
			outcome: 'unknown',
			status: null,
		});
	});
});

describe(`${DEEP} levels of nesting`, () => {
	test.each([
		['lists', nested(DEEP)],
		['objects', '{"a":'.repeat(DEEP) + '1' + '}'.repeat(DEEP)],
	])('of %s beside a success leave the success', async (_, deep) => {
		answerWith({ body: `{"success":true,"object":"x","more":${deep}}` });
		const result = await run();
		expect(performed(result).map(({ json }) => json)).toEqual([{ ...deed, success: true }]);
	});

	test('half of them', async () => {
		answerWith({ body: `{"success":true,"more":${'['.repeat(DEEP)}` });
		expect(failureOf(await run())).toMatchObject({ outcome: 'unknown', status: 200 });
	});

	test.each([200, 422, 500])('alone or in an error, with status %d', async (status) => {
		for (const body of [
			nested(DEEP),
			`{"type":"errors/unprocessable_entity","title":"No","detail":${nested(DEEP)}}`,
			`{"error":${nested(DEEP)}}`,
			`{"success":${nested(DEEP)}}`,
			`{"items":${nested(DEEP)}}`,
			`{"provider_id":${nested(DEEP)}}`,
		]) {
			answerWith({ status, body });
			await everyWaySaysSomething();
		}
	});

	test('in the entries of a list', async () => {
		answerWith({
			body: `{"items":[{"id":"1","name":"One","type":"LINKEDIN","x":${nested(1000)}}]}`,
		});
		expect((await list('searchAccounts')).results).toEqual([{ name: 'One', value: '1' }]);
	});
});

describe('an encoding', () => {
	const json = JSON.stringify(success);
	const utf16 = Buffer.from(json, 'utf16le');

	test.each<[what: string, answer: Answer]>([
		['gzip', { headers: { 'content-encoding': 'gzip' }, body: gzipSync(json) }],
		['deflate', { headers: { 'content-encoding': 'deflate' }, body: deflateSync(json) }],
		['brotli', { headers: { 'content-encoding': 'br' }, body: brotliCompressSync(json) }],
		['a byte order mark', { body: `\ufeff${json}` }],
		['the type of a web page', { headers: { 'content-type': 'text/html' }, body: json }],
		['no type that exists', { headers: { 'content-type': '\u00ff/;;=' }, body: json }],
		['white space around', { body: `\n\t ${json} \r\n` }],
		['a name twice', { body: `{"success":false,${json.slice(1)}` }],
	])('that is understood: %s', async (_, answer) => {
		answerWith(answer);
		expect(performed(await run())).toMatchObject([{ json: { success: true } }]);
	});

	const isUnknown = async (_: string, answer: Answer) => {
		answerWith(answer);
		expect(failureOf(await run())).toMatchObject({ outcome: 'unknown' });
	};

	testSince('2.22.0', 'waits for ever').each<[what: string, answer: Answer]>([
		['gzip that is none', { headers: { 'content-encoding': 'gzip' }, body: json }],
		[
			'gzip cut off',
			{ headers: { 'content-encoding': 'gzip' }, body: gzipSync(json).subarray(0, 20) },
		],
		['gzip twice', { headers: { 'content-encoding': 'gzip' }, body: gzipSync(gzipSync(json)) }],
		['brotli that is none', { headers: { 'content-encoding': 'br' }, body: json }],
	])('that is not: %s', isUnknown);

	test.each<[what: string, answer: Answer]>([
		['UTF-16', { headers: { 'content-type': 'application/json; charset=utf-16' }, body: utf16 }],
		['invalid UTF-8', { body: Buffer.from([0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80]) }],
		['NUL bytes', { body: '\0'.repeat(1000) }],
		['two documents', { body: `${json}${json}` }],
		['a comment', { body: `${json} // done` }],
		['JavaScript', { body: `)]}',\n${json}` }],
		['NaN', { body: '{"success": NaN}' }],
		['nothing', { body: '' }],
		['null', { body: 'null' }],
		['a number', { body: '1e999' }],
		['true', { body: 'true' }],
		['half a surrogate pair', { body: '"\\ud83c"' }],
	])('that is not: %s', isUnknown);

	test.each([
		['a length that is too long', 'HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{}'],
		['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}'],
		['chunks of nonsense', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n{}'],
		['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'],
		['HTTP of the past', '{"success": true}'],
		['a header of 1 MB', `HTTP/1.1 200 OK\r\nX-Big: ${'x'.repeat(MEGABYTE)}\r\n\r\n`],
		['a header that is none', 'HTTP/1.1 200 OK\r\nno header at all\r\n\r\n{}'],
		['a status of four digits', 'HTTP/1.1 2000 OK\r\nContent-Length: 2\r\n\r\n{}'],
		['a key in the status line', `HTTP/1.1 200 ${API_KEY}\r\nContent-Length: 2\r\n\r\n{}`],
	])('below HTTP: %s', async (_, bytes) => {
		const sockets = new Set<Socket>();
		const raw = createServer((socket) => {
			sockets.add(socket);
			socket.on('error', () => {});
			socket.once('data', () => socket.end(bytes));
		});
		await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
		const { port } = raw.address() as { port: number };
		try {
			const credentials = {
				postPressApi: { apiKey: API_KEY, baseUrl: `http://127.0.0.1:${port}/v1` },
			};
			const result = await engine.run(
				itemsWorkflow({
					parameters: { ...parameters, options: noRetries },
					onError: 'continueErrorOutput',
				}),
				{ credentials },
			);
			expect(failureOf(result).outcome).toBe('unknown');
			expect(result.find(API_KEY)).toEqual([]);
		} finally {
			for (const socket of sockets) socket.destroy();
			raw.close();
		}
	});

	test.each([
		201, 204, 205, 226, 299, 300, 304, 399, 402, 418, 431, 451, 499, 505, 511, 599, 600, 999,
	])('and the status %d end in a sentence', async (status) => {
		answerWith({ status, body: status === 204 || status === 304 ? '' : '{}' });
		await everyWaySaysSomething();
	});
});

describe('hostile text in an answer', () => {
	const evil: Record<string, string> = {
		script: '<script>alert(1)</script>',
		'an image': '<img src=x onerror="alert(1)">',
		'half a tag': '"><svg/onload=alert(1)//',
		entities: '&lt;script&gt;&#60;b&#62;',
		markdown: '[click](javascript:alert(1)) ![x](http://evil.example/x.png)',
		'line breaks': 'one\r\ntwo\n\n\nthree\u2028four\u2029',
		'control characters': '\u0000\u0007\u001b[31mred\u001b[0m\u0085\u009b',
		'right-to-left': '\u202eevil\u202c\u2066x\u2069',
		'zero-width': 'a\u200bb\u200dc\ufeff',
		'half a surrogate pair': 'a\ud83cb\udf40',
		'an expression': '={{ $json }} {{ process.exit(1) }}',
		'a pattern of replacements': "$&$'$`$1",
		'a name of JavaScript': '__proto__',
		'another name of JavaScript': 'constructor',
		'1 MB': '😀'.repeat(MEGABYTE / 4),
		'an error of the system': 'ENOENT EPERM ECONNREFUSED',
	};
	const fields: Array<[field: string, body: (text: string) => unknown]> = [
		['type', (text) => ({ type: `errors/${text}`, title: 'No' })],
		['type alone', (text) => ({ type: text })],
		['title', (title) => ({ type: 'errors/x', title })],
		['detail', (detail) => ({ type: 'errors/x', title: 'No', detail })],
		['instance', (instance) => ({ type: 'errors/x', title: 'No', instance })],
		['nested code', (code) => ({ error: { code, message: 'No' } })],
		['nested message', (message) => ({ error: { code: 'x', message } })],
		['nested request id', (request_id) => ({ error: { code: 'x', request_id } })],
		['message', (message) => ({ message })],
		['error', (error) => ({ error })],
		['text', (text) => text],
	];

	test.each(fields)('%s', async (_, body) => {
		for (const text of Object.values(evil)) {
			answerWith({ status: 422, body: body(text) });
			const failure = failureOf(await everyWaySaysSomething());
			expect(failure.status).toBe(422);
			for (const value of Object.values(failure)) {
				if (typeof value === 'string') expect(value).toMatch(PLAIN);
			}
		}
	});

	test.each(Object.entries(evil))('a list whose entries hold %s', async (_, text) => {
		const entries = [text, { toString: 1 }, [text], null, 7, true].flatMap((name, index) => [
			{ id: String(index), type: 'LINKEDIN', name, title: name },
			{ id: name, type: 'LINKEDIN', name: text, sources: [null, 7, { status: text }] },
			name,
		]);
		answerWith({ body: { items: entries } });
		for (const method of LISTS) {
			const { results } = await list(method);
			expect(results.length).toBeGreaterThan(0);
			for (const { name } of results) {
				expect(name).toMatch(PLAIN);
				expect(name).not.toContain('native code');
				expect(name.length).toBeLessThan(1500);
			}
		}
	});
});

describe('names of JavaScript in an answer', () => {
	test.each([
		['{"__proto__":{"success":true,"polluted":1}}', false],
		['{"constructor":{"prototype":{"polluted":1}},"success":true}', true],
		['{"__proto__":{"polluted":1},"success":true}', true],
		['{"toString":1,"valueOf":1,"toJSON":1,"hasOwnProperty":1,"then":1,"success":true}', true],
		['{"length":-1,"0":"x","success":true}', true],
		['{"success":{"valueOf":true}}', false],
		['{"success":"true"}', false],
		['{"success":1}', false],
		['[{"success":true}]', false],
		['{"success":true,"error":"x","message":"y","details":{"outcome":"refused"}}', true],
		[
			'{"success":true,"outcome":"refused","account_id":"x","hiring_project_id":"y","stage":"z"}',
			true,
		],
		[
			'{"success":true,"api":"x","action":"y","user_id":"z","pairedItem":9,"json":{},"binary":{}}',
			true,
		],
	])('%s', async (body, isSuccess) => {
		answerWith({ body });
		const result = await run();
		expect(performed(result)).toHaveLength(isSuccess ? 1 : 0);
		expect(failed(result)).toHaveLength(isSuccess ? 0 : 1);
		if (!isSuccess) return;
		expect(performed(result)[0]).toMatchObject({
			json: { ...deed, success: true },
			pairedItem: { item: 0 },
		});
	});
});

describe('Retry-After', () => {
	const oneRetry = { ...noPause, maxRetries: 1, retryWait: 0 };

	const soon = [
		'',
		'-1',
		'-99999999999',
		'abc',
		'1e9',
		'Infinity',
		'NaN',
		'0',
		'0.0',
		'00',
		'0x10',
		'1,2',
	];
	const nonsense = [
		'9'.repeat(400),
		'١٠',
		'<script>',
		'{}',
		'1.2.3',
		'5 minutes',
		'Thu, 99 Foo 2020',
	];
	const past = ['Thu, 01 Jan 1970 00:00:00 GMT', '1970-01-01', 'Thu, 01 Jan 1 00:00:00 GMT'];

	test.each([...soon, ...nonsense, ...past].map((value) => [value.slice(0, 40), value]))(
		'"%s" makes nobody wait',
		async (_, value) => {
			answerWith({
				status: 503,
				headers: { 'retry-after': Buffer.from(value).toString('latin1') },
			});
			// No wait ends while the clock stands still.
			clock.hold();
			const result = await run({ parameters: { options: oneRetry } });
			expect(server.seen).toHaveLength(2);
			expect(failureOf(result).message).not.toMatch(/Infinity|NaN|wait/);
		},
	);

	test.each([
		['999999999', 999_999_999_000],
		['Tue, 31 Dec 2199 23:59:59 GMT', Date.UTC(2200, 0) - Date.now()],
	])('%s is not waited for', async (value, wait) => {
		answerWith({ status: 503, headers: { 'retry-after': value } });
		clock.hold();
		const result = await run({ parameters: { options: oneRetry } });
		expect(server.seen).toHaveLength(1);
		expect(failureOf(result).message).toMatch(/PostPress asks to wait \d+ minutes/);
		// Then the account may be asked for again.
		await clock.advance(wait);
		answerWith({ body: success });
		expect(performed(await run())).toHaveLength(1);
	});
});

describe('the ID that a look-up finds', () => {
	const ids: Array<[what: string, id: unknown, isSent: boolean]> = [
		['two dots', '..', false],
		['one dot', '.', false],
		['nothing', '', false],
		['half a surrogate pair', 'AEM\ud800', false],
		['1 MB', `AEM${'x'.repeat(MEGABYTE)}`, false],
		['a number', 42, false],
		['an object', {}, false],
		['null', null, false],
		['a way up', 'AEM/../../accounts', true],
		['a query', 'AEM?x=y#z', true],
		['a header', 'AEM\r\nX-Evil: 1', true],
		['NUL', 'AEM\u0000', true],
		['HTML', 'AEM<script>alert(1)</script>', true],
		['the API key', `AEM${API_KEY}`, true],
		['HTML of another product', 'ACw<script>\r\nalert(1)</script>', false],
	];

	test.each(ids)('%s', async (_, provider_id, isSent) => {
		server.answer = ({ method }, response) =>
			response.end(JSON.stringify(method === 'GET' ? { provider_id } : success));
		const result = await run({ parameters: byPublicProfile });
		const paths = server.seen.slice(1).map(({ method, url }) => `${method} ${url}`);
		const id = String(provider_id).replaceAll(API_KEY, '***');
		expect(paths).toEqual(isSent ? [`POST /v1/linkedin/user/${encodeURIComponent(id)}`] : []);
		if (isSent) expect(performed(result)).toMatchObject([{ json: { user_id: id } }]);
		else expect(failureOf(result).outcome).toMatch(/^(not_sent|refused)$/);
	});
});

describe('an API key that the answer repeats', () => {
	const inside = (text: string) => `The key ${text} is wrong`;
	const places: Array<[place: string, answer: (text: string) => Answer]> = [
		['type', (text) => ({ status: 422, body: { type: `errors/${text}` } })],
		['title', (text) => ({ status: 422, body: { title: inside(text) } })],
		['detail', (text) => ({ status: 422, body: { title: 'No', detail: inside(text) } })],
		['instance', (text) => ({ status: 422, body: { title: 'No', instance: inside(text) } })],
		['nested code', (text) => ({ status: 401, body: { error: { code: text } } })],
		['nested message', (text) => ({ status: 401, body: { error: { message: inside(text) } } })],
		['nested id', (text) => ({ status: 401, body: { error: { code: 'x', request_id: text } } })],
		[
			'JSON within text',
			(text) => ({ status: 400, body: { title: JSON.stringify({ key: text }) } }),
		],
		['text', (text) => ({ status: 502, body: inside(text) })],
		['page', (text) => ({ status: 502, body: `<p>${inside(text)}</p>` })],
		['message', (text) => ({ status: 500, body: { message: inside(text) } })],
		[
			'end of a text that is cut',
			(text) => ({ status: 400, body: { title: 'x'.repeat(590) + text } }),
		],
		[
			'end of a text of spaces',
			(text) => ({ status: 400, body: { title: `a${' '.repeat(5985)}${text}` } }),
		],
		['refusal with 200', (text) => ({ body: { success: false, title: inside(text) } })],
		['name', (text) => ({ body: { ...success, [text]: 1 } })],
		['value', (text) => ({ body: { ...success, more: [{ deep: [inside(text)] }] } })],
		['list', (text) => ({ body: { items: [{ id: text, name: text, type: 'LINKEDIN' }] } })],
		['cursor', (text) => ({ body: { items: [], cursor: text } })],
		['ID', (text) => ({ body: { provider_id: text, success: true } })],
		['location', (text) => ({ status: 302, headers: { location: `http://127.0.0.1:1/${text}` } })],
		[
			'headers',
			(text) => ({
				status: 429,
				headers: {
					'retry-after': text,
					'set-cookie': [text],
					'www-authenticate': text,
					[text]: text,
				},
			}),
		],
	];

	// A key with every character that JSON, a URL or base64 writes otherwise; `run` uses the plain one.
	test.each(places)('%s', async (_, answer) => {
		for (const spelling of spellingsOf(API_KEY)) {
			answerWith(answer(spelling));
			// `everyWay` looks for the key, in each of its spellings.
			await everyWay();
			const found = await list('searchAccounts').catch(() => undefined);
			expect(JSON.stringify(found) ?? '').not.toContain(spelling);
		}
	});

	const odd = 'k"e\\y/+ %&<>=\'?#é'.replace('é', '~');
	test.each(spellingsOf(odd))('may be odd: %s', async (spelling) => {
		for (const [, answer] of places.slice(0, 16).filter(([place]) => place !== 'type')) {
			answerWith(answer(spelling));
			const credentials = { postPressApi: { apiKey: odd, baseUrl: `${server.url}/v1` } };
			const result = await engine.run(
				itemsWorkflow({
					parameters: { ...parameters, options: noRetries },
					onError: 'continueErrorOutput',
				}),
				{ credentials },
			);
			expect(server.seen.at(-1)?.headers['x-api-key']).toBe(odd);
			for (const text of spellingsOf(odd)) expect(result.find(text)).toEqual([]);
		}
	});

	test.each(['true', 'null', '1234', 'success', 'abc', 'a', 'errors', '","'])(
		'may be a word of every answer: %s',
		async (apiKey) => {
			answerWith({ body: { ...success, number: 1234, nothing: null, word: 'true' } });
			const credentials = { postPressApi: { apiKey, baseUrl: `${server.url}/v1` } };
			const result = await engine.run(
				itemsWorkflow({ parameters: { ...parameters, options: noRetries } }),
				{ credentials },
			);
			expect(server.seen).toHaveLength(1);
			expect(result.error?.message ?? '').not.toMatch(/The node has failed/);
		},
	);
});
