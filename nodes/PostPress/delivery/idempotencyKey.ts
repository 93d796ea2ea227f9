import { createHash, randomUUID } from 'node:crypto';

import type { IExecutePaginationFunctions } from 'n8n-workflow';

import type { Action } from './action';

/**
 * The `Idempotency-Key` of an action. PostPress answers a replay with its first answer, so after a definite
 * refusal the next try carries another key; while an answer is in doubt, the key stays (see `perform`).
 *
 * @param text the option "Idempotency Key": it alone makes the key then, with what is done to whom, in every
 *   execution, worker and week
 * @param firstExecution the id of the execution, or of the one that it is a retry of. Without one there is
 *   nothing to tell executions apart, so the key is random.
 * @param runIndex how often the node has run before in the execution
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
		const where = [hiring_project_id ?? null, list_id ?? null];
		return hash([text, account_id, api, action, userId, ...where]);
	}
	if (!firstExecution) return randomUUID();
	const { id: node } = context.getNode();
	const item = [node, runIndex, context.getItemIndex()];
	return hash([context.getInstanceId(), firstExecution, ...item, request, refusals]);
}

/** @returns 64 hexadecimal digits */
export function hash(content: unknown): string {
	return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
