import { NodeApiError, type INode, type INodeExecutionData } from 'n8n-workflow';

import { howToGetUnstuck, whatHappened, whatHappenedAndRemedy, type Tally } from './describe';
import type { Failure, FailureDetails } from './failure';

/**
 * A failed item as data, for both continue modes.
 *
 * n8n takes an item for a failure, and merges the input item's data into it, only if its json holds
 * no other key than `error`, `message` and `details` (WorkflowExecute, handleNodeErrorOutput).
 */
export function failedItem(
	failure: Failure,
	itemIndex: number,
	attempts: number,
): INodeExecutionData {
	return {
		json: {
			error: whatHappened(failure),
			message: whatHappenedAndRemedy(failure),
			details: detailsOf(failure, attempts),
		},
		pairedItem: { item: itemIndex },
	};
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
