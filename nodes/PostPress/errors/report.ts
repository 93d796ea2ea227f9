import { NodeApiError, type INode } from 'n8n-workflow';

import { howToGetUnstuck, whatHappened, whatHappenedAndWhatToDo } from './describe';
import type { Deed, Failure, FailureData, Tally } from './failure';

/** The failure of an item as data. */
export function dataOf(failure: Failure, deed: Deed): FailureData {
	const { outcome, type, title, detail, status, instance, attempts = 0 } = failure;
	const message = whatHappenedAndWhatToDo(failure, deed.user);
	return { message, outcome, type, title, detail, status, instance, attempts, ...deed };
}

/**
 * The error that stops the workflow.
 *
 * @param run how all items of the run stand; left out in a run of one item
 */
export function runError(
	node: INode,
	failure: Failure,
	itemIndex: number,
	deed: Deed,
	run?: Tally,
): NodeApiError {
	const data = dataOf(failure, deed);
	// An AI agent is handed the message alone, so that has to say everything.
	return isTool(node)
		? apiError(node, failure, data, data.message, { itemIndex })
		: apiError(node, failure, data, whatHappened(failure, deed.user), {
				itemIndex,
				description: howToGetUnstuck(failure, itemIndex, run),
			});
}

/** The error of a list in the editor, which shows the message alone, as plain text. */
export function listError(node: INode, failure: Failure, advice: string): NodeApiError {
	const data = dataOf(failure, { action: null, user: null });
	return apiError(node, failure, data, `${whatHappened(failure)}. ${advice}`, {});
}

/** Whether the node is called by an AI agent or an MCP client. */
export function isTool({ type }: INode): boolean {
	return type.endsWith('Tool');
}

function apiError(
	node: INode,
	{ status }: Failure,
	data: FailureData,
	message: string,
	options: { description?: string; itemIndex?: number },
): NodeApiError {
	const httpCode = status === null ? undefined : String(status);
	const error = new NodeApiError(node, data, { message, httpCode, ...options });
	// NodeApiError replaces a message that contains ENOENT, EPERM and the like, even inside a word.
	error.message = message;
	error.context.data = data;
	return error;
}
