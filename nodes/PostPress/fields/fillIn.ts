import type {
	IDataObject,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	INodePropertyRouting,
} from 'n8n-workflow';

import { whatHappenedAndWhatToDo } from '../errors/describe';
import { ValueRefused, clientFailure, type Deed, type Failure } from '../errors/failure';
import { oneLine } from '../errors/text';
import type { Field, Fields, ItemParameters } from './field';
import { readOptions, type Options } from './options';
import { isPreview } from './previewOnly';
import { locatorOf, nameInList } from './values/locator';
import type { PublicProfile } from './values/person';
import { gapIn, readParameter } from './values/readParameter';

/** What the fields of an operation made of one item, as far as they could be read. */
export interface Filled {
	/** The person: an ID, or somebody to look up. */
	person?: string | PublicProfile;
	/** The body of the request. */
	body: IDataObject;
	options?: Options;
	/** Why the item cannot be sent. */
	failure?: Failure;
	/** What was to be done to whom, for errors. */
	deed: Deed;
	/** Set where the item is to be shown and not to be sent. */
	preview?: { summary: string; problem?: string };
	/** Why the item may not be sent any more, when it is its turn at `now`, in milliseconds since 1970. */
	failureAtTurn(now: number): Failure | undefined;
}

/**
 * The request of one item, as preSend hands it to the delivery hook. RoutingNode passes on whatever preSend
 * returns, so there is room for more than HTTP options: method, path of the API below the Base URL, and what
 * n8n had set (timeout, proxy, headers and the like).
 */
export interface FilledRequest extends IHttpRequestOptions {
	filled?: Filled;
}

/**
 * How the request of an operation is made: each field is read once, checked, and put into the path (`user_id`)
 * or the body. What cannot be sent becomes a `failure` instead of an exception: after an exception RoutingNode
 * would not call the delivery hook, which has to report it.
 *
 * @param sentence what happens, for the preview: "reject {user_id} from project {hiring_project_id}"
 */
export function sendWith(fields: Fields, sentence: string): INodePropertyRouting['send'] {
	return {
		preSend: [
			async function (this: IExecuteSingleFunctions, request) {
				const filled = fillIn(this, request.body as IDataObject, fields, sentence);
				return { ...request, filled } as FilledRequest;
			},
		],
	};
}

function fillIn(
	context: IExecuteSingleFunctions,
	{ api, action }: IDataObject,
	fields: Fields,
	sentence: string,
): Filled {
	const parameters = parametersOf(context);
	const failures: Failure[] = [];
	const attempt = <Value>(read: () => Value): Value | undefined => {
		try {
			return read();
		} catch (error) {
			failures.push(failureOf(error));
			return undefined;
		}
	};

	const isShown = attempt(() => isPreview(parameters));
	const values: Record<string, unknown> = {};
	for (const [name, field] of Object.entries(fields)) {
		const value = attempt(() => field.read(parameters));
		if (value !== undefined) values[name] = value;
	}
	const { user_id: person, ...rest } = values as { user_id?: Filled['person'] };
	const body: IDataObject = { api, action, ...rest };
	const options = attempt(() => readOptions(parameters));

	const [failure] = failures;
	const deed = deedOf(body, asGiven(parameters, fields.user_id));
	const inWords = () =>
		sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
			const value = values[name];
			const chosen = nameInList(parameters.get(fields[name].properties[0].name));
			const words = fields[name].inWords?.(value, parameters.timezone, chosen);
			return words ?? chosen ?? String(value);
		});
	return {
		person,
		body,
		options,
		failure,
		deed,
		...(isShown && { preview: previewOf(failure, deed, inWords) }),
		failureAtTurn(now) {
			for (const [name, field] of Object.entries(fields)) {
				attempt(() => field.checkAtTurn?.(values[name], now));
			}
			return failures[0];
		},
	};
}

function previewOf(failure: Failure | undefined, { user }: Deed, sentence: () => string) {
	// A message that ends the sentence brings its own full stop.
	if (!failure) return { summary: `Would ${sentence()}.`.replace(/([.!?]”)\.$/, '$1') };
	const problem = whatHappenedAndWhatToDo(failure, user);
	return { summary: `Would not be sent: ${problem}`, problem };
}

/** The parameters of one item; the value of each is evaluated once. */
function parametersOf(context: IExecuteSingleFunctions): ItemParameters {
	const read = new Map<string, unknown>();
	const get = (name: string) => {
		if (!read.has(name)) read.set(name, readParameter(context, name));
		return read.get(name);
	};
	return {
		get,
		gapIn: (name) => gapIn(context, name, get(name)),
		timezone: context.getTimezone(),
		now: Date.now(),
	};
}

/** The person as the parameter gave it, whether it will do or not. */
function asGiven({ get }: ItemParameters, { properties: [{ name }] }: Field): string | null {
	try {
		const { value } = locatorOf(get(name));
		return typeof value === 'object' ? null : oneLine(String(value ?? ''));
	} catch {
		return null;
	}
}

function deedOf(body: IDataObject, user: string | null): Deed {
	const { action, account_id, hiring_project_id, list_id, stage, reason } = body;
	const what = { account_id, hiring_project_id, list_id, stage, reason };
	const known = Object.entries(what).filter(([, value]) => value !== undefined);
	return { action: String(action), user, ...Object.fromEntries(known) };
}

function failureOf(error: unknown): Failure {
	if (error instanceof ValueRefused) return error.failure;
	return clientFailure('client/validation', 'not_sent', {
		title: error instanceof Error ? error.message : String(error),
		remedy: 'Correct the expressions of this node. Nothing was sent for this item.',
	});
}
