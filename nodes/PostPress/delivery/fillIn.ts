import type {
	IDataObject,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	PreSendAction,
} from 'n8n-workflow';

import { ActionFailed, clientFailure, type Failure } from '../errors/failure';
import { refuse, type Field } from '../fields/field';
import { readOptions, type DeliveryOptions } from '../fields/options';
import type { Fields } from '../resources/operation';

/** The request of one item, as preSend hands it to the delivery hook. */
export interface FilledRequest extends IHttpRequestOptions {
	/** Path of the API with the ids in place, below the Base URL. */
	url: string;
	body: IDataObject;
	/** The ids in the path as the user knows them, by their names in the API. */
	pathValues: IDataObject;
	delivery: DeliveryOptions;
}

/** The request of an item that cannot be sent, and why. */
export interface UnsendableRequest extends IHttpRequestOptions {
	failure: Failure;
}

/**
 * Makes the preSend hook of an operation: reads each field once, checks it, and puts it into the path
 * or the body. A value that cannot be sent becomes a `failure` on the request instead of an exception:
 * RoutingNode would keep an exception from the delivery hook, which has to report it.
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
	request: IHttpRequestOptions,
	fields: Fields,
): FilledRequest {
	const parameters = {
		get: (name: string) => context.getNodeParameter(name, '') as unknown,
		timezone: context.getTimezone(),
		now: Date.now(),
	};
	const body = { ...(request.body as IDataObject) };
	const pathValues: IDataObject = {};
	let { url } = request;

	for (const [name, field] of Object.entries(fields)) {
		const value = field.read(parameters) as string | undefined;
		if (value === undefined) continue;
		if (url.includes(`{${name}}`)) {
			url = url.replace(`{${name}}`, () => pathSegment(value, field));
			pathValues[name] = value;
		} else {
			body[name] = value;
		}
	}
	const delivery = readOptions(parameters.get('options'), parameters.get('requestOptions'));
	return { ...request, url, body, pathValues, delivery };
}

/** An id as one segment of a path: whatever it holds, it cannot lead anywhere else. */
function pathSegment(id: string, field: Field): string {
	const { displayName } = field.properties[0];
	// URL parsers resolve these two even when they are percent-encoded.
	if (id === '.' || id === '..') refuse(displayName, id, 'is not an ID.');
	try {
		return encodeURIComponent(id);
	} catch {
		return refuse(
			displayName,
			id,
			'holds half a character, which cannot be sent. Copy the ID again.',
		);
	}
}

function failureOf(error: unknown): Failure {
	if (error instanceof ActionFailed) return error.failure;
	return clientFailure('client/validation', 'not_sent', {
		title: error instanceof Error ? error.message : String(error),
		remedy:
			'Correct the expressions in the parameters of this node. Nothing was sent for this item.',
	});
}
