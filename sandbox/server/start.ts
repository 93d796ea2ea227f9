import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { parseFault, parseFaultOrder } from '../faults/schema';
import type { Sandbox, SandboxOptions } from './sandbox';
import { Directory } from '../state/directory';
import { defaultSeed } from '../state/team';
import { newWorld, type Arrival } from '../state/world';
import { API_PREFIX, appWithout, route } from './app';
import { buildControl, CONTROL_PREFIX } from './control';
import { Port } from './port';
import { Waits } from './waits';

/**
 * Starts a local PostPress.
 *
 * @returns the sandbox, listening
 * @throws Error with the code `EADDRINUSE` where something listens on the wanted port already
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const { host = '127.0.0.1', apiKey = 'pp_test_sandbox' } = options;
	const settings = {
		seed: { ...defaultSeed, ...options.seed },
		idempotencyKeys: options.idempotencyKeys ?? 'honour',
		now: options.now ?? (() => performance.timeOrigin + performance.now()),
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
	const pace = { waits, latencyMs: options.latencyMs ?? 0 };
	const app = await appWithout(options.without ?? []);

	const server = createServer((request, response) => {
		if (control && request.url?.startsWith(CONTROL_PREFIX)) {
			return control.routing(request, response);
		}
		route(app, request, response, { ...arrive(request, response), apiKey, pace });
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
		outage(fault) {
			world.outage = fault ? parseFault(fault) : undefined;
		},
		reset() {
			world = newWorld(settings, directory);
		},
		refuseConnections: () => connections.refuse(),
		acceptConnections: () => connections.open(),
		everythingDone: () => waits.over(),
		async close() {
			waits.cancel();
			await connections.close();
		},
	};
	const control = options.controlRoutes ? await buildControl(sandbox) : undefined;
	await connections.open();
	return sandbox;

	function arrive(request: IncomingMessage, response: ServerResponse): Arrival {
		const { method = '', url = '', headers } = request;
		const { traffic } = world;
		const exchange = traffic.arrive(method, url, headers);
		response.once('close', () => traffic.leave(exchange, 'abandoned'));
		return { exchange, world };
	}
}
