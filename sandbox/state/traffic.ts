import type { IncomingHttpHeaders } from 'node:http';
import type { OperationId } from '../contract/contract';

/**
 * How a request ended: an HTTP status; `dropped` = the sandbox cut the connection; `hung` = it was
 * left without an answer; `abandoned` = the client went away before the answer.
 */
export type Outcome = number | 'dropped' | 'hung' | 'abandoned';

/** A request that arrived, whatever became of it. */
export interface RecordedRequest {
	method: string;
	/** Path and query exactly as sent on the wire. */
	path: string;
	/** Header names in lower case. */
	headers: IncomingHttpHeaders;
	/** The body as text; empty without one. */
	rawBody: string;
	/** The body as JSON; `undefined` where there is none or it cannot be read. */
	body: unknown;
	/** `undefined` for a path that the API does not have. */
	operation: OperationId | undefined;
	/** The account in the body or query; `undefined` until the body was read, or without one. */
	accountId: string | undefined;
	/** The person, decoded from the path. */
	userId: string | undefined;
	/** The `action` of the body, whether or not there is such an action. */
	action: string | undefined;
	/** The header `Idempotency-Key`. */
	idempotencyKey: string | undefined;
	/** The id that errors carry as `instance`. */
	requestId: string;
	/** UNIX milliseconds, with fractions. */
	arrivedAt: number;
	/** UNIX milliseconds, with fractions; `undefined` while in flight. */
	answeredAt: number | undefined;
	/** `undefined` while in flight (`hung` is known at once). */
	answered: Outcome | undefined;
	/** The answer came from an earlier request with the same `Idempotency-Key`. */
	replayed: boolean;
	/** The kind of the fault that met this request. */
	fault: string | undefined;
}

/** A request on its way through the sandbox. */
export interface Exchange {
	readonly record: RecordedRequest;
	/** Requests in flight by account, at most, while the account of this one was not yet known. */
	overlaps: Map<string, number> | undefined;
	left: boolean;
}

interface Lane {
	now: number;
	peak: number;
}

/** Counts what is in flight, and records it unless told not to. */
export class Traffic {
	readonly requests: RecordedRequest[] = [];
	/** Requests that arrived, recorded or not. */
	count = 0;
	private readonly all: Lane = { now: 0, peak: 0 };
	private readonly accounts: Lane = { now: 0, peak: 0 };
	private readonly lanes = new Map<string, Lane>();
	private readonly unidentified = new Set<Exchange>();

	/**
	 * @param keep whether to record requests
	 * @param now the time: UNIX milliseconds, with fractions
	 */
	constructor(
		private readonly keep: boolean,
		private readonly now: () => number,
		private readonly onAnswered?: (record: RecordedRequest) => void,
	) {}

	/** The greatest number of requests in flight at once, overall or for one account. */
	maxInFlight(accountId?: string): number {
		if (accountId === undefined) return this.all.peak;
		return this.lanes.get(accountId)?.peak ?? 0;
	}

	/** The greatest number of accounts that had a request in flight at once. */
	get lanesInFlight(): number {
		return this.accounts.peak;
	}

	/** A request has arrived; its body is still to come. */
	arrive(method: string, path: string, headers: IncomingHttpHeaders): Exchange {
		this.count += 1;
		const idempotencyKey = headers['idempotency-key'];
		const record: RecordedRequest = {
			method,
			path,
			headers,
			rawBody: '',
			body: undefined,
			operation: undefined,
			accountId: undefined,
			userId: undefined,
			action: undefined,
			idempotencyKey: typeof idempotencyKey === 'string' ? idempotencyKey : undefined,
			requestId: `req_${this.count.toString().padStart(8, '0')}`,
			arrivedAt: this.now(),
			answeredAt: undefined,
			answered: undefined,
			replayed: false,
			fault: undefined,
		};
		const exchange: Exchange = { record, overlaps: undefined, left: false };
		if (this.keep) this.requests.push(record);
		this.unidentified.add(exchange);
		raise(this.all);
		return exchange;
	}

	/** The account of a request is known. */
	identify(exchange: Exchange, accountId: string): void {
		if (exchange.left || !this.unidentified.delete(exchange)) return;
		exchange.record.accountId = accountId;
		let lane = this.lanes.get(accountId);
		if (!lane) this.lanes.set(accountId, (lane = { now: 0, peak: 0 }));
		if (lane.now === 0) raise(this.accounts);
		raise(lane);
		// Requests of this account that were answered between arrival and now overlapped as well.
		lane.peak = Math.max(lane.peak, 1 + (exchange.overlaps?.get(accountId) ?? 0));
		exchange.overlaps = undefined;
	}

	/** A request is answered, or its connection is gone. Only the first call counts. */
	leave(exchange: Exchange, outcome: Outcome): void {
		if (exchange.left) return;
		exchange.left = true;
		const { record } = exchange;
		record.answered ??= outcome;
		record.answeredAt = this.now();
		this.unidentified.delete(exchange);
		this.all.now -= 1;
		const lane = record.accountId === undefined ? undefined : this.lanes.get(record.accountId);
		if (lane && record.accountId !== undefined) {
			this.noteOverlaps(record.accountId, lane.now);
			lane.now -= 1;
			if (lane.now === 0) this.accounts.now -= 1;
		}
		this.onAnswered?.(record);
	}

	private noteOverlaps(accountId: string, inFlight: number): void {
		for (const exchange of this.unidentified) {
			exchange.overlaps ??= new Map();
			const known = exchange.overlaps.get(accountId) ?? 0;
			exchange.overlaps.set(accountId, Math.max(known, inFlight));
		}
	}
}

function raise(lane: Lane): void {
	lane.now += 1;
	lane.peak = Math.max(lane.peak, lane.now);
}
