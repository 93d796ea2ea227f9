import type { IDataObject, IExecuteData } from 'n8n-workflow';

import type { Action, ActionRequest } from './action';
import { hash } from './idempotencyKey';

/** What n8n stores of a ledger: plain JSON, without a secret. */
interface Stored {
	/** The id of the execution that the items were first handed to. */
	executionId?: string;
	/** By item index; where the items are not the node's own, by item index and request. */
	actions: Record<string, Action | undefined>;
}

/** n8n's own type of the metadata names only what n8n keeps there. */
type Metadata = { postPress?: Stored };

/**
 * What is known of the items of a run. It stands in n8n's metadata of the run, which n8n stores with a node that
 * failed and hands to *Executions > Retry*.
 */
export class Ledger {
	private readonly stored: Stored;

	/**
	 * @param isOwn whether the items are the node's own; not so for a tool that is called within the run
	 *   of an agent, where every call has item index 0, and nobody stores what it has done
	 */
	constructor(
		private readonly executeData: IExecuteData,
		private readonly isOwn: boolean,
		executionId: string | undefined,
	) {
		const earlier = isOwn ? (executeData.metadata as Metadata | undefined)?.postPress : undefined;
		this.stored = earlier ?? { executionId, actions: {} };
	}

	/** The id of the execution, or of the one that it is a retry of. */
	get firstExecution(): string | undefined {
		return this.stored.executionId;
	}

	/** The action of an item in an earlier pass, whatever its parameters say by now. */
	earlierAction(itemIndex: number): Action | undefined {
		return this.isOwn ? this.stored.actions[itemIndex] : undefined;
	}

	/**
	 * The action of an item. n8n evaluates expressions anew in every pass, and `{{ $now }}` makes another
	 * request of it; what may have been performed is asked for again word by word, with the same key.
	 */
	actionFor(itemIndex: number, asked: Pick<Action, 'request' | 'userId' | 'deed'>): Action {
		const id = this.idOf(itemIndex, asked.request);
		const known = this.stored.actions[id];
		if (known && (known.inDoubt || hash(known.request) === hash(asked.request))) return known;
		const { refusals = 0, attempts = 0 } = known ?? {};
		const action = { ...asked, refusals, inDoubt: false, attempts };
		this.stored.actions[id] = action;
		return action;
	}

	/** Keeps the output of a performed action for later passes. */
	remember(itemIndex: number, action: Action, output: IDataObject): void {
		action.output = output;
		// What an agent asks of its tool next is asked anew, even if it is the same.
		if (!this.isOwn) delete this.stored.actions[this.idOf(itemIndex, action.request)];
	}

	/** Puts the ledger where n8n stores it if the run fails. */
	attach(): void {
		if (!this.isOwn) return;
		this.executeData.metadata ??= {};
		(this.executeData.metadata as Metadata).postPress = this.stored;
	}

	/** Nobody retries a run that has not failed, so n8n need not store the ledger. */
	detach(): void {
		if (this.isOwn) delete (this.executeData.metadata as Metadata | undefined)?.postPress;
	}

	/** A rejection is the same rejection with another message and time. */
	private idOf(itemIndex: number, { path, body }: ActionRequest): string {
		const deed = { ...body, rejection_notification: undefined };
		return this.isOwn ? String(itemIndex) : hash([itemIndex, path, deed]);
	}
}
