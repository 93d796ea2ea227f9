import type * as Core from 'n8n-core';
import type * as N8nWorkflow from 'n8n-workflow';
import { runInThisContext } from 'node:vm';

/** One entry of n8n's log: the text and whatever n8n attached to it. */
export interface LogEntry {
	level: string;
	message: string;
	[detail: string]: unknown;
}

/**
 * n8n's clock in the hand of a test: waits take as long as the test says, on a busy machine as on an idle one.
 * It is the clock of n8n's process, in which the node runs as well: `setTimeout`, `Date.now()` and
 * `AbortSignal.timeout()`. Until it is held, and when it is released, it is the machine's. The timers of sockets
 * are Node's own and always go on. All times are in milliseconds.
 */
export interface Clock {
	/** UNIX time. */
	now(): number;
	readonly isHeld: boolean;
	/** When it was held, in UNIX time. */
	readonly heldAt: number;
	/** How long each wait was meant to be that has begun since it was held. */
	readonly begun: readonly number[];
	/** How long each wait has still to go that is not over, the shortest first. */
	readonly pending: readonly number[];
	/**
	 * Stops the clock: what n8n and the node wait for does not come.
	 *
	 * @param longerThan waits of up to so many milliseconds are over at once; default 0
	 */
	hold(longerThan?: number): void;
	/** Moves the clock to the end of the wait that is over first. */
	skip(): void;
	/**
	 * Holds the clock and moves it. Waits end in their order, and what follows from each, as far as it waits for
	 * nothing, happens before the next.
	 */
	advance(milliseconds: number): Promise<void>;
	/** Holds the clock and moves it whenever nothing but a wait is left to happen, until some work is over. */
	moving<T>(work: Promise<T>): Promise<T>;
	/** Waits until no request is under way, nothing waits for the clock, and nothing follows from either. */
	idle(): Promise<void>;
	/** Lets the clock go on by itself; waits that have begun are over. */
	release(): void;
}

type RunByHand = Parameters<InstanceType<typeof Core.WorkflowExecute>['run']>[0];

/** See n8n-process.js. */
interface N8nProcess {
	core: typeof Core;
	workflow: typeof N8nWorkflow;
	Container: { get<T>(type: new (...args: never[]) => T): T };
	toJsonSchema(zodSchema: unknown): N8nWorkflow.IDataObject;
	expressionEngine(): string;
	withIsolate<T>(
		expression: N8nWorkflow.Workflow['expression'],
		work: () => Promise<T>,
	): Promise<T>;
	runByHand(
		execute: InstanceType<typeof Core.WorkflowExecute>,
		from: Pick<RunByHand, 'workflow' | 'startNode' | 'pinData'>,
	): ReturnType<InstanceType<typeof Core.WorkflowExecute>['run']>;
	fieldsOf(credentialType: N8nWorkflow.ICredentialType): N8nWorkflow.INodeProperties[];
	copy<T>(value: T): T;
	stored<T>(data: T): T;
	clock: Clock;
	nextExecutionId(): string;
	followLog(follow: (entry: LogEntry) => void): () => void;
	acquire(options: { expressionEngine?: 'legacy' | 'vm'; timezone?: string }): Promise<void>;
	release(): Promise<void>;
	unload(folder: string): void;
	load(file: string): unknown;
}

/**
 * n8n, loaded by node and not by jest: `runInThisContext` is the way out of jest's sandbox, and
 * elsewhere it is just `process`. Loading takes about a second, once for a process.
 */
export const loadN8n = (): N8nProcess => {
	const { getBuiltinModule } = runInThisContext('process') as NodeJS.Process;
	const requireByNode = getBuiltinModule('node:module').createRequire(__filename);
	return requireByNode('./n8n-process.js') as N8nProcess;
};

export type N8n = ReturnType<typeof loadN8n>;

/** The clock of this process. */
export const n8nClock = (): Clock => loadN8n().clock;
