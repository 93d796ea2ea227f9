import { createHash, randomUUID } from 'node:crypto';

import type { IDataObject, IExecutePaginationFunctions } from 'n8n-workflow';

import type { Failure } from '../errors/failure';
import { Pass } from './pass';

/** What the node has to remember of one action, as long as the run may come back to it. */
export interface ActionMemory {
	/** Tells the actions of a run apart. */
	name: string;
	/** The same in every try: PostPress answers a replay with its first answer. */
	idempotencyKey: string;
	/** Requests sent so far. */
	attempts: number;
	/** Whether an answer was lost, so that the action may have been performed. */
	inDoubt: boolean;
	/** What the last request came to, unless the action was performed. */
	failure?: Failure;
	/** The output of the item, once the action was performed. */
	performed?: IDataObject;
}

/** The credential `postPressApi`. */
export interface Credential {
	apiKey: string;
	baseUrl: string;
}

/**
 * One run of the node over its input items. n8n's Retry On Fail goes over the items of a run again;
 * what was performed in an earlier pass is not sent in a later one.
 */
export class Run {
	private readonly actions = new Map<string, ActionMemory>();

	private pass?: Pass;

	private credentialOnce?: Promise<Credential>;

	constructor(private readonly itemCount: number) {}

	/** Takes an item into the current pass; into the next one, if it has been in this one. */
	passFor(context: IExecutePaginationFunctions): Pass {
		const itemIndex = context.getItemIndex();
		if (!this.pass || this.pass.has(itemIndex)) {
			const { $runIndex } = context.getWorkflowDataProxy(itemIndex);
			const signal = context.getExecutionCancelSignal();
			this.pass = new Pass(this.itemCount, !context.continueOnFail(), signal, Number($runIndex));
		}
		this.pass.add(itemIndex);
		return this.pass;
	}

	/** The memory of the action that `request` asks for, on the item of `context`. */
	memoryOf(context: IExecutePaginationFunctions, pass: Pass, request: IDataObject): ActionMemory {
		const name = hash([context.getItemIndex(), request]);
		const known = this.actions.get(name);
		if (known) return known;
		const memory = {
			name,
			idempotencyKey: idempotencyKey(context, pass, request),
			attempts: 0,
			inDoubt: false,
		};
		this.actions.set(name, memory);
		return memory;
	}

	/** Keeps the output of a performed action for Retry On Fail. */
	remember(memory: ActionMemory, output: IDataObject): void {
		memory.performed = output;
		// A run of one item that has succeeded is over. What an agent's tool is asked next, in the same run,
		// is asked anew, even if it is the same.
		if (this.itemCount === 1) this.actions.delete(memory.name);
	}

	/** Read once a run: n8n decrypts a credential each time it is asked for it. */
	async credential(read: () => Promise<Credential>): Promise<Credential> {
		return await (this.credentialOnce ??= read());
	}
}

/**
 * Runs by the object that n8n passes to every item and every Retry On Fail try of a run, then by node:
 * tools that n8n calls on behalf of an agent all get the agent's object.
 * Nothing is left when n8n lets go of that object.
 */
const runs = new WeakMap<object, Map<string, Run>>();

/** The run that an item belongs to. */
export function runOf(context: IExecutePaginationFunctions): Run {
	const executeData = context.getExecuteData();
	const { name } = context.getNode();
	const byNode = runs.get(executeData) ?? new Map<string, Run>();
	runs.set(executeData, byNode);
	const run = byNode.get(name) ?? new Run(countItems(context));
	byNode.set(name, run);
	return run;
}

/** How many items RoutingNode goes through in this run. */
function countItems(context: IExecutePaginationFunctions): number {
	const { node: owner, data } = context.getExecuteData();
	const node = context.getNode();
	// A tool that is called within an agent's run gets one item, not the agent's.
	if (node.executeOnce || owner.name !== node.name) return 1;
	return (data.main ?? data.ai_tool)?.[0]?.length ?? 1;
}

/**
 * The `Idempotency-Key` of one action: the same for the same item and request in the same run of the same
 * execution, different for everything else. Without an execution id there is nothing to tell executions
 * apart, so it is random.
 */
function idempotencyKey(
	context: IExecutePaginationFunctions,
	{ runIndex }: Pass,
	request: IDataObject,
): string {
	const executionId = context.getExecutionId();
	if (!executionId) return randomUUID();
	const { id: nodeId } = context.getNode();
	const itemIndex = context.getItemIndex();
	return hash([context.getInstanceId(), executionId, nodeId, runIndex, itemIndex, request]);
}

/** @returns 64 hexadecimal digits */
function hash(content: unknown): string {
	return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
