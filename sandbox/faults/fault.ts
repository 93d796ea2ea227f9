/**
 * The ways in which the sandbox can misbehave on demand.
 *
 * A fault meets a request that has passed the key check and the contract, so that none is spent
 * on a request that would be refused anyway. `performs` says whether the action is done although
 * the answer is bad; where it is, a replay with the same `Idempotency-Key` gets the success.
 */
export type Fault =
	| ApiErrorFault
	| RateLimitFault
	| DropFault
	| HangFault
	| HtmlFault
	| EmptyBodyFault
	| TruncatedJsonFault
	| SuccessFalseFault
	| LatencyFault
	| RawFault;

/** An error of the API in its envelope. */
export interface ApiErrorFault {
	kind: 'apiError';
	/** Error type, with or without `errors/`; one that is not documented needs a `status`. */
	type: string;
	/** HTTP status. Default: the documented one, or 500. */
	status?: number;
	/** Default: the type in words. */
	title?: string;
	/** Default: PostPress's description of the type; `null` leaves it out. */
	detail?: string | null;
	/** Default: the id of the request; `null` leaves it out. */
	instance?: string | null;
	/** Answer `{error: {code, message, request_id}}` instead of the flat envelope. Default false. */
	nested?: boolean;
	/** More response headers. */
	headers?: Record<string, string>;
	/** Default false. */
	performs?: boolean;
}

/** 429 `errors/too_many_requests`; nothing is performed. */
export interface RateLimitFault {
	kind: 'rateLimit';
	/** `Retry-After`, in seconds. Default: no such header. */
	retryAfterSeconds?: number;
	/** How `Retry-After` is written. A date is rounded up to the next full second. Default 'seconds'. */
	format?: 'seconds' | 'date';
	/** As for `apiError`. Default false. */
	nested?: boolean;
}

/** The connection is cut without an answer, before or after the action was performed. */
export interface DropFault {
	kind: 'drop';
	when: 'before' | 'after';
}

/** The connection stays open without an answer, before or after the action was performed. */
export interface HangFault {
	kind: 'hang';
	when: 'before' | 'after';
}

/** An HTML page, as a gateway would answer. */
export interface HtmlFault {
	kind: 'html';
	/** HTTP status. Default 502. */
	status?: number;
	/** Default false. */
	performs?: boolean;
}

/** A status without a body. */
export interface EmptyBodyFault {
	kind: 'emptyBody';
	/** HTTP status. Default 200. */
	status?: number;
	/** Default: true for a 2xx status, else false. */
	performs?: boolean;
}

/** The first half of the true answer, labelled as JSON. */
export interface TruncatedJsonFault {
	kind: 'truncatedJson';
	/** Announce the full length and cut the connection in the middle. Default false. */
	cutConnection?: boolean;
	/** Default true. */
	performs?: boolean;
}

/** The success answer, but with `success: false`. */
export interface SuccessFalseFault {
	kind: 'successFalse';
	/** Default false. */
	performs?: boolean;
}

/** The true answer, later. The action is performed when the time is over. */
export interface LatencyFault {
	kind: 'latency';
	/** Milliseconds, on top of the sandbox's own `latencyMs`. */
	ms: number;
}

/** Any answer at all. */
export interface RawFault {
	kind: 'raw';
	/** HTTP status. */
	status: number;
	headers?: Record<string, string>;
	/** Text is sent as it is, anything else as JSON. Default: no body. */
	body?: unknown;
	/** Default: true for a 2xx status, else false. */
	performs?: boolean;
}

/** Which requests a fault is for. Without any field: whatever comes next. */
export interface FaultMatch {
	/** The operation's name in the contract, e.g. `performAction` or `listAccounts`. */
	operation?: string;
	/** The person in the path, decoded; for `GET /users/{identifier}` the identifier. */
	userId?: string;
	accountId?: string;
	/** The `action` of the body. */
	action?: string;
	/** How many requests the fault is for; `Infinity` or 'always' until `reset()`. Default 1. */
	times?: number | 'always';
}

/** What a fault is matched against. */
export type FaultTarget = Readonly<
	Record<'operation' | 'userId' | 'accountId' | 'action', string | undefined>
>;

/** A fault that waits for its request. */
export interface QueuedFault {
	fault: Fault;
	match: FaultMatch;
	/** How many more requests it is for. */
	left: number;
}

/** Faults in the order in which they were asked for; a request takes the first that matches. */
export class FaultQueue {
	private readonly queue: QueuedFault[] = [];

	/** Faults that still wait for a request. */
	get pending(): readonly QueuedFault[] {
		return this.queue;
	}

	/** Queues a fault for the next matching request, or the next few. */
	add(fault: Fault, match: FaultMatch = {}): void {
		const { times = 1 } = match;
		this.queue.push({ fault, match, left: times === 'always' ? Infinity : times });
	}

	/** Takes the fault that is meant for this request, if any. */
	take(target: FaultTarget): Fault | undefined {
		const index = this.queue.findIndex(({ match }) => matches(match, target));
		if (index < 0) return undefined;
		const queued = this.queue[index];
		queued.left -= 1;
		if (queued.left <= 0) this.queue.splice(index, 1);
		return queued.fault;
	}
}

/** Whether the action is performed although this fault happens. */
export function performs(fault: Fault): boolean {
	switch (fault.kind) {
		case 'drop':
		case 'hang':
			return fault.when === 'after';
		case 'emptyBody':
			return fault.performs ?? isSuccess(fault.status ?? 200);
		case 'raw':
			return fault.performs ?? isSuccess(fault.status);
		case 'truncatedJson':
			return fault.performs ?? true;
		case 'latency':
			return true;
		case 'rateLimit':
			return false;
		default:
			return fault.performs ?? false;
	}
}

function matches(match: FaultMatch, target: FaultTarget): boolean {
	return (['operation', 'userId', 'accountId', 'action'] as const).every(
		(field) => match[field] === undefined || match[field] === target[field],
	);
}

function isSuccess(status: number): boolean {
	return status >= 200 && status < 300;
}
