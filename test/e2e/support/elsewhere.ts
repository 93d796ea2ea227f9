import fs from 'node:fs';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';
import { makeCertificate } from './certificate';
import { shared } from './shared';

/** What n8n asks of a server elsewhere. */
export interface Asked {
	readonly method: string;
	readonly url: URL;
	readonly headers: http.IncomingHttpHeaders;
	/** The body as JSON, if there is one. */
	readonly body?: Record<string, unknown>;
}

/** What that server says. */
export interface Answer {
	status?: number;
	body: unknown;
}

/** The servers elsewhere that n8n can reach: a few, all of them played by the test. */
export interface Elsewhere {
	/** What n8n has to be started with. */
	readonly env: NodeJS.ProcessEnv;
	/** What has been asked, in order. */
	readonly asked: Asked[];
	/** Hosts that nobody plays, and that n8n has tried to reach all the same. */
	readonly strangers: string[];
	/** Says what the hosts answer; what it leaves open is 404. */
	answer: (asked: Asked) => Promise<Answer | undefined> | Answer | undefined;
	close(): Promise<void>;
}

/**
 * Plays servers that n8n knows by fixed https addresses. n8n goes through a proxy, which leads every
 * one of these hosts here, and trusts a certificate that is made for this.
 */
export async function startElsewhere(hosts: string[]): Promise<Elsewhere> {
	const folder = fs.mkdtempSync(path.join(shared().folder, 'elsewhere-'));
	const { file, cert, key } = makeCertificate(folder, hosts);
	const server = https.createServer({ cert, key }, (request, response) => {
		void serve(request, response).catch((error: Error) => {
			response.writeHead(500).end(error.message);
		});
	});
	const tunnels = new Set<Socket>();
	const proxy = http.createServer();
	proxy.on('connect', ({ url = '' }: IncomingMessage, socket: Socket) => {
		if (!hosts.includes(url.replace(/:443$/, ''))) {
			elsewhere.strangers.push(url);
			socket.end('HTTP/1.1 502 Nobody plays this host\r\n\r\n');
			return;
		}
		tunnels.add(socket.once('close', () => tunnels.delete(socket)));
		socket.write('HTTP/1.1 200 Connected\r\n\r\n');
		server.emit('connection', socket);
	});
	await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));

	const { port } = proxy.address() as AddressInfo;
	const elsewhere: Elsewhere = {
		env: { HTTPS_PROXY: `http://127.0.0.1:${port}`, NODE_EXTRA_CA_CERTS: file },
		asked: [],
		strangers: [],
		answer: () => undefined,
		async close() {
			const closed = new Promise<unknown>((resolve) => proxy.close(resolve));
			proxy.closeAllConnections();
			for (const tunnel of tunnels) tunnel.destroy();
			await closed;
		},
	};
	return elsewhere;

	async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const { method = '', headers } = request;
		let text = '';
		for await (const chunk of request) text += String(chunk);
		const asked: Asked = {
			method,
			url: new URL(request.url ?? '', `https://${headers.host}`),
			headers,
			body: headers['content-type']?.includes('json')
				? ((JSON.parse(text || 'null') as Record<string, unknown> | null) ?? undefined)
				: undefined,
		};
		elsewhere.asked.push(asked);
		const { status = 200, body } = (await elsewhere.answer(asked)) ?? { status: 404, body: {} };
		response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
	}
}
