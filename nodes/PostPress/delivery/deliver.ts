import type {
	DeclarativeRestApiSettings,
	IExecutePaginationFunctions,
	INodeExecutionData,
} from 'n8n-workflow';

import { failedItem, failedRun } from '../errors/report';
import type { FilledRequest, UnsendableRequest } from './fillIn';
import { runOf } from './run';
import { send } from './send';

/**
 * The delivery hook: n8n calls it once for each item, for all items at the same time
 * (RoutingNode.makeRequest, `requestOperations.pagination`). It brings order into them.
 *
 * - Stop mode: nothing is sent before every item has been read and found sendable; after a failure
 *   nothing more is sent, and the error accounts for all items.
 * - Continue modes: a failed item becomes data on the output.
 *
 * @returns the output of this item
 * @throws NodeApiError in stop mode, for the item that ended the run
 */
export async function deliver(
	this: IExecutePaginationFunctions,
	requestData: DeclarativeRestApiSettings.ResultOptions,
): Promise<INodeExecutionData[]> {
	const itemIndex = this.getItemIndex();
	const run = runOf(this);
	const pass = run.passFor(this);
	const request = requestData.options as FilledRequest | UnsendableRequest;

	if ('failure' in request) pass.fail(itemIndex);
	if (pass.stopsOnError) await pass.everyItemRead;
	const fate =
		'failure' in request
			? { failure: request.failure, attempts: 0 }
			: await send(this, requestData, request, run, pass);

	if ('items' in fate) {
		pass.settle(fate.performed ? 'performed' : 'not_sent');
		return fate.items;
	}
	const { failure, attempts } = fate;
	pass.fail(itemIndex);
	pass.settle(failure.outcome);
	if (pass.failedItem === undefined) return [failedItem(failure, itemIndex, attempts)];

	// n8n drops the output of all items when one rejects, and shows the rejection with the lowest index:
	// only the item that ended the run may reject.
	if (pass.failedItem !== itemIndex) return [];
	await pass.everyItemSettled;
	const { total, account } = pass;
	throw failedRun(
		this.getNode(),
		failure,
		itemIndex,
		attempts,
		total > 1 ? { total, account } : undefined,
	);
}
