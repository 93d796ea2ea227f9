import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';

import type { Fault, Sandbox } from '../../sandbox';
import { performed } from '../../harness/engine';
import {
	errorData,
	errorsOf,
	fates,
	keysOf,
	startDelivery,
	type Settings,
} from './support/delivery';

const delivery = startDelivery();

const quick = { retryWait: 0.01 };
const alone = { maxRetries: 0 };
const onError = 'continueErrorOutput';

const run = async (fault: Fault, settings: Settings = {}, at: Sandbox = delivery.sandbox) => {
	at.fail(fault);
	return await delivery.run({ options: quick, onError, ...settings }, { at });
};

/** Answers that come from something in front of PostPress, with the action performed behind it. */
const gateways: Array<[name: string, fault: Fault]> = [
	['503 in HTML', { kind: 'html', status: 503, performs: true }],
	['503 without a body', { kind: 'emptyBody', status: 503, performs: true }],
	[
		"503 in Envoy's words",
		{
			kind: 'raw',
			status: 503,
			body: 'upstream connect error or disconnect/reset before headers. reset reason: overflow',
			performs: true,
		},
	],
	[
		'503 in JSON that is not PostPress’s',
		{ kind: 'raw', status: 503, body: { message: 'no healthy upstream' }, performs: true },
	],
	['502', { kind: 'html', performs: true }],
	['504', { kind: 'html', status: 504, performs: true }],
	['408', { kind: 'html', status: 408, performs: true }],
	['409 without an envelope', { kind: 'emptyBody', status: 409, performs: true }],
	['500', { kind: 'html', status: 500, performs: true }],
	['520', { kind: 'html', status: 520, performs: true }],
];

describe.each(gateways)("a gateway's %s after the action", (_, fault) => {
	test('leaves it unknown, and nobody says that nothing was changed', async () => {
		const result = await run(fault, { options: alone });
		expect(fates(result)).toEqual(['unknown']);
		const [{ message }] = errorsOf(result);
		expect(message).toContain('may have been performed');
		expect(message).toMatch(/look at the person/i);
		expect(message).not.toMatch(/changed nothing/i);
		expect(delivery.sandbox.performed).toHaveLength(1);
	});

	test('is tried again under the same key', async () => {
		const result = await run(fault);
		expect(fates(result)).toEqual(['performed']);
		expect(delivery.sandbox.requests).toHaveLength(2);
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(1);
		expect(delivery.sandbox.performed).toHaveLength(1);
	});

	test('stays unknown where the retry finds it already performed', async () => {
		const { careless } = delivery;
		const result = await run(fault, {}, careless);
		expect(fates(result)).toEqual(['unknown']);
		expect(errorsOf(result)).toMatchObject([
			{ type: 'errors/action_already_performed', status: 422, attempts: 2 },
		]);
		expect(errorsOf(result)[0].message).not.toMatch(/changed nothing/i);
	});
});

describe('PostPress itself says', () => {
	test.each(['service_unavailable', 'no_channel'])('503 %s: refused', async (type) => {
		const result = await run({ kind: 'apiError', type }, { options: alone });
		expect(fates(result)).toEqual(['refused']);
	});

	test('409: refused, and not tried again', async () => {
		const result = await run({ kind: 'apiError', type: 'conflict', status: 409 });
		expect(fates(result)).toEqual(['refused']);
		expect(delivery.sandbox.requests).toHaveLength(1);
	});

	test('409 while an earlier try is in doubt: tried again, as the first may still be worked on', async () => {
		delivery.sandbox.fail({ kind: 'drop', when: 'after' });
		const result = await run({ kind: 'apiError', type: 'conflict', status: 409 });
		expect(fates(result)).toEqual(['performed']);
		expect(delivery.sandbox.requests).toHaveLength(3);
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(1);
	});

	test('409 to the end while an earlier try is in doubt: unknown', async () => {
		delivery.sandbox.fail({ kind: 'drop', when: 'after' });
		delivery.sandbox.fail({ kind: 'apiError', type: 'conflict', status: 409 }, { times: 'always' });
		const result = await delivery.run({ options: quick, onError });
		expect(fates(result)).toEqual(['unknown']);
	});
});

describe('answer lost, then "already performed"', () => {
	const lost: Fault = { kind: 'drop', when: 'after' };

	test('is unknown: it may have been done before, with other words or none', async () => {
		const { careless } = delivery;
		// Somebody has rejected the person silently; our message never goes out.
		careless.fail({ kind: 'drop', when: 'before' });
		careless.fail({ kind: 'apiError', type: 'action_already_performed' });
		const result = await delivery.run({ options: quick, onError }, { at: careless });
		expect(careless.performed).toEqual([]);
		expect(fates(result)).toEqual(['unknown']);
		const [error] = errorsOf(result);
		expect(error).toMatchObject({ type: 'errors/action_already_performed', attempts: 2 });
		expect(error.message).toContain('by the try whose answer was lost, or before');
	});

	test('ends the run in stop mode, as unknown', async () => {
		const { careless } = delivery;
		careless.fail(lost);
		const result = await delivery.run({ options: quick }, { at: careless });
		expect(result.status).toBe('error');
		expect(errorData(result)).toMatchObject({ outcome: 'unknown', attempts: 2 });
	});

	test('is performed with "Already Performed Is Success"', async () => {
		const { careless } = delivery;
		careless.fail(lost);
		const options = { ...quick, alreadyPerformedIsSuccess: true };
		const result = await delivery.run({ options }, { at: careless });
		expect(performed(result)).toMatchObject([
			{ json: { outcome: 'performed', already_performed: true, user_id: 'AEM0' } },
		]);
	});
});

describe('TLS', () => {
	let folder: string;
	let options: { key: Buffer; cert: Buffer };
	const servers: Server[] = [];
	const sockets = new Set<Socket>();

	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), 'tls-'));
		const file = (name: string) => join(folder, name);
		execFileSync(
			'openssl',
			[
				...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
				...['-nodes', '-days', '1', '-subj', '/CN=127.0.0.1'],
				...['-keyout', file('key.pem'), '-out', file('cert.pem')],
			],
			{ stdio: 'ignore' },
		);
		options = { key: readFileSync(file('key.pem')), cert: readFileSync(file('cert.pem')) };
	});
	afterEach(() => {
		for (const socket of sockets) socket.destroy();
		for (const server of servers.splice(0)) server.close();
	});
	afterAll(() => rmSync(folder, { recursive: true }));

	const listen = async (server: Server): Promise<number> => {
		servers.push(server);
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return (server.address() as AddressInfo).port;
	};

	/** An address where TLS breaks as soon as the request has come through; `arrived` counts requests. */
	async function breakingTls() {
		const seen = { arrived: 0, url: '' };
		const clients: Socket[] = [];
		const inner = createTlsServer(options, (socket) => {
			socket.on('error', () => {});
			sockets.add(socket);
			socket.once('data', () => {
				seen.arrived++;
				// In the clear, so that the client's TLS does not understand it.
				clients.at(-1)?.end('HTTP/1.1 500 Oops\r\n\r\n');
				socket.destroy();
			});
		});
		const innerPort = await listen(inner);
		const port = await listen(
			createTcpServer((client) => {
				clients.push(client);
				const upstream = connect(innerPort, '127.0.0.1');
				for (const socket of [client, upstream]) {
					socket.on('error', () => {});
					sockets.add(socket);
				}
				client.on('data', (chunk) => upstream.write(chunk));
				upstream.on('data', (chunk) => client.writable && client.write(chunk));
			}),
		);
		seen.url = `https://127.0.0.1:${port}/v1`;
		return seen;
	}

	test('that breaks after the request was written leaves it unknown, and is tried again', async () => {
		const server = await breakingTls();
		const result = await delivery.run(
			{
				options: { ...quick, maxRetries: 1 },
				requestOptions: { allowUnauthorizedCerts: true },
				onError,
			},
			{ at: { url: server.url, apiKey: 'pp_test' } },
		);
		expect(server.arrived).toBe(2);
		expect(errorsOf(result)).toMatchObject([
			{ outcome: 'unknown', type: 'client/network', attempts: 2 },
		]);
	});

	test('a certificate that is not trusted: not sent, and not tried again', async () => {
		const server = await breakingTls();
		const result = await delivery.run(
			{ options: quick, onError },
			{ at: { url: server.url, apiKey: 'pp_test' } },
		);
		expect(server.arrived).toBe(0);
		expect(errorsOf(result)).toMatchObject([{ outcome: 'not_sent', type: 'client/network' }]);
	});
});

test('an answer that trickles in without an end is given up, and reads as one that came too late', async () => {
	let begin!: () => void;
	const begun = new Promise<void>((resolve) => (begin = resolve));
	const server = createServer((_, response) => {
		response.writeHead(200, { 'content-type': 'application/json' });
		const trickle = setInterval(() => response.write(' '), 5);
		response.on('close', () => clearInterval(trickle));
		begin();
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const { clock } = delivery;
	clock.hold();
	try {
		const running = delivery.run(
			{ options: alone, requestOptions: { timeout: 60_000 }, onError },
			{ at: { url: `http://127.0.0.1:${port}/v1`, apiKey: 'pp_test' } },
		);
		await begun;
		await clock.advance(120_000);
		const result = await running;
		expect(errorsOf(result)).toMatchObject([
			{ outcome: 'unknown', type: 'client/timeout', attempts: 1 },
		]);
		expect(errorsOf(result)[0].message).toMatch(/did not answer in time/);
	} finally {
		server.close();
	}
});
