import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

import axios from 'axios';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { RecordedRequest, Sandbox } from '../../../sandbox';
import {
	failed,
	itemsWorkflow,
	n8nClock,
	NODES,
	performed,
	type Clock,
	type Engine,
	type EngineOptions,
	type Execution,
	type RetryOptions,
	type RunOptions,
	type RunResult,
	type WorkflowJson,
} from '../../../harness/engine';
import { indexOf } from './failures';
import { startOnce } from './once';
import { watchOutgoing } from './outgoing';
import { byId, noPause } from './parameters';

export { byId };
export { errorData, errorsOf, type ItemError } from './failures';

/** The longest pause, in milliseconds. */
const A_DAY = 86_400_000;

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

/** How a failed execution is run again. */
export interface WhereAgain extends RetryOptions, Pick<Where, 'at'> {}

/** n8n's engine and three local PostPress, as one test file uses them. */
export interface Delivery {
	engine: Engine;
	/** Honours `Idempotency-Key`. */
	sandbox: Sandbox;
	/** Ignores `Idempotency-Key`: a repeat is refused with `action_already_performed`. */
	careless: Sandbox;
	/** Honours `Idempotency-Key`, and answers a repeat of what it refused with the same refusal. */
	stubborn: Sandbox;
	/** The time of n8n and of the sandboxes; it is the machine's again after each test. */
	clock: Clock;
	start(settings: Settings, where?: Where): Execution;
	run(settings: Settings, where?: Where): Promise<RunResult>;
	startWorkflow(workflow: WorkflowJson, where?: Where): Execution;
	/** n8n's *Executions > Retry*. */
	retry(failed: RunResult, where?: WhereAgain): Promise<RunResult>;
	/** Waits until nobody waits in a lane, for a day on a held clock: nothing is sent any more. */
	everyLaneGone(): Promise<void>;
	/** As in `Outgoing`. */
	timingOut<T>(work: Promise<T>, sandbox?: Sandbox): Promise<T>;
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
	const clock = n8nClock();
	const { now } = clock;
	// A lane that rests until a time on the held clock would rest for as long on the machine's.
	const endRests = async () => {
		if (clock.isHeld) await clock.advance(A_DAY);
	};
	afterEach(async () => {
		await endRests();
		clock.release();
	});
	const outgoing = watchOutgoing();
	afterAll(async () => {
		await delivery.everyLaneGone();
		outgoing.stop();
	});
	const delivery = startOnce(
		{
			sandbox: { now },
			careless: { now, idempotencyKeys: 'ignore' },
			stubborn: { now, idempotencyKeys: 'storeErrors' },
		},
		{ expressionEngine },
	) as Delivery;
	beforeEach(() => {
		if (!afresh) return;
		delivery.sandbox.reset();
		delivery.careless.reset();
		delivery.stubborn.reset();
	});

	const startWorkflow: Delivery['startWorkflow'] = (workflow, where = {}) => {
		const { at = delivery.sandbox, ...options } = where;
		return delivery.engine.start(workflow, { credentials: credentialsOf(at), ...options });
	};
	const start: Delivery['start'] = (settings, where) => startWorkflow(itemsOf(settings), where);
	return Object.assign(delivery, {
		clock,
		start,
		startWorkflow,
		run: async (settings: Settings, where?: Where) => await start(settings, where).finished,
		async retry(result: RunResult, { at = delivery.sandbox, ...options }: WhereAgain = {}) {
			const credentials = credentialsOf(at);
			return await delivery.engine.retry(result, { credentials, ...options }).finished;
		},
		async everyLaneGone() {
			await endRests();
			await clock.idle();
		},
		timingOut: async <T>(work: Promise<T>, at = delivery.sandbox) =>
			await outgoing.timingOut(work, at),
	});
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
	newStage: '={{ $json.stage }}',
};

/** Rejects the person of an item with a message. */
export const rejectApplicant: INodeParameters = {
	...addCandidate,
	resource: 'applicant',
	operation: 'reject',
	reason: 'MORE_QUALIFIED_CANDIDATES',
	notifyApplicant: true,
	rejectionMessage: 'Thank you for your interest.',
};

/** Saves the person of an item as a lead. */
export const saveLead: INodeParameters = {
	resource: 'lead',
	operation: 'save',
	accountId: byId('={{ $json.account }}'),
	leadUserId: byId('={{ $json.user }}'),
	listId: byId('7154321558885357524'),
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

/** The workflow of the settings; people follow one another at once unless the options say otherwise. */
export function itemsOf({
	items = people(1),
	options = {},
	parameters,
	...rest
}: Settings): WorkflowJson {
	return itemsWorkflow({
		...rest,
		items: asItems(items),
		parameters: { ...(parameters ?? addCandidate), options: { ...noPause, ...options } },
	});
}

/** What became of each input item, by its index: its `outcome`, performed or failed. */
export function fates(result: RunResult): unknown[] {
	const items = [...performed(result), ...failed(result)].map((item) => {
		const { json } = item;
		const { outcome } = (json.error ?? json.postpress ?? json) as { outcome?: string };
		return [indexOf(item), outcome ?? json] as const;
	});
	expect(items.every(([index]) => Number.isInteger(index))).toBe(true);
	return items.sort(([a], [b]) => a - b).map(([, fate]) => fate);
}

/** The people of some requests, in the order of arrival. */
export const usersOf = (requests: ReadonlyArray<{ userId?: string }>) =>
	requests.map(({ userId }) => userId);

/** The different idempotency keys of some requests. */
export const keysOf = (requests: readonly RecordedRequest[]) => [
	...new Set(requests.map(({ idempotencyKey }) => idempotencyKey)),
];

/** Milliseconds from the answer of each request to the arrival of the next. */
export const gapsOf = (requests: readonly RecordedRequest[]) =>
	requests.slice(1).map(({ arrivedAt }, index) => arrivedAt - requests[index].answeredAt!);

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
