import type {
	DeclarativeRestApiSettings,
	IExecutePaginationFunctions,
	INodeExecutionData,
} from 'n8n-workflow';

import { lookFirst } from '../errors/catalogue';
import { clientFailure } from '../errors/failure';
import { failedItem, failedRun } from '../errors/report';
import type { FilledRequest, UnsendableRequest } from '../fields/fillIn';
import { runOf } from './run';
import { outputOf, reported, send, type Fate } from './send';

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

	// What an earlier pass of Retry On Fail has performed stays so, even if its parameters will not do by now.
	const earlier = run.earlierAction(itemIndex);
	const isUnsendable = 'failure' in request && !earlier?.output;

	if (isUnsendable) pass.fail(itemIndex);
	if (pass.stopsOnError) await pass.everyItemRead;
	let fate: Fate;
	if (earlier?.output) fate = outputOf(this, earlier.output);
	else if ('failure' in request) fate = reported(request.failure, 0, earlier);
	else fate = await send(this, request, run, pass).catch(unexpected);

	if ('items' in fate) {
		pass.settle(itemIndex, fate.performed ? 'performed' : 'not_sent');
		return fate.items;
	}
	const { failure, attempts } = fate;
	pass.fail(itemIndex);
	pass.settle(itemIndex, failure.outcome);
	if (pass.failedItem === undefined) {
		// n8n copies nothing where the run starts, or in a tool.
		const isMoved =
			this.getNode().onError === 'continueErrorOutput' && !!this.getExecuteData().source?.main;
		return [failedItem(failure, itemIndex, attempts, isMoved)];
	}

	// n8n drops the output of all items when one rejects, and shows the rejection with the lowest index:
	// only the item that ended the run may reject.
	if (pass.failedItem !== itemIndex) return [];
	await pass.everyItemSettled;
	const tally = pass.total > 1 ? pass.tally : undefined;
	throw failedRun(this.getNode(), failure, itemIndex, attempts, tally);
}

/** Nothing here is meant to throw; if it does, nobody knows what has been sent. */
function unexpected(error: unknown): Fate {
	const failure = clientFailure('client/network', 'unknown', {
		title: 'The node has failed',
		detail: error instanceof Error ? error.message : String(error),
		remedy: `${lookFirst} Report it to the makers of this node.`,
	});
	return { failure, attempts: 0 };
}
