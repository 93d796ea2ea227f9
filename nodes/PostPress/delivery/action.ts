import { createHash, randomUUID } from 'node:crypto';

import type { IDataObject, IExecutePaginationFunctions, IHttpRequestOptions } from 'n8n-workflow';

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
	idempotencyKey: string;
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

export function isSameRequest(one: ActionRequest, other: ActionRequest): boolean {
	return hash(one) === hash(other);
}

/**
 * The `Idempotency-Key` of an action. PostPress answers a replay with its first answer, so after a definite
 * refusal the next try carries another key; while an answer is in doubt, the key stays.
 *
 * @param text the option "Idempotency Key": it alone makes the key then, with what is done to whom, in every
 *   execution, worker and week
 * @param firstExecution the id of the execution, or of the one that it is a retry of. Without one there is
 *   nothing to tell executions apart, so the key is random.
 */
export function idempotencyKey(
	context: IExecutePaginationFunctions,
	{ request, userId, refusals }: Action,
	text: string | undefined,
	firstExecution: string | undefined,
	runIndex: number,
): string {
	if (text !== undefined) {
		const { account_id, api, action, hiring_project_id, list_id } = request.body;
		return hash([
			text,
			account_id,
			api,
			action,
			userId,
			hiring_project_id ?? null,
			list_id ?? null,
		]);
	}
	if (!firstExecution) return randomUUID();
	const instance = context.getInstanceId();
	const { id: node } = context.getNode();
	return hash([
		instance,
		firstExecution,
		node,
		runIndex,
		context.getItemIndex(),
		request,
		refusals,
	]);
}

/** @returns 64 hexadecimal digits */
export function hash(content: unknown): string {
	return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
