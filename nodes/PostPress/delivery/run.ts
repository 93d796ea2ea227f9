import { createHash, randomUUID } from 'node:crypto';

import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecutePaginationFunctions,
} from 'n8n-workflow';

import type { Failure } from '../errors/failure';
import { checkCredential, type Credential } from '../transport/credential';
import { Pass } from './pass';

/** The request of an action: everything that PostPress gets to see of it. */
export interface ActionRequest {
	method: string | undefined;
	url: string;
	body: IDataObject;
}

/** An action of the run, and what is known of it. */
export interface Action {
	/** Tells the actions of a run apart. */
	id: string;
	request: ActionRequest;
	/** The ids in the path by their names, for the output. */
	ids: IDataObject;
	/** The same in every try: PostPress answers a replay with its first answer. */
	idempotencyKey: string;
	/** Requests sent so far, look-ups not counted. */
	attempts: number;
	/** Whether an answer was lost, so that the action may have been performed. */
	inDoubt: boolean;
	/** What the last request came to, unless the action was performed. */
	failure?: Failure;
	/** The output of the item, once the action was performed. */
	output?: IDataObject;
}

/** The credential, or why it cannot be used. */
type CheckedCredential = Credential | { failure: Failure };

/**
 * One run of the node over its input items. n8n's Retry On Fail goes over the items of a run again;
 * what was performed in an earlier pass is not sent in a later one.
 */
export class Run {
	private readonly actions = new Map<string, Action>();

	private pass?: Pass;

	private readonly credentials = new Map<string, Promise<CheckedCredential>>();

	/**
	 * @param itemCount how many items RoutingNode goes through
	 * @param isOwn whether the items are the node's own; not so for a tool that is called within the run
	 *   of an agent, where every call has item index 0
	 */
	constructor(
		private readonly itemCount: number,
		private readonly isOwn: boolean,
	) {}

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

	/** The action of an item in an earlier pass, whatever its parameters say by now. */
	earlierAction(itemIndex: number): Action | undefined {
		return this.isOwn ? this.actions.get(String(itemIndex)) : undefined;
	}

	/**
	 * The action of an item. n8n evaluates expressions anew in every pass, and `{{ $now }}` makes another
	 * request of it; what may have been performed is asked for again word by word, with the same key.
	 */
	actionFor(
		context: IExecutePaginationFunctions,
		pass: Pass,
		request: ActionRequest,
		ids: IDataObject,
	): Action {
		const itemIndex = context.getItemIndex();
		const id = this.isOwn ? String(itemIndex) : hash([itemIndex, request]);
		const known = this.actions.get(id);
		const isSettled = known?.output !== undefined || known?.inDoubt === true;
		if (known && (isSettled || hash(known.request) === hash(request))) return known;

		const key = idempotencyKey(context, pass, request);
		const action = { id, request, ids, idempotencyKey: key, attempts: 0, inDoubt: false };
		this.actions.set(id, action);
		return action;
	}

	/** Keeps the output of a performed action for Retry On Fail. */
	remember(action: Action, output: IDataObject): void {
		action.output = output;
		// What an agent asks of its tool next is asked anew, even if it is the same.
		if (!this.isOwn) this.actions.delete(action.id);
	}

	/**
	 * The credential, read once a run for each account: n8n goes to its database and decrypts each time it is
	 * asked. By an expression every customer may have a key of their own, but no account has two customers.
	 */
	async credential(
		context: IExecutePaginationFunctions,
		accountId: string,
	): Promise<CheckedCredential> {
		const known = this.credentials.get(accountId);
		const credential = known ?? readCredential(context);
		if (!known) this.credentials.set(accountId, credential);
		return await credential;
	}
}

async function readCredential(context: IExecutePaginationFunctions): Promise<CheckedCredential> {
	return checkCredential(
		await context.getCredentials<ICredentialDataDecryptedObject>('postPressApi'),
	);
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
	const isOwn = executeData.node.name === name;
	const run = byNode.get(name) ?? new Run(isOwn ? countItems(context) : 1, isOwn);
	byNode.set(name, run);
	return run;
}

/** How many items RoutingNode goes through in a run of the node's own. */
function countItems(context: IExecutePaginationFunctions): number {
	const { data } = context.getExecuteData();
	if (context.getNode().executeOnce) return 1;
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
	request: ActionRequest,
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
