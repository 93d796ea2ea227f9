import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';

/** A request that the client has sent, as it saw it. */
export interface Sent {
	userId: string;
	idempotencyKey: string;
	/** Whether another request of the account had no answer yet, and was not given up. */
	isCrowded: boolean;
	/** What came back, if it came back whole. */
	answer?: Answer;
}

export interface Answer {
	status: number;
	body: string;
	/** The header `Retry-After`. */
	retryAfter: string | undefined;
}

/** A request goes out, or its answer has been read. */
export type ClientEvent = { what: 'sent' | 'answered'; request: Sent };

/** What can only be seen on the client's side of the connections to a sandbox. */
export interface Client {
	/** In the order in which it happened. */
	readonly events: readonly ClientEvent[];
	/** Ends the watching. */
	stop(): void;
}

/**
 * Watches the actions that this process asks a sandbox for. The sandbox does not know what its client has read: an
 * answer may be on its way when the client gives up, and the client is right to send again then.
 *
 * @param port of the sandbox
 * @param accountOf the account of a person
 */
export function watchClient(port: number, accountOf: (userId: string) => string): Client {
	const events: ClientEvent[] = [];
	const requests = new Map<ClientRequest, Sent>();
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
		const sent: Sent = {
			userId,
			idempotencyKey: String(request.getHeader('Idempotency-Key')),
			// A request that is given up is destroyed at once, and closed a little later.
			isCrowded: waiting.get(accountId)?.destroyed === false,
		};
		requests.set(request, sent);
		events.push({ what: 'sent', request: sent });
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
		const sent = requests.get(request);
		if (!sent) return;
		const chunks: Buffer[] = [];
		response.on('data', (chunk: Buffer) => chunks.push(chunk));
		response.once('end', () => {
			sent.answer = {
				status: response.statusCode ?? 0,
				body: Buffer.concat(chunks).toString(),
				retryAfter: response.headers['retry-after'],
			};
			events.push({ what: 'answered', request: sent });
		});
	};
	subscribe('http.client.request.start', onRequest);
	subscribe('http.client.response.finish', onAnswer);
	return {
		events,
		stop() {
			unsubscribe('http.client.request.start', onRequest);
			unsubscribe('http.client.response.finish', onAnswer);
		},
	};
}
