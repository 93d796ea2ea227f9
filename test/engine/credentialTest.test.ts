import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { startSandbox, type Sandbox } from '../../sandbox';
import { n8nClock, startEngine, type Engine } from '../../harness/engine';

let engine: Engine;
let sandbox: Sandbox;

beforeAll(async () => {
	[engine, sandbox] = await Promise.all([startEngine(), startSandbox()]);
});
afterAll(async () => {
	await engine.stop();
	await sandbox.close();
});
beforeEach(() => sandbox.reset());

const test = async (data: { apiKey?: string; baseUrl?: string } = {}) =>
	await engine.editor.testCredential({ apiKey: sandbox.apiKey, baseUrl: sandbox.url, ...data });

/** Some other web server, for as long as `use` takes. */
async function withServer(listener: RequestListener, use: (url: string) => Promise<void>) {
	const server: Server = createServer(listener);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	try {
		await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
	} finally {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	}
}

describe('the test of the credential', () => {
	it('passes with one look at the list of accounts', async () => {
		expect(await test()).toEqual({ status: 'OK', message: 'Connection successful' });
		expect(sandbox.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
			'GET /v1/accounts?limit=1',
		]);
	});

	it('passes with white space around the key and a slash after the address', async () => {
		const { status } = await test({ apiKey: ` ${sandbox.apiKey}\n`, baseUrl: `${sandbox.url}/ ` });
		expect(status).toBe('OK');
	});

	it('names a wrong key', async () => {
		expect(await test({ apiKey: 'pp_test_wrong' })).toEqual({
			status: 'Error',
			message:
				'PostPress does not accept this API key. Copy it again from your PostPress dashboard.',
		});
	});

	it('says that a key without the scope may still act', async () => {
		sandbox.fail({ kind: 'apiError', type: 'insufficient_privileges' });
		const { status, message } = await test();
		expect(status).toBe('Error');
		expect(message).toContain('may not list accounts. It may still perform actions');
	});

	it.each([
		['/v1', '/api/v1'],
		['/api/v1', '/v1'],
	])('names the other form of a wrong path: %s → %s', async (wrong, other) => {
		const origin = sandbox.url.replace('/v1', '');
		await withServer(
			(_request, response) => response.writeHead(404).end('Not Found'),
			async (url) => {
				const { message } = await test({ baseUrl: `${url}${wrong}` });
				expect(message).toContain(`There is no PostPress API at ${url}${wrong}`);
				expect(message).toContain(`Try ${url}${other},`);
			},
		);
		const { message } = await test({ baseUrl: `${origin}/api/v1` });
		expect(message).toContain(`Try ${origin}/v1,`);
	});

	it('names a host that is dead', async () => {
		await sandbox.refuseConnections();
		const { status, message } = await test();
		await sandbox.acceptConnections();
		expect(status).toBe('Error');
		expect(message).toContain(`Nothing answers at 127.0.0.1:${sandbox.port} (connect ECONNREFUSED`);
	});

	it('names a host that does not exist', async () => {
		const { message } = await test({ baseUrl: 'http://postpress.invalid/v1' });
		expect(message).toContain('Nothing answers at postpress.invalid (');
	});

	it.each([
		['a web page', { 'content-type': 'text/html' }, '<html><body>Welcome</body></html>'],
		['something else in JSON', { 'content-type': 'application/json' }, '{"hello": "world"}'],
	])('recognises %s that is not PostPress', async (_, headers, body) => {
		await withServer(
			(_request, response) => response.writeHead(200, headers).end(body),
			async (url) => {
				const { status, message } = await test({ baseUrl: `${url}/v1` });
				expect(status).toBe('Error');
				expect(message).toContain(
					`What answers at ${url}/v1 (status 200) is not the PostPress API`,
				);
			},
		);
	});

	it('gives up after its time even if the answer trickles in', async () => {
		const clock = n8nClock();
		let trickle: NodeJS.Timeout | undefined;
		let hasBegun!: () => void;
		const begun = new Promise<void>((resolve) => (hasBegun = resolve));
		await withServer(
			(_request, response) => {
				response.writeHead(200, { 'content-type': 'application/json' });
				response.write('{"items": [');
				trickle = setInterval(() => response.write(' '), 5);
				hasBegun();
			},
			async (url) => {
				clock.hold();
				try {
					const verdict = test({ baseUrl: `${url}/v1` });
					await begun;
					await clock.advance(60_000);
					const { status, message } = await verdict;
					expect(status).toBe('Error');
					expect(message).toMatch(/no answer in time/);
				} finally {
					clearInterval(trickle);
					clock.release();
				}
			},
		);
	});

	it('does not take the key along to another host', async () => {
		const seen: Array<string | string[] | undefined> = [];
		await withServer(
			(request, response) => {
				seen.push(request.headers['x-api-key']);
				response.writeHead(200).end('{}');
			},
			async (target) => {
				await withServer(
					(_request, response) => response.writeHead(302, { location: target }).end(),
					async (url) => {
						const { status } = await test({ baseUrl: `${url}/v1` });
						expect(status).toBe('Error');
					},
				);
			},
		);
		expect(seen).toEqual([]);
	});

	it.each(['', 'api.postpress.ai', 'ftp://example.com', 'https://me:secret@example.com/v1'])(
		'refuses the Base URL "%s" without sending anything',
		async (baseUrl) => {
			const { status, message } = await test({ baseUrl });
			expect(status).toBe('Error');
			expect(message).toContain('Base URL');
			expect(message).not.toContain('secret');
		},
	);
});
