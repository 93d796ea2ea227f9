import type { IDataObject, IExecuteData, IExecutePaginationFunctions } from 'n8n-workflow';

import { tallyInWords } from '../errors/describe';
import type { Failure } from '../errors/failure';
import { readCredential, type Credential } from '../transport/credential';
import { hash, idempotencyKey, isSameRequest, type Action, type ActionRequest } from './action';
import { attachLedger, detachLedger, storedLedger, type Ledger } from './ledger';
import { Pass } from './pass';

/**
 * One run of the node over its input items. n8n's Retry On Fail goes over the items of a run again, and so does
 * *Executions > Retry* in another execution: what was performed is not sent again.
 */
export class Run {
	private pass?: Pass;

	private readonly ledger: Ledger;

	private readonly credentials = new Map<string, Promise<Credential | { failure: Failure }>>();

	/** Why nothing more is sent for an account in this run, by its lane. */
	private readonly stopped = new Map<string, Failure>();

	/**
	 * @param itemCount how many items RoutingNode goes through
	 * @param isOwn whether the items are the node's own; not so for a tool that is called within the run
	 *   of an agent, where every call has item index 0
	 */
	constructor(
		private readonly executeData: IExecuteData,
		private readonly itemCount: number,
		private readonly isOwn: boolean,
		executionId: string | undefined,
	) {
		const stored = isOwn ? storedLedger(executeData) : undefined;
		this.ledger = stored ?? { executionId, actions: {} };
	}

	/** Takes an item into the current pass; into the next one, if it has been in this one. */
	passFor(context: IExecutePaginationFunctions): Pass {
		const itemIndex = context.getItemIndex();
		if (!this.pass || this.pass.has(itemIndex)) {
			const signal = context.getExecutionCancelSignal();
			// Each call of a tool in the run of an agent has one of its own.
			const { $runIndex } = context.getWorkflowDataProxy(itemIndex);
			const runIndex = Number($runIndex);
			this.pass = new Pass(this.itemCount, runIndex, !context.continueOnFail(), signal);
			void this.attend(context, this.pass);
		}
		this.pass.add(itemIndex);
		return this.pass;
	}

	/** The action of an item in an earlier pass, whatever its parameters say by now. */
	earlierAction(itemIndex: number): Action | undefined {
		return this.isOwn ? this.ledger.actions[itemIndex] : undefined;
	}

	/**
	 * The action of an item. n8n evaluates expressions anew in every pass, and `{{ $now }}` makes another
	 * request of it; what may have been performed is asked for again word by word, with the same key.
	 *
	 * @param keyText the option "Idempotency Key"
	 */
	actionFor(
		context: IExecutePaginationFunctions,
		pass: Pass,
		asked: Pick<Action, 'request' | 'userId' | 'deed'>,
		keyText: string | undefined,
	): Action {
		const { request } = asked;
		const id = this.idOf(context, request);
		const known = this.ledger.actions[id];
		if (known?.inDoubt) return known;
		const isKnown = known !== undefined && isSameRequest(known.request, request);
		const blank = { idempotencyKey: '', refusals: 0, inDoubt: false, attempts: 0 };
		const action = isKnown ? known : { ...asked, ...blank };
		this.ledger.actions[id] = action;
		this.renewKey(context, pass, action, keyText);
		return action;
	}

	/** @param keyText the option "Idempotency Key" */
	renewKey(
		context: IExecutePaginationFunctions,
		{ runIndex }: Pass,
		action: Action,
		keyText: string | undefined,
	): void {
		const { executionId } = this.ledger;
		action.idempotencyKey = idempotencyKey(context, action, keyText, executionId, runIndex);
	}

	/** Keeps the output of a performed action for later passes. */
	remember(context: IExecutePaginationFunctions, action: Action, output: IDataObject): void {
		action.output = output;
		// What an agent asks of its tool next is asked anew, even if it is the same.
		if (!this.isOwn) delete this.ledger.actions[this.idOf(context, action.request)];
	}

	/**
	 * The credential, read once a run for each account: n8n goes to its database and decrypts each time it is
	 * asked. By an expression every customer may have a key of their own, but no account has two customers.
	 * One that cannot be used is read again in the next pass.
	 */
	async credential(
		context: IExecutePaginationFunctions,
		accountId: string,
	): Promise<Credential | { failure: Failure }> {
		const reading = this.credentials.get(accountId) ?? readCredential(context);
		this.credentials.set(accountId, reading);
		const credential = await reading;
		if ('failure' in credential) this.credentials.delete(accountId);
		return credential;
	}

	/** The account cannot act: nothing more is sent for it. Each call of an agent's tool stands for itself. */
	stop(lane: string, failure: Failure): void {
		if (this.isOwn) this.stopped.set(lane, failure);
	}

	/** Why nothing more is sent for an account, if so. */
	whyStopped(lane: string): Failure | undefined {
		return this.stopped.get(lane);
	}

	private idOf(context: IExecutePaginationFunctions, request: ActionRequest): string {
		const itemIndex = context.getItemIndex();
		return this.isOwn ? String(itemIndex) : hash([itemIndex, request]);
	}

	/** Sees to a pass until it is known what became of every item. */
	private async attend({ logger }: IExecutePaginationFunctions, pass: Pass): Promise<void> {
		if (this.isOwn) attachLedger(this.executeData, this.ledger);
		await pass.everyItemSettled.reached;
		if (this.isOwn && !pass.ended.isReached) detachLedger(this.executeData);
		if (pass.isCanceled) logger.info(`PostPress: stopped, ${tallyInWords(pass.tally)}`);
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
	const known = byNode.get(name);
	if (known) return known;
	const isOwn = executeData.node.name === name;
	const itemCount = isOwn ? countItems(context) : 1;
	const executionId = context.getExecutionId();
	const run = new Run(executeData, itemCount, isOwn, executionId);
	byNode.set(name, run);
	return run;
}

/** How many items RoutingNode goes through in a run of the node's own. */
function countItems(context: IExecutePaginationFunctions): number {
	const { data } = context.getExecuteData();
	if (context.getNode().executeOnce) return 1;
	return (data.main ?? data.ai_tool)?.[0]?.length ?? 1;
}
