import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { PerformedAction } from '../contract/actions';
import { API_PREFIX, buildApp } from './app';
import type { Endpoint } from '../contract';
import { buildControl, CONTROL_PREFIX } from './control';
import { Directory } from '../state/directory';
import type { Fault, FaultMatch, QueuedFault } from '../faults/fault';
import { parseFaultOrder } from '../faults/schema';
import type { ListShape } from '../contract/page';
import { Port } from './port';
import { defaultSeed, type Seed } from '../state/seed';
import type { StateSnapshot } from '../state/people';
import type { RecordedRequest } from '../state/traffic';
import { Waits } from './waits';
import { newWorld, type Arrival } from '../state/world';

export type { ActionBody, PerformedAction, Product, Stage } from '../contract/actions';
export type { Endpoint, OperationId } from '../contract';
export type { Fault, FaultMatch, QueuedFault } from '../faults/fault';
export type { ListShape } from '../contract/page';
export type { Seed, SeedAccount, SeedEntry, SeedPerson } from '../state/seed';
export type { RejectedApplicant, StateSnapshot } from '../state/people';
export type { Outcome, RecordedRequest } from '../state/traffic';

/** How a sandbox is started; everything may be left out. */
export interface SandboxOptions {
	/** TCP port; 0 takes a free one. Default 0. */
	port?: number;
	/** Address to listen on. Default '127.0.0.1'. */
	host?: string;
	/** The key that requests must bring. Default 'pp_test_sandbox'. */
	apiKey?: string;
	/**
	 * Whether a replay with the same `Idempotency-Key` gets the original answer. If not, the key
	 * is ignored and a repeat is refused with 422 `action_already_performed`. Default true.
	 */
	honourIdempotencyKey?: boolean;
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
	readonly port: number;
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
	/** Queues a fault for the next matching request; throws if it is not a proper fault. */
	fail(fault: Fault, match?: FaultMatch): void;
	/** Forgets everything that happened: requests, actions, keys, faults, peaks. */
	reset(): void;
	/** Closes the port and every connection: clients get ECONNREFUSED. */
	refuseConnections(): Promise<void>;
	/** Opens the same port again. */
	acceptConnections(): Promise<void>;
	/** Ends the sandbox at once, hanging requests included. */
	close(): Promise<void>;
}

/** Starts a local PostPress. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const { host = '127.0.0.1', apiKey = 'pp_test_sandbox' } = options;
	const settings = {
		seed: { ...defaultSeed, ...options.seed },
		honourIdempotencyKey: options.honourIdempotencyKey ?? true,
		listShape: options.listShape ?? 'items',
		strictAccounts: options.strictAccounts ?? false,
		strictProjects: options.strictProjects ?? false,
		strictPeople: options.strictPeople ?? false,
		record: options.record ?? true,
		onAnswered: options.onAnswered,
	};
	const directory = new Directory(settings.seed, settings);
	let world = newWorld(settings, directory);

	const waits = new Waits();
	const arrivals = new WeakMap<IncomingMessage, Arrival>();
	const app = await buildApp({
		apiKey,
		without: options.without ?? [],
		pace: { waits, latencyMs: options.latencyMs ?? 0 },
		arrivalOf: (request) => arrivals.get(request)!,
	});

	const server = createServer((request, response) => {
		if (control && request.url?.startsWith(CONTROL_PREFIX)) {
			return control.routing(request, response);
		}
		arrive(request, response);
		app.routing(request, response);
	});
	// An idle connection that is closed at the wrong moment would look like a dropped request.
	server.keepAliveTimeout = 0;
	const connections = new Port(server, host, options.port ?? 0);

	const sandbox: Sandbox = {
		get url() {
			return `http://${host}:${connections.number}${API_PREFIX}`;
		},
		get port() {
			return connections.number;
		},
		apiKey,
		get requests() {
			return world.traffic.requests;
		},
		get requestCount() {
			return world.traffic.count;
		},
		get performed() {
			return world.performed;
		},
		get state() {
			return world.state.snapshot();
		},
		get pendingFaults() {
			return world.faults.pending;
		},
		get keyConflicts() {
			return world.keys.conflicts;
		},
		get lanesInFlight() {
			return world.traffic.lanesInFlight;
		},
		maxInFlight: (accountId) => world.traffic.maxInFlight(accountId),
		fail(fault, match) {
			parseFaultOrder({ fault, match });
			world.faults.add(fault, match);
		},
		reset() {
			world = newWorld(settings, directory);
		},
		refuseConnections: () => connections.refuse(),
		acceptConnections: () => connections.open(),
		async close() {
			waits.cancel();
			await connections.close();
			await app.close();
		},
	};
	const control = options.controlRoutes ? await buildControl(sandbox) : undefined;
	await connections.open();
	return sandbox;

	function arrive(request: IncomingMessage, response: ServerResponse): void {
		const { method = '', url = '', headers } = request;
		const { traffic } = world;
		const exchange = traffic.arrive(method, url, headers);
		arrivals.set(request, { exchange, world });
		response.once('close', () => traffic.leave(exchange, 'abandoned'));
	}
}
