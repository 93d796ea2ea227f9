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
	/** Response headers. Default: only `content-type` where `body` is JSON. */
	headers?: Record<string, string>;
	/** Text is sent as it is, anything else as JSON. Default: no body. */
	body?: unknown;
	/** Default: true for a 2xx status, else false. */
	performs?: boolean;
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

function isSuccess(status: number): boolean {
	return status >= 200 && status < 300;
}
