import {
	NodeApiError,
	type IDataObject,
	type IHttpRequestOptions,
	type ILoadOptionsFunctions,
	type IN8nHttpFullResponse,
	type JsonObject,
} from 'n8n-workflow';

import { parseBaseUrl } from '../delivery/address';
import type { Credential } from '../delivery/run';
import { readFailure } from '../errors/answer';
import type { Failure } from '../errors/failure';
import { networkFailure } from '../errors/network';
import { failedRun } from '../errors/report';

/** One entry of a list of the API, whatever else it holds. */
export type Entry = IDataObject & { id: string };

/** More pages than any list has; a server that never stops giving cursors is not followed for ever. */
const MAX_PAGES = 100;

/** For how long an answer is used again, in milliseconds: the editor asks at every pause in typing. */
const FRESH = 60_000;

/** How many answers are kept. */
const MAX_KEPT = 50;

const recent = new Map<string, { at: number; entries: Promise<Entry[]> }>();

/**
 * Reads a list of the API, all its pages.
 *
 * @param path below the Base URL
 * @param qs query, `limit` included
 * @throws NodeApiError with the reason and the remedy
 */
export async function fetchList(
	context: ILoadOptionsFunctions,
	path: string,
	qs: IDataObject,
): Promise<Entry[]> {
	const { apiKey, baseUrl } = await context.getCredentials<Credential>('postPressApi');
	const base = parseBaseUrl(baseUrl);
	if ('failure' in base) throw listError(context, base.failure);

	const key = JSON.stringify([base.join(path), apiKey, qs]);
	const known = recent.get(key);
	if (known && Date.now() - known.at < FRESH) return await known.entries;

	const entries = fetchPages(context, base.join(path), qs);
	recent.set(key, { at: Date.now(), entries });
	if (recent.size > MAX_KEPT) recent.delete(recent.keys().next().value as string);
	try {
		return await entries;
	} catch (error) {
		recent.delete(key);
		throw new NodeApiError(context.getNode(), error as JsonObject);
	}
}

async function fetchPages(
	context: ILoadOptionsFunctions,
	url: string,
	qs: IDataObject,
): Promise<Entry[]> {
	const entries: Entry[] = [];
	const cursors = new Set<string>();
	let cursor: string | undefined;
	do {
		const body = await fetchPage(context, url, { ...qs, ...(cursor && { cursor }) });
		entries.push(...entriesOf(body));
		const next = body.cursor ?? body.next_cursor;
		cursor = typeof next === 'string' && !cursors.has(next) ? next : undefined;
		if (cursor) cursors.add(cursor);
	} while (cursor && cursors.size < MAX_PAGES);
	return entries;
}

async function fetchPage(
	context: ILoadOptionsFunctions,
	url: string,
	qs: IDataObject,
): Promise<IDataObject> {
	const request: IHttpRequestOptions = {
		method: 'GET',
		url,
		qs,
		json: true,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
	};
	let failure: Failure | undefined;
	try {
		const response = (await context.helpers.httpRequestWithAuthentication.call(
			context,
			'postPressApi',
			request,
		)) as IN8nHttpFullResponse;
		failure = readFailure(response, Date.now(), (body) => Array.isArray(body.items ?? body.data));
		if (!failure) return response.body as IDataObject;
	} catch (error) {
		failure = networkFailure(error);
	}
	throw listError(context, failure);
}

/** Both shapes of PostPress's lists; entries without an id cannot be chosen. */
function entriesOf(body: IDataObject): Entry[] {
	return ((body.items ?? body.data) as IDataObject[])
		.filter((entry) => typeof entry?.id === 'string' || typeof entry?.id === 'number')
		.map((entry) => ({ ...entry, id: String(entry.id) }));
}

/** The message alone reaches the list in the editor. Nothing is acted on here, so nothing is in doubt. */
function listError(context: ILoadOptionsFunctions, failure: Failure): NodeApiError {
	const { status, type } = failure;
	const isMissing = status === 404 && type === 'client/unreadable_response';
	const reason: Failure = {
		...failure,
		outcome: 'refused',
		...(isMissing && { title: 'This PostPress does not offer the list', detail: null }),
	};
	const error = failedRun(context.getNode(), reason, 0, 1);
	error.message += '. You can always choose "By ID" and enter it by hand.';
	return error;
}
