import {
	createServer,
	type IncomingHttpHeaders,
	type RequestListener,
	type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Engine } from '../../../harness/engine';

/** A request as it came in, whatever it was. */
export interface SeenRequest {
	method: string;
	url: string;
	headers: IncomingHttpHeaders;
}

/** A web server that nobody should talk to unless a test says so, and that remembers who did. */
export interface WebServer {
	url: string;
	port: number;
	seen: SeenRequest[];
	/** How it answers from now on; 404 without a body by default. */
	answer: RequestListener;
	close(): Promise<void>;
}

/** Starts a web server on a free port. */
export async function startServer(host = '127.0.0.1'): Promise<WebServer> {
	const server: Server = createServer((request, response) => {
		const { method = '', url = '', headers } = request;
		own.seen.push({ method, url, headers });
		request.resume();
		own.answer(request, response);
	});
	server.on('clientError', (_error, socket) => socket.destroy());
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(0, host, resolve);
	});
	const { port } = server.address() as AddressInfo;
	const own: WebServer = {
		url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
		port,
		seen: [],
		answer: (_request, response) => response.writeHead(404).end(),
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
	return own;
}

/** The root of every object of n8n, which lives outside of jest's own globals. */
function rootsOf({ n8n }: Engine): object[] {
	let root: object = n8n.workflow;
	for (let next: object | null = root; next; next = Object.getPrototypeOf(next) as object | null) {
		root = next;
	}
	return [root, Object.prototype];
}

/** Notes what must not change while hostile things happen; `check` throws if it did. */
export function watch(engine: Engine) {
	const roots = rootsOf(engine);
	const before = roots.map((root) => Reflect.ownKeys(root));
	const crashes: unknown[] = [];
	const onCrash = (reason: unknown) => crashes.push(reason);
	process.on('unhandledRejection', onCrash);
	return {
		check() {
			expect(roots.map((root) => Reflect.ownKeys(root))).toEqual(before);
			expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
			expect(crashes).toEqual([]);
		},
		stop: () => process.off('unhandledRejection', onCrash),
	};
}

/** Every spelling of a secret that is looked for. */
export const spellingsOf = (secret: string) => [
	secret,
	encodeURIComponent(secret),
	JSON.stringify(secret).slice(1, -1),
	Buffer.from(secret).toString('base64').replace(/=+$/, ''),
];
