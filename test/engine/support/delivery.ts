import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, type ClientRequest } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import axios from 'axios';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { RecordedRequest, Sandbox } from '../../../sandbox';
import {
	failed,
	itemsWorkflow,
	NODES,
	performed,
	type Engine,
	type EngineOptions,
	type Execution,
	type RunOptions,
	type RunResult,
	type WorkflowJson,
} from '../../../harness/engine';
import type { Clock } from './clock';
import { startOnce } from './once';
import { byId } from './parameters';

type ItemsSettings = NonNullable<Parameters<typeof itemsWorkflow>[0]>;

/** A workflow of the node over items; the node adds candidates unless `parameters` say otherwise. */
export interface Settings extends Omit<ItemsSettings, 'items'> {
	items?: IDataObject[];
	/** The node's own collection "Options". */
	options?: IDataObject;
}

/** How a workflow is run: n8n's run options, and the PostPress that its credential leads to. */
export interface Where extends RunOptions {
	/** Default: the sandbox that honours `Idempotency-Key`. */
	at?: Pick<Sandbox, 'url' | 'apiKey'>;
}

/** n8n's engine and two local PostPress, as one test file uses them. */
export interface Delivery {
	engine: Engine;
	/** Honours `Idempotency-Key`. */
	sandbox: Sandbox;
	/** Ignores `Idempotency-Key`: a repeat is refused with `action_already_performed`. */
	careless: Sandbox;
	start(settings: Settings, where?: Where): Execution;
	run(settings: Settings, where?: Where): Promise<RunResult>;
	startWorkflow(workflow: WorkflowJson, where?: Where): Execution;
	/** How many lanes somebody is in, or rests in. */
	openLanes(): number;
	/** Waits until no lane is left: nothing is sent any more. */
	everyLaneGone(): Promise<void>;
	/**
	 * Moves a held clock whenever nothing but a wait is left to happen, until some work is over.
	 *
	 * @param sandbox the one that the work is about
	 */
	moving<T>(clock: Clock, work: Promise<T>, sandbox?: Sandbox): Promise<Moved<T>>;
	/** Ends each request that hangs as the timer of its timeout would, until some work is over. */
	timingOut<T>(work: Promise<T>, sandbox?: Sandbox): Promise<T>;
}

/** What has happened while the clock was moved. */
export interface Moved<T> {
	result: T;
	/** Milliseconds on the clock from the answer of each request to the arrival of the next. */
	gapsOf(requests: readonly RecordedRequest[]): number[];
}

/**
 * Starts everything once for a test file.
 *
 * @param afresh whether each test finds sandboxes in which nothing has happened
 * @param expressionEngine n8n's own choice, vm, starts an isolate for each execution, which takes several times
 *   as long as anything else here; it is for tests in which it matters how an expression is evaluated
 */
export function startDelivery({
	afresh = true,
	expressionEngine = 'legacy',
}: Pick<EngineOptions, 'expressionEngine'> & { afresh?: boolean } = {}): Delivery {
	const outgoing = watchOutgoing();
	afterAll(async () => {
		await delivery.everyLaneGone();
		outgoing.stop();
	});
	const delivery = startOnce(
		{ sandbox: {}, careless: { honourIdempotencyKey: false } },
		{ expressionEngine },
	) as Delivery;
	beforeEach(() => {
		if (!afresh) return;
		delivery.sandbox.reset();
		delivery.careless.reset();
	});

	const startWorkflow: Delivery['startWorkflow'] = (workflow, where = {}) => {
		const { at = delivery.sandbox, ...options } = where;
		return delivery.engine.start(workflow, { credentials: credentialsOf(at), ...options });
	};
	const start: Delivery['start'] = (settings, where) => startWorkflow(itemsOf(settings), where);
	const openLanes = () =>
		delivery.engine
			.load<{ openLanes(): number }>('dist/nodes/PostPress/delivery/lane.js')
			.openLanes();
	return Object.assign(delivery, {
		start,
		startWorkflow,
		run: async (settings: Settings, where?: Where) => await start(settings, where).finished,
		openLanes,
		everyLaneGone: async () => await until(() => openLanes() === 0, 'every lane was gone'),
		moving: async <T>(clock: Clock, work: Promise<T>, at = delivery.sandbox) =>
			await moving(clock, work, at),
		timingOut: async <T>(work: Promise<T>, at = delivery.sandbox) =>
			await outgoing.timeOut(work, at),
	});
}

async function moving<T>(clock: Clock, work: Promise<T>, { requests }: Sandbox): Promise<Moved<T>> {
	const arrivals = new Map<RecordedRequest, number>();
	const note = () => {
		for (const request of requests) {
			if (!arrivals.has(request)) arrivals.set(request, clock.now);
		}
	};
	const bystander = createServer((_request, response) => response.end());
	await new Promise<void>((resolve) => bystander.listen(0, '127.0.0.1', resolve));
	const { port } = bystander.address() as AddressInfo;
	const everythingRead = async () => await answersRead({ url: `http://127.0.0.1:${port}` });

	let isOver = false;
	const over = work.finally(() => (isOver = true));
	over.catch(() => {}); // it is waited for below
	note();
	try {
		while (!isOver) {
			await everythingRead();
			note();
			const isQuiet = requests.every(({ answeredAt }) => answeredAt !== undefined);
			if (isQuiet && !isOver) clock.skip();
		}
	} finally {
		bystander.closeAllConnections();
		bystander.close();
	}
	note();
	const at = (request: RecordedRequest) => arrivals.get(request) ?? NaN;
	return {
		result: await over,
		gapsOf: (own) => own.slice(1).map((request, index) => at(request) - at(own[index])),
	};
}

/** Follows the requests that this process makes. */
function watchOutgoing() {
	const open = new Set<ClientRequest>();
	const onStart = (message: unknown) => {
		const { request } = message as { request: ClientRequest };
		open.add(request);
		request.once('close', () => open.delete(request));
	};
	subscribe('http.client.request.start', onStart);

	const timeOutHanging = ({ requests }: Sandbox) => {
		const hanging = requests.filter(
			({ answered, answeredAt }) => answered === 'hung' && answeredAt === undefined,
		);
		for (const { path, idempotencyKey } of hanging) {
			for (const request of open) {
				const isIt =
					request.path === path && request.getHeader('Idempotency-Key') === idempotencyKey;
				// Once: it stays open for a while.
				if (isIt && open.delete(request)) request.emit('timeout');
			}
		}
	};
	return {
		async timeOut<T>(work: Promise<T>, sandbox: Sandbox): Promise<T> {
			let isOver = false;
			const over = work.finally(() => (isOver = true));
			over.catch(() => {}); // it is waited for below
			await until(() => {
				timeOutHanging(sandbox);
				return isOver;
			}, 'the work was over');
			return await over;
		},
		stop: () => unsubscribe('http.client.request.start', onStart),
	};
}

/** The credential of the node, for one run. */
export const credentialsOf = ({ url, apiKey }: Pick<Sandbox, 'url' | 'apiKey'>) => ({
	postPressApi: { apiKey, baseUrl: url },
});

/** Adds the person of an item, with the account of that item. */
export const addCandidate: INodeParameters = {
	resource: 'candidate',
	operation: 'addToPipeline',
	accountId: byId('={{ $json.account }}'),
	userId: byId('={{ $json.user }}'),
	hiringProjectId: byId('proj_test'),
};

/** Moves the person of an item to the stage of that item. */
export const changeStage: INodeParameters = {
	...addCandidate,
	operation: 'changeStage',
	stage: '={{ $json.stage }}',
};

/** Items for as many people: AEM0, AEM1, … */
export const people = (count: number, account = 'acc_a') =>
	Array.from({ length: count }, (_, index) => ({ account, user: `AEM${index}` }));

const asItems = (items: IDataObject[]) => items.map((json) => ({ json }));

const to = (node: string) => ({ node, type: 'main' as const, index: 0 });

/** Two branches with a person each that end in the node: it runs twice in the execution. */
export function twoRuns(settings: Settings = {}): WorkflowJson {
	const workflow = itemsOf(settings);
	const [trigger] = workflow.nodes;
	const branches = ['A', 'B'];
	return {
		...workflow,
		nodes: [
			...workflow.nodes,
			...branches.map((name) => ({ ...trigger, id: name, name, type: 'n8n-nodes-base.noOp' })),
		],
		connections: {
			...workflow.connections,
			[NODES.trigger]: { main: [branches.map(to)] },
			...Object.fromEntries(branches.map((name) => [name, { main: [[to(NODES.node)]] }])),
		},
	};
}

/** A loop: items that fail go back into the node until none does. */
export function loop(settings: Settings): WorkflowJson {
	const workflow = itemsOf({ ...settings, onError: 'continueErrorOutput' });
	const { main } = workflow.connections[NODES.node];
	return {
		...workflow,
		connections: { ...workflow.connections, [NODES.node]: { main: [main[0], [to(NODES.node)]] } },
	};
}

/** Two nodes that do the same with the same items. */
export function twoNodes(settings: Settings = {}): WorkflowJson {
	const workflow = itemsOf(settings);
	const second = { ...workflow.nodes[1], id: 'second', name: 'Second' };
	return {
		...workflow,
		nodes: [...workflow.nodes, second],
		connections: {
			...workflow.connections,
			[NODES.trigger]: { main: [[to(NODES.node), to(second.name)]] },
		},
	};
}

/** The workflow of the settings. */
export function itemsOf({
	items = people(1),
	options = {},
	parameters,
	...rest
}: Settings): WorkflowJson {
	return itemsWorkflow({
		...rest,
		items: asItems(items),
		parameters: { ...(parameters ?? addCandidate), options: options as INodeParameters },
	});
}

/** What became of each input item, by its index: `performed`, or the outcome of the failure. */
export function fates(result: RunResult): unknown[] {
	const items = [...performed(result), ...failed(result)].map(({ json, pairedItem }) => {
		const index = (pairedItem as { item: number } | undefined)?.item ?? NaN;
		const { details } = json as { details?: { outcome: string } };
		return [index, details?.outcome ?? (json.success === true ? 'performed' : json)] as const;
	});
	expect(items.every(([index]) => Number.isInteger(index))).toBe(true);
	return items.sort(([a], [b]) => a - b).map(([, fate]) => fate);
}

/** The `details` of the failed items, in order. */
export const detailsOf = (result: RunResult) =>
	[...performed(result), ...failed(result)]
		.map(({ json }) => json.details as IDataObject | undefined)
		.filter((details) => details !== undefined);

/** The people of some requests, in the order of arrival. */
export const usersOf = (requests: ReadonlyArray<{ userId?: string }>) =>
	requests.map(({ userId }) => userId);

/** The different idempotency keys of some requests. */
export const keysOf = (requests: readonly RecordedRequest[]) => [
	...new Set(requests.map(({ idempotencyKey }) => idempotencyKey)),
];

/** Waits until a condition holds; what does not happen within 25 seconds does not happen. */
export async function until(condition: () => boolean, what: string): Promise<void> {
	const deadline = performance.now() + 25_000;
	while (!condition()) {
		if (performance.now() > deadline) throw new Error(`Waited in vain until ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 1));
	}
}

/**
 * Resolves when this process has read every answer that the sandbox has sent before: what is asked
 * later is answered later.
 */
export async function answersRead({ url }: Pick<Sandbox, 'url'>): Promise<void> {
	for (let round = 0; round < 3; round++) await axios.get(url, { validateStatus: () => true });
}

/** Counts the connections that this process tries to make to a port and that fail. */
export function watchRefusals(port: number) {
	let count = 0;
	const onSocket = (message: unknown) => {
		(message as { socket: Socket }).socket.on('error', (error: Error & { port?: number }) => {
			if (error.port === port) count++;
		});
	};
	subscribe('net.client.socket', onSocket);
	return {
		get count() {
			return count;
		},
		stop: () => unsubscribe('net.client.socket', onSocket),
	};
}
