import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';

/** What can only be seen on the client's side of the connections to a sandbox. */
export interface Client {
	/** People for whom a request went out after the client had read that the action was performed. */
	readonly sentAfterSuccess: ReadonlySet<string>;
	/** Accounts for which a request went out while the client waited for the answer to another. */
	readonly crowded: ReadonlySet<string>;
	/** Ends the watching. */
	stop(): void;
}

/**
 * Watches the requests of this process to a sandbox. The sandbox does not know what its client has read: an answer
 * may be on its way when the client gives up, and the client is right to send again then.
 *
 * @param port of the sandbox
 * @param accountOf the account of a person
 */
export function watchClient(port: number, accountOf: (userId: string) => string): Client {
	const succeeded = new Set<string>();
	const sentAfterSuccess = new Set<string>();
	const crowded = new Set<string>();
	const waiting = new Map<string, ClientRequest>();

	const userOf = (request: ClientRequest): string | undefined => {
		if (request.getHeader('host') !== `127.0.0.1:${port}`) return undefined;
		return decodeURIComponent(request.path.split('/').at(-1)!);
	};
	const onRequest = (message: unknown) => {
		const { request } = message as { request: ClientRequest };
		const userId = userOf(request);
		if (userId === undefined) return;
		const accountId = accountOf(userId);
		if (succeeded.has(userId)) sentAfterSuccess.add(userId);
		// A request that is given up is destroyed at once, and closed a little later.
		if (waiting.get(accountId)?.destroyed === false) crowded.add(accountId);
		waiting.set(accountId, request);
		const isOver = () => {
			if (waiting.get(accountId) === request) waiting.delete(accountId);
		};
		request.once('error', isOver);
		request.once('close', isOver);
		request.once('response', (response: IncomingMessage) => {
			for (const event of ['end', 'aborted', 'error', 'close']) response.once(event, isOver);
		});
	};
	const onAnswer = (message: unknown) => {
		const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
		const userId = userOf(request);
		if (userId === undefined) return;
		const chunks: Buffer[] = [];
		response.on('data', (chunk: Buffer) => chunks.push(chunk));
		response.once('end', () => {
			if (isSuccess(Buffer.concat(chunks).toString())) succeeded.add(userId);
		});
	};
	subscribe('http.client.request.start', onRequest);
	subscribe('http.client.response.finish', onAnswer);
	return {
		sentAfterSuccess,
		crowded,
		stop() {
			unsubscribe('http.client.request.start', onRequest);
			unsubscribe('http.client.response.finish', onAnswer);
		},
	};
}

function isSuccess(body: string): boolean {
	try {
		return (JSON.parse(body) as { success?: unknown }).success === true;
	} catch {
		return false;
	}
}
