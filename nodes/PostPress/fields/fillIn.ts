import type {
	IDataObject,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	PreSendAction,
} from 'n8n-workflow';

import { ActionFailed, clientFailure, type Failure } from '../errors/failure';
import { readOptions, type ActionOptions } from './options';
import type { PublicProfile } from './values/person';
import type { Fields } from './field';
import { readParameter } from './values/readParameter';

/**
 * The request of one item, as preSend hands it to the delivery hook. RoutingNode passes on whatever
 * preSend returns, so there is room for more than HTTP options.
 */
export interface FilledRequest extends IHttpRequestOptions {
	/** Path of the API below the Base URL, with the name of each id in braces. */
	url: string;
	body: IDataObject;
	/** The ids in the path by their names; a person may be known by a public profile only. */
	ids: Record<string, string | PublicProfile>;
	options: ActionOptions;
	/** What n8n had set for the request: timeout, proxy, headers and the like. */
	http: IHttpRequestOptions;
}

/** The request of an item that cannot be sent, and why. */
export interface UnsendableRequest extends IHttpRequestOptions {
	failure: Failure;
}

/**
 * Makes the preSend hook of an operation: reads each field once, checks it, and puts it among the ids of
 * the path or into the body. A value that cannot be sent becomes a `failure` on the request instead of an
 * exception: after an exception RoutingNode would not call the delivery hook, which has to report it.
 */
export function fillIn(fields: Fields): PreSendAction {
	return async function (this: IExecuteSingleFunctions, request: IHttpRequestOptions) {
		try {
			return filled(this, request, fields);
		} catch (error) {
			return { ...request, failure: failureOf(error) };
		}
	};
}

function filled(
	context: IExecuteSingleFunctions,
	http: IHttpRequestOptions,
	fields: Fields,
): FilledRequest {
	const parameters = {
		get: (name: string) => readParameter(context, name),
		timezone: context.getTimezone(),
		now: Date.now(),
	};
	const body = { ...(http.body as IDataObject) };
	const ids: FilledRequest['ids'] = {};

	for (const [name, field] of Object.entries(fields)) {
		const value = field.read(parameters);
		if (http.url.includes(`{${name}}`)) ids[name] = value as string | PublicProfile;
		else if (value !== undefined) body[name] = value as IDataObject;
	}
	const options = readOptions(parameters.get('options'), parameters.get('requestOptions'));
	return { ...http, body, ids, options, http };
}

function failureOf(error: unknown): Failure {
	if (error instanceof ActionFailed) return error.failure;
	return clientFailure('client/validation', 'not_sent', {
		title: error instanceof Error ? error.message : String(error),
		remedy:
			'Correct the expressions in the parameters of this node. Nothing was sent for this item.',
	});
}
