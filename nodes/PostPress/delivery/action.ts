import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';

import type { Deed, Failure } from '../errors/failure';

/** The request of an action: everything that PostPress gets to see of it. */
export interface ActionRequest {
	method: IHttpRequestOptions['method'];
	/** Below the Base URL: a key goes to no host but that of its credential, whatever is repeated. */
	path: string;
	body: IDataObject;
}

/** What is known of the action of one item, over all passes of the run and its retries. Plain JSON. */
export interface Action {
	request: ActionRequest;
	/** What was to be done to whom, for errors. */
	deed: Deed;
	/** The ID of the person, as it stands in the path. */
	userId: string;
	/** The `Idempotency-Key` of its last request; none before the first. */
	idempotencyKey?: string;
	/** How often PostPress has refused it for certain. */
	refusals: number;
	/** Whether an answer was lost, so that the action may have been performed. */
	inDoubt: boolean;
	/** Requests sent so far, look-ups not counted. */
	attempts: number;
	/** What the last request came to, unless the action was performed. */
	failure?: Failure;
	/** The output of the item, once the action was performed. */
	output?: IDataObject;
}
