import type { IExecuteData } from 'n8n-workflow';

import type { Action } from './action';

/**
 * What is known of the items of a run. It stands in n8n's metadata of the run, which n8n stores with a node that
 * failed and hands to *Executions > Retry*; so it is plain JSON and holds no secret.
 */
export interface Ledger {
	/** The id of the execution that the items were first handed to. */
	executionId?: string;
	/** By item index; where the items are not the node's own, by item index and request. */
	actions: Record<string, Action | undefined>;
}

/** n8n's own type of the metadata names only what n8n keeps there. */
type Metadata = { postPress?: Ledger };

/** The ledger of the run that an execution is a retry of. */
export function storedLedger({ metadata }: IExecuteData): Ledger | undefined {
	return (metadata as Metadata | undefined)?.postPress;
}

/** Puts the ledger where n8n stores it if the run fails. */
export function attachLedger(executeData: IExecuteData, ledger: Ledger): void {
	executeData.metadata ??= {};
	(executeData.metadata as Metadata).postPress = ledger;
}

/** Nobody retries a run that has not failed, so n8n need not store the ledger. */
export function detachLedger({ metadata }: IExecuteData): void {
	delete (metadata as Metadata | undefined)?.postPress;
}
