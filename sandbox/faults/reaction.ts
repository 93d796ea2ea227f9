import { actionAnswer, type Answer } from '../contract/answer';
import { flatEnvelope, fullType, nestedEnvelope } from '../contract/envelope';
import type { ApiErrorFault, Fault, RateLimitFault } from './fault';

/** An answer as it goes on the wire. */
export interface WireAnswer {
	status: number;
	headers: Record<string, string>;
	body: string;
	/** Cut the connection after this many characters of the body. */
	cutAfter?: number;
}

/** What is done with the connection: an answer, or none. */
export type Reaction = WireAnswer | 'dropped' | 'hung';

/** An answer of the API, written as JSON. */
export function jsonAnswer(answer: Answer, headers: Record<string, string> = {}): WireAnswer {
	return {
		status: answer.status,
		headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
		body: JSON.stringify(answer.body),
	};
}

/**
 * What a fault makes of a request.
 *
 * @param outcome what the API would have answered; `undefined` if nothing was done
 * @param now UNIX milliseconds, for dates in headers
 */
export function react(
	fault: Fault,
	outcome: Answer = actionAnswer(true),
	requestId: string,
	now: number,
): Reaction {
	switch (fault.kind) {
		case 'apiError':
			return apiError(fault, requestId);
		case 'rateLimit':
			return rateLimit(fault, requestId, now);
		case 'drop':
			return 'dropped';
		case 'hang':
			return 'hung';
		case 'html':
			return html(fault.status ?? 502);
		case 'emptyBody':
			return { status: fault.status ?? 200, headers: {}, body: '' };
		case 'truncatedJson':
			return truncated(outcome, fault.cutConnection ?? false);
		case 'successFalse':
			return jsonAnswer(actionAnswer(false));
		case 'latency':
			return jsonAnswer(outcome);
		case 'raw':
			return raw(fault.status, fault.headers, fault.body);
	}
}

function apiError(fault: ApiErrorFault, requestId: string): WireAnswer {
	const envelope = fault.nested ? nestedEnvelope : flatEnvelope;
	return jsonAnswer(envelope(fault.type, requestId, fault), fault.headers);
}

function rateLimit(fault: RateLimitFault, requestId: string, now: number): WireAnswer {
	const type = fullType('too_many_requests');
	const { retryAfterSeconds: seconds, format = 'seconds', nested } = fault;
	const headers: Record<string, string> = {};
	if (seconds !== undefined) {
		headers['retry-after'] =
			format === 'date' ? httpDate(now + seconds * 1000) : seconds.toString();
	}
	return apiError({ kind: 'apiError', type, nested, headers }, requestId);
}

function httpDate(time: number): string {
	return new Date(Math.ceil(time / 1000) * 1000).toUTCString();
}

function html(status: number): WireAnswer {
	const title = status === 502 ? '502 Bad Gateway' : `${status} Error`;
	return {
		status,
		headers: { 'content-type': 'text/html' },
		body:
			`<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n` +
			`<center><h1>${title}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`,
	};
}

function truncated(outcome: Answer, cutConnection: boolean): WireAnswer {
	const answer = jsonAnswer(outcome);
	const half = Math.floor(answer.body.length / 2);
	return cutConnection
		? { ...answer, cutAfter: half }
		: { ...answer, body: answer.body.slice(0, half) };
}

function raw(status: number, headers: Record<string, string> = {}, body?: unknown): WireAnswer {
	if (body === undefined) return { status, headers, body: '' };
	if (typeof body === 'string') return { status, headers, body };
	return jsonAnswer({ status, body }, headers);
}
