import type { IExecutePaginationFunctions } from 'n8n-workflow';

import { tallyInWords } from '../errors/describe';
import type { Failure } from '../errors/failure';
import { isTool } from '../errors/report';
import { readCredential, type Credential } from '../transport/credential';
import { Ledger } from './ledger';
import { Pass } from './pass';

/**
 * One run of the node over its input items. n8n's Retry On Fail goes over the items of a run again, and so does
 * *Executions > Retry* in another execution: what was performed is not sent again.
 */
export class Run {
	private pass?: Pass;

	private readonly credentials = new Map<string, Promise<Credential | { failure: Failure }>>();

	/** Why nothing more is sent for an account in this run, by its lane. */
	private readonly stopped = new Map<string, Failure>();

	/**
	 * @param itemCount how many items RoutingNode goes through
	 * @param isOwn whether the items are the node's own, and not calls of an agent's tool
	 * @param ledger what is known of the items
	 */
	constructor(
		private readonly itemCount: number,
		private readonly isOwn: boolean,
		readonly ledger: Ledger,
	) {}

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

	/** Sees to a pass until it is known what became of every item. */
	private async attend({ logger }: IExecutePaginationFunctions, pass: Pass): Promise<void> {
		// Only a run that fails is retried.
		if (pass.stopsOnError) this.ledger.attach();
		await pass.everyItemSettled.reached;
		if (!pass.ended.isReached) this.ledger.detach();
		if (pass.isCanceled) logger.info(`PostPress: stopped, ${tallyInWords(pass.tally)}`);
	}
}

/**
 * Runs by the object that n8n passes to every item and every Retry On Fail try of a run; those of tools by the one
 * that it passes to every node of an execution, since an agent that asks again makes another run of its tool.
 * Then by node. Nothing is left when n8n lets go of that object.
 */
const runs = new WeakMap<object, Map<string, Run>>();

/** The run that an item belongs to. */
export function runOf(context: IExecutePaginationFunctions): Run {
	const node = context.getNode();
	const isOwn = !isTool(node);
	const executeData = context.getExecuteData();
	const owner = isOwn ? executeData : context.getContext('flow');
	const byNode = runs.get(owner) ?? new Map<string, Run>();
	runs.set(owner, byNode);
	const known = byNode.get(node.name);
	if (known) return known;
	const ledger = new Ledger(executeData, isOwn, context.getExecutionId());
	const run = new Run(isOwn ? countItems(context) : 1, isOwn, ledger);
	byNode.set(node.name, run);
	return run;
}

/** How many items RoutingNode goes through in a run of the node's own. */
function countItems(context: IExecutePaginationFunctions): number {
	if (context.getNode().executeOnce) return 1;
	return context.getExecuteData().data.main?.[0]?.length ?? 1;
}
