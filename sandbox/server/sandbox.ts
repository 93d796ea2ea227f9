import type { PerformedAction } from '../contract/actions';
import type { Endpoint } from '../contract/contract';
import type { ListShape } from '../contract/page';
import type { Fault } from '../faults/fault';
import type { FaultMatch, QueuedFault } from '../faults/queue';
import type { IdempotencyKeys } from '../state/idempotency';
import type { StateSnapshot } from '../state/people';
import type { Seed } from '../state/seed';
import type { RecordedRequest } from '../state/traffic';

/** How a sandbox is started; everything may be left out. */
export interface SandboxOptions {
	/** TCP port; 0 takes a free one. Default 0. */
	port?: number;
	/** Address to listen on. Default '127.0.0.1'. */
	host?: string;
	/** The key that requests must bring. Default 'pp_test_sandbox'. */
	apiKey?: string;
	/**
	 * What becomes of a replay with the same `Idempotency-Key`: `honour` gives it the success that it was
	 * answered with before, `storeErrors` the error too, `ignore` takes no notice of the key, so that a
	 * repeat is refused with 422 `action_already_performed`. Default 'honour'.
	 */
	idempotencyKeys?: IdempotencyKeys;
	/**
	 * The clock for all times that it notes or writes, in UNIX milliseconds, with fractions; latencies are the
	 * machine's. Default the machine's.
	 */
	now?: () => number;
	/** Milliseconds before each request is worked on. Default 0. */
	latencyMs?: number;
	/** What there is at the start; parts that are left out are taken from the default team. */
	seed?: Partial<Seed>;
	/** Lists as `items` + `cursor` or as `data` + `next_cursor`. Default 'items'. */
	listShape?: ListShape;
	/** Accounts that are not in the seed do not exist (else they have both seats). Default false. */
	strictAccounts?: boolean;
	/** Hiring projects and lead lists that are not in the seed do not exist. Default false. */
	strictProjects?: boolean;
	/**
	 * People who are not in the seed do not exist, and the stage of someone who is not in the
	 * pipeline cannot be changed (else the change adds them). Default false.
	 */
	strictPeople?: boolean;
	/** Endpoints that the API does not have: plain 404. Default none. */
	without?: readonly Endpoint[];
	/** Whether `requests` is filled; counts and peaks are kept anyway. Default true. */
	record?: boolean;
	/** Routes under `/_sandbox` that control the sandbox over HTTP. Default false. */
	controlRoutes?: boolean;
	/** Called for each request when it is answered or its connection is gone. */
	onAnswered?: (record: RecordedRequest) => void;
}

/** A local PostPress that is running. */
export interface Sandbox {
	/** Base URL of the API, e.g. `http://127.0.0.1:40123/v1`. */
	readonly url: string;
	/** The port that it listens on, also while it refuses connections. */
	readonly port: number;
	/** The key that requests must bring. */
	readonly apiKey: string;
	/** Every request that arrived, in order; empty with `record: false`. */
	readonly requests: readonly RecordedRequest[];
	/** How many requests arrived, recorded or not. */
	readonly requestCount: number;
	/** Every action that was really performed, in order. */
	readonly performed: readonly PerformedAction[];
	/** Who is in which pipeline, who was rejected, who was saved; a copy. */
	readonly state: StateSnapshot;
	/** Faults that still wait for a request. */
	readonly pendingFaults: readonly QueuedFault[];
	/** Replays whose `Idempotency-Key` had been used for another path or body. */
	readonly keyConflicts: number;
	/** The greatest number of accounts that had a request in flight at once. */
	readonly lanesInFlight: number;
	/** The greatest number of requests in flight at once, overall or for one account. */
	maxInFlight(accountId?: string): number;
	/**
	 * Queues a fault for the next matching request, or the next few.
	 *
	 * @throws Error that names every field of the fault or match that is wrong
	 */
	fail(fault: Fault, match?: FaultMatch): void;
	/**
	 * From now on every request that has the right key and fits the contract meets this fault, before any
	 * that is queued: a gateway without anything behind it is `{ kind: 'html', status: 503 }`. Without a fault
	 * the outage is over.
	 *
	 * @throws Error that names every field of the fault that is wrong
	 */
	outage(fault?: Fault): void;
	/** Forgets everything that happened: requests, actions, keys, faults, an outage, peaks. */
	reset(): void;
	/** Closes the port and every connection: clients get ECONNREFUSED. */
	refuseConnections(): Promise<void>;
	/** Opens the same port again. */
	acceptConnections(): Promise<void>;
	/** Waits until the work is done on all that has arrived, also where the client has gone. */
	everythingDone(): Promise<void>;
	/** Ends the sandbox at once, hanging requests included. */
	close(): Promise<void>;
}
