import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	INodeExecutionData,
} from 'n8n-workflow';

import { clientFailure, validationFailure, type Result } from '../errors/failure';
import { runError } from '../errors/report';
import type { Filled, FilledRequest } from '../fields/fillIn';
import { failedItem, outputItem } from './item';
import { perform, type Item } from './perform';
import { preview } from './preview';
import { runOf } from './run';

/**
 * The delivery hook: n8n calls it once for each item, for all items at the same time
 * (RoutingNode.makeRequest, `requestOperations.pagination`). It brings order into them.
 *
 * - Preview: a sentence (of `fields/fillIn.ts`) and the request are put out, none is sent; it never fails, but
 *   for what is no operation of the node.
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
	const index = this.getItemIndex();
	const run = runOf(this);
	const pass = run.passFor(this);
	const { filled: asked, ...http } = requestData.options as FilledRequest;
	const { parameters } = this.getNode();
	const names = [parameters.resource, parameters.operation];
	// n8n 2.8 evaluates an expression here, and then fills in every operation of that name, one over the other.
	const isChosen = !names.some((name) => String(name).startsWith('='));
	const filled = (isChosen && asked) || ofNoOperation(names);
	const item: Item = { context: this, index, http, filled, run, pass };

	if (filled.preview) {
		pass.skip(index);
		return [outputItem(this, await preview(item), filled)];
	}
	const result = await perform(item).catch((error) => unexpected(item, error));
	if ('answer' in result) return [outputItem(this, result.answer, filled)];
	const { failure } = result;
	const { deed = filled.deed } = failure;
	if (pass.failedItem === undefined) return [failedItem(this, failure, deed)];

	// n8n drops the output of all items when one rejects, and shows the rejection with the lowest index:
	// only the item that ended the run may reject.
	if (pass.failedItem !== index) return [];
	await pass.everyItemSettled.reached;
	const tally = pass.total > 1 ? pass.tally : undefined;
	throw runError(this.getNode(), failure, index, deed, tally);
}

/**
 * The item of an operation that is none of this node's: n8n fills in nothing then.
 * @param names of resource and operation, as the node has them
 */
function ofNoOperation(names: unknown[]): Filled {
	const isCustom = names.includes('__CUSTOM_API_CALL__');
	const title = isCustom
		? '"Custom API Call" is not an action of this node'
		: 'Resource and Operation have to be chosen; they take no expression';
	const advice = isCustom
		? 'Add an HTTP Request node, choose "Predefined Credential Type" there, and "PostPress API".'
		: 'Use a Switch node with a PostPress node behind each output.';
	const failure = validationFailure(title, 'Operation', advice);
	const deed = { action: null, user: null };
	return { body: {}, deed, failure, failureAtTurn: () => failure };
}

/** Nothing here is meant to throw; if it does, nobody knows what has been sent. */
function unexpected({ index, pass }: Item, error: unknown): Result<IDataObject> {
	const failure = clientFailure('client/network', 'unknown', {
		title: 'The node has failed',
		detail: error instanceof Error ? error.message : String(error),
		remedy: 'Report it to the makers of this node.',
	});
	pass.settle(index, { failure });
	return { failure };
}
