import { createHash } from 'node:crypto';

import type { IDataObject, ILoadOptionsFunctions, NodeApiError } from 'n8n-workflow';

import { ask } from '../transport/ask';
import { readCredential, type Credential } from '../transport/credential';
import type { Result, Failure } from '../errors/failure';
import { listError } from '../errors/report';

/** One entry of a list of the API, whatever else it holds. */
export type Entry = IDataObject & { id: string };

/** More pages than any list has; a server that never stops giving cursors is not followed for ever. */
const MAX_PAGES = 100;

/** For how long an answer is used again, in milliseconds: the editor asks at every pause in typing. */
const FRESH = 60_000;

type List = Promise<Result<Entry[]>>;

const recent = new Map<string, List>();

/**
 * Reads a list of the API, all its pages.
 *
 * @param path below the Base URL
 * @param qs query, `limit` included
 * @throws NodeApiError with the reason
 */
export async function fetchList(
	context: ILoadOptionsFunctions,
	path: string,
	qs: IDataObject,
): Promise<Entry[]> {
	const credential = await readCredential(context);
	if ('failure' in credential) throw errorOf(context, credential.failure);

	const url = credential.base.join(path);
	const key = createHash('sha256')
		.update(JSON.stringify([url, credential, qs]))
		.digest('hex');
	const list = recent.get(key) ?? remember(key, fetchPages(context, url, qs, credential));
	const result = await list;
	if ('answer' in result) return result.answer;
	forget(key, list);
	throw errorOf(context, result.failure);
}

function remember(key: string, list: List): List {
	recent.set(key, list);
	// Also when nobody asks again. Unlike a timer, it keeps no process from ending.
	AbortSignal.timeout(FRESH).addEventListener('abort', () => forget(key, list));
	return list;
}

function forget(key: string, list: List): void {
	if (recent.get(key) === list) recent.delete(key);
}

async function fetchPages(
	context: ILoadOptionsFunctions,
	url: string,
	qs: IDataObject,
	credential: Credential,
): Promise<Result<Entry[]>> {
	const entries: Entry[] = [];
	const cursors = new Set<string>();
	let cursor: string | undefined;
	do {
		const request = { method: 'GET' as const, url, qs: { ...qs, ...(cursor && { cursor }) } };
		const page = await ask(context, request, isList, credential);
		if ('failure' in page) return page;
		entries.push(...entriesOf(page.answer));
		const next = page.answer.cursor ?? page.answer.next_cursor;
		cursor = typeof next === 'string' && !cursors.has(next) ? next : undefined;
		if (cursor) cursors.add(cursor);
	} while (cursor && cursors.size < MAX_PAGES);
	return { answer: entries };
}

/** Whether a body is a list, in either of PostPress's shapes. */
export function isList(body: IDataObject): boolean {
	return Array.isArray(body.items ?? body.data);
}

/** Entries without an id cannot be chosen. */
function entriesOf(body: IDataObject): Entry[] {
	return ((body.items ?? body.data) as IDataObject[])
		.filter((entry) => typeof entry?.id === 'string' || typeof entry?.id === 'number')
		.map((entry) => ({ ...entry, id: String(entry.id) }));
}

/** Nothing is acted on here, so nothing is in doubt. */
function errorOf(context: ILoadOptionsFunctions, failure: Failure): NodeApiError {
	const { status, type } = failure;
	const isMissing = status === 404 && type === 'client/unreadable_response';
	const reason: Failure = {
		...failure,
		outcome: 'refused',
		...(isMissing && { title: 'This PostPress does not offer the list', detail: null }),
	};
	// Where the account or the credential is the problem, entering something by hand would not help.
	const advice =
		failure.parameter || failure.stopsAccount
			? failure.remedy
			: 'Or choose "By ID" and enter it by hand.';
	return listError(context.getNode(), reason, advice);
}
