import type { IDataObject, IExecutePaginationFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Deed, Failure } from '../errors/failure';
import { dataOf } from '../errors/report';
import type { Filled } from '../fields/fillIn';
import type { Action } from './action';

/**
 * What was done to whom, as it was sent, and PostPress's answer: in the order in which a person reads a table.
 *
 * @param answer whose own fields never replace those of the action
 */
export function performed({ request, userId }: Action, answer: IDataObject): IDataObject {
	const { api, action, account_id, ...what } = request.body;
	const { object, success, already_performed, ...more } = answer;
	const deed = {
		outcome: 'performed',
		...(already_performed === true && { already_performed }),
		action,
		user_id: userId,
		...what,
		account_id,
		api,
	};
	return { ...deed, ...more, ...deed, object, success };
}

/** The output item of an action that was performed, or of a preview. */
export function outputItem(
	context: IExecutePaginationFunctions,
	json: IDataObject,
	{ options }: Filled,
): INodeExecutionData {
	if (!options?.includeInputFields) return { json, pairedItem: pairedItem(context) };
	const { error, ...input } = context.getInputData().json;
	const fields = isOwnError(error) ? input : { ...input, ...(error !== undefined && { error }) };
	return { json: { ...fields, postpress: json }, pairedItem: pairedItem(context) };
}

/**
 * A failed item as data, for both continue modes. n8n takes it for a failure if its json holds nothing but
 * `error`, and merges it over the input item (WorkflowExecute, handleNodeErrorOutput).
 */
export function failedItem(
	context: IExecutePaginationFunctions,
	failure: Failure,
	deed: Deed,
): INodeExecutionData {
	const { binary } = context.getInputData();
	return {
		json: { error: dataOf(failure, deed) },
		pairedItem: pairedItem(context),
		...(binary && { binary }),
	};
}

/** The `error` that this node left in the input in an earlier run: n8n would take the item for a failure. */
function isOwnError(error: unknown): boolean {
	return typeof error === 'object' && error !== null && 'outcome' in error && 'attempts' in error;
}

const pairedItem = (context: IExecutePaginationFunctions) => ({ item: context.getItemIndex() });
