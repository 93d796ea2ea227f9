import {
	createServer,
	type IncomingHttpHeaders,
	type RequestListener,
	type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Engine } from '../../../harness/engine';
import { cpuTime } from '../../support/cpuTime';

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

const namesIn = (roots: object[]) =>
	roots
		.flatMap((root) => Reflect.ownKeys(root))
		.map(String)
		.join(' ');

/** Notes what must not change while hostile things happen; `check` throws if it did. */
export function watch(engine: Engine) {
	const roots = rootsOf(engine);
	const before = namesIn(roots);
	const crashes: unknown[] = [];
	const onCrash = (reason: unknown) => crashes.push(reason);
	process.on('unhandledRejection', onCrash);
	return {
		check() {
			// As text, because this is done after each of thousands of tests.
			const names = namesIn(roots);
			if (names !== before) expect(names.split(' ')).toEqual(before.split(' '));
			if ('polluted' in {}) throw new Error('Object.prototype is polluted');
			if (crashes.length > 0) expect(crashes).toEqual([]);
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

/** Milliseconds after which n8n gives up a regular expression, and what is to be done with it. */
const REGEX_LIMIT = 250;

/**
 * Lets n8n's regular expressions run to their end, and counts the time that they work against n8n's limit. n8n
 * itself looks at the clock, so that on a busy machine it gives up one that takes no time.
 *
 * @returns an end to it
 */
export function limitRegexesByCpuTime({ n8n }: Engine): () => void {
	const { resetSafeRegexEngine, setSafeRegexEngine } = n8n.workflow;
	// Some older n8n have no limit.
	if (!setSafeRegexEngine) return () => {};
	const timed = <T>(work: () => T): T => {
		const startedAt = cpuTime();
		const result = work();
		if (cpuTime() - startedAt > REGEX_LIMIT) throw new Error('A regular expression takes too long');
		return result;
	};
	const globally = (flags = '') => (flags.includes('g') ? flags : `${flags}g`);
	setSafeRegexEngine({
		exec: (pattern, input, flags) => timed(() => new RegExp(pattern, flags).exec(input)),
		test: (pattern, input, flags) => timed(() => new RegExp(pattern, flags).test(input)),
		replace: (pattern, input, flags, by) =>
			timed(() => input.replace(new RegExp(pattern, flags), by)),
		matchAll: (pattern, input, flags) =>
			timed(() => [...input.matchAll(new RegExp(pattern, globally(flags)))]),
		split: (pattern, input, flags) => timed(() => input.split(new RegExp(pattern, flags))),
	});
	return resetSafeRegexEngine;
}
