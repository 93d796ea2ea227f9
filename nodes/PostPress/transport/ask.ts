import type {
	IAllExecuteFunctions,
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';

import { readFailure } from './answer';
import { networkFailure } from './network';
import { withoutSecret } from './secret';
import type { Credential } from './credential';
import type { Result } from '../errors/failure';

/**
 * How every request goes out. Every answer comes back, to be read here; a redirect too, so that the API key
 * stays with the host it belongs to.
 */
export const transport = { json: true, ignoreHttpStatusErrors: true, disableFollowRedirect: true };

/** Asks PostPress for something, with one account and credential; like `ask`, it does not throw. */
export type Send = (
	request: IHttpRequestOptions,
	isExpected: (body: IDataObject) => boolean,
) => Promise<Result<IDataObject>>;

/**
 * Asks PostPress for something.
 *
 * @param options method, url, body, and whatever else n8n's HTTP helper takes
 * @param isExpected whether a body is what was asked for
 * @returns the body, or what went wrong
 */
export async function ask(
	context: IAllExecuteFunctions,
	options: IHttpRequestOptions,
	isExpected: (body: IDataObject) => boolean,
	{ allowedDomains, apiKey, decrypted: credentialsDecrypted }: Credential,
): Promise<Result<IDataObject>> {
	// n8n's timeout counts from one byte to the next: an answer that trickles in would hold its lane for ever.
	// The signal that ends a request n8n takes from the context alone (httpRequestWithAuthentication).
	const timeout = Math.min(Math.abs(Number(options.timeout)) || 300_000, 1e9);
	const stop = (context as IExecutePaginationFunctions).getExecutionCancelSignal?.();
	const signals = [deadlineOf(timeout), ...(stop ? [stop] : [])];
	const controller = new AbortController();
	// Not AbortSignal.any(): its signals stay in the lists of those it listens to.
	const abort = () => controller.abort();
	for (const signal of signals) signal.addEventListener('abort', abort);
	if (stop?.aborted) abort();
	const getExecutionCancelSignal = { value: () => controller.signal };
	const own = Object.create(context, { getExecutionCancelSignal }) as IAllExecuteFunctions;
	// n8n before 2.22 (axios 1.15) waits for ever for a compressed answer that breaks off.
	const headers = { ...options.headers, 'Accept-Encoding': 'identity' };
	const request = { ...options, ...transport, headers, allowedDomains, returnFullResponse: true };
	const { httpRequestWithAuthentication } = context.helpers;
	try {
		const response = httpRequestWithAuthentication.call(own, 'postPressApi', request, {
			credentialsDecrypted,
		});
		return await read(response, isExpected, apiKey);
	} finally {
		for (const signal of signals) signal.removeEventListener('abort', abort);
	}
}

let deadline: { signal: AbortSignal; timeout: number; until: number } | undefined;

/** Comes after one and a half to two timeouts; shared, because each such signal stays in memory until its time. */
function deadlineOf(timeout: number): AbortSignal {
	const now = Date.now();
	if (deadline?.timeout !== timeout || deadline.until < now) {
		const signal = AbortSignal.timeout(2 * timeout);
		deadline = { signal, timeout, until: now + timeout / 2 };
	}
	return deadline.signal;
}

/** Reads an answer, of which nothing is kept that repeats the API key. */
export async function read(
	response: Promise<unknown>,
	isExpected: (body: IDataObject) => boolean,
	apiKey: string,
): Promise<Result<IDataObject>> {
	let answer: IN8nHttpFullResponse;
	try {
		answer = (await response) as IN8nHttpFullResponse;
	} catch (error) {
		return { failure: withoutSecret(networkFailure(error), apiKey) };
	}
	const body = withoutSecret(answer.body as IDataObject, apiKey);
	const failure = readFailure({ ...answer, body }, Date.now(), isExpected);
	return failure ? { failure } : { answer: body };
}
