import { NodeApiError, type INode, type INodeExecutionData } from 'n8n-workflow';

import { howToGetUnstuck, whatHappened, whatHappenedAndRemedy } from './describe';
import type { Tally, Failure, FailureDetails } from './failure';

/**
 * A failed item as data, for both continue modes.
 *
 * n8n takes an item for a failure, and copies it with the input item's data, if its json holds no other key
 * than `error`, `message` and `details` (WorkflowExecute, handleNodeErrorOutput).
 *
 * @param isMoved whether n8n will copy the item to the error output
 */
export function failedItem(
	failure: Failure,
	itemIndex: number,
	attempts: number,
	isMoved: boolean,
): INodeExecutionData {
	const json = {
		error: whatHappened(failure),
		message: whatHappenedAndRemedy(failure),
		details: detailsOf(failure, attempts),
	};
	const item = { json, pairedItem: { item: itemIndex } };
	// n8n before 2.36 asks for `item.error`, but reduces the json to it if it is still there afterwards:
	// not enumerable, it is lost in the copy.
	return isMoved ? Object.defineProperty(item, 'error', { value: json }) : item;
}

/**
 * The error that stops the workflow.
 *
 * @param run how all items of the run stand; left out in a run of one item
 */
export function failedRun(
	node: INode,
	failure: Failure,
	itemIndex: number,
	attempts: number,
	run?: Tally,
): NodeApiError {
	// An AI agent is handed the message alone, so that has to say everything.
	const isTool = node.type.endsWith('Tool');
	const message = isTool ? whatHappenedAndRemedy(failure) : whatHappened(failure);
	const details = detailsOf(failure, attempts);

	const error = new NodeApiError(node, details, {
		message,
		description: isTool ? undefined : howToGetUnstuck(failure, itemIndex, run),

		httpCode: failure.status === null ? undefined : String(failure.status),
		itemIndex,
	});
	// NodeApiError replaces a message that contains ENOENT, EPERM and the like, even inside a word.
	error.message = message;
	error.context.data = details;
	return error;
}

function detailsOf(failure: Failure, attempts: number): FailureDetails {
	const { outcome, type, title, detail, status, instance } = failure;
	return { outcome, type, title, detail, status, instance, attempts };
}
