import type { IDataObject, IN8nHttpFullResponse } from 'n8n-workflow';

import { byStatus, catalogue, nameOf } from '../errors/catalogue';
import { clientFailure, type Failure, type Problem } from '../errors/failure';
import { oneLine } from '../errors/text';

/**
 * Reads an answer of PostPress.
 *
 * @param response any HTTP response, whatever its status; its body may be an object, text, or nothing
 * @param now current time in milliseconds since 1970, for a `Retry-After` date
 * @param isExpected whether a body is what was asked for
 * @returns the failure that the answer means, or undefined if it is what was asked for
 */
export function readFailure(
	response: IN8nHttpFullResponse,
	now: number,
	isExpected: (body: IDataObject) => boolean,
): Failure | undefined {
	const { statusCode: status } = response;
	const body = asObject(response.body);
	const succeeded = status >= 200 && status < 300;

	if (succeeded && body && isExpected(body)) return undefined;
	const problem = body && readProblem(body, status);
	if (succeeded && body?.success === false) return notPerformed(problem, status);
	if (!problem || status < 400) return unreadable(response, now);

	const name = nameOf(problem.type);
	const isKnown = Object.hasOwn(catalogue, name);
	const known = isKnown ? catalogue[name] : byStatus(status);
	// Gateways speak in envelopes too.
	const isOwn = isKnown || status < 500 || oneLine(body.type)?.startsWith('errors/') === true;
	return withWait(response, now, {
		...problem,
		outcome: isAmbiguous(status, known.retry, isOwn) ? 'unknown' : 'refused',
		retry: known.retry,
		remedy: known.remedy,
		parameter: known.parameter,
		stopsAccount: known.stopsAccount,
	});
}

/** A wait that a person would plan for, in milliseconds. */
const LONG_WAIT = 60_000;

/** The failure with the wait that the answer asks for. */
function withWait({ headers }: IN8nHttpFullResponse, now: number, failure: Failure): Failure {
	const wait = retryAfter(headers, now);
	if (wait === undefined) return failure;
	const minutes = `PostPress asks to wait ${Math.ceil(wait / 60_000)} minutes.`;
	const remedy = wait > LONG_WAIT ? `${failure.remedy} ${minutes}` : failure.remedy;
	return { ...failure, retryAfter: wait, remedy };
}

/**
 * Whether the action may have been performed all the same. A timeout, gateway or server error may come after it
 * was; PostPress's own "unavailable" (503) cannot. Gateways send that one after they have passed the request on.
 *
 * @param isOwn whether the answer comes from PostPress itself
 */
function isAmbiguous(status: number, retry: Failure['retry'], isOwn: boolean): boolean {
	if (status === 408 || (status === 409 && !isOwn)) return true;
	return status >= 500 && (isOwn ? status !== 503 && retry !== 'no' : true);
}

/**
 * Reads both envelopes: the flat one of the reference pages, and `{error: {code, message, request_id}}`
 * of the quickstart. Undefined where the body is neither.
 */
function readProblem(body: IDataObject, status: number): Problem | undefined {
	const nested = asObject(body.error);
	const type = oneLine(body.type) ?? prefixed(oneLine(nested?.code));
	const title = oneLine(body.title) ?? oneLine(nested?.message);
	if (!type && !title) return undefined;
	const detail = oneLine(body.detail);
	return {
		type,
		title: title ?? sentenceOf(nameOf(type)),
		detail: detail === title ? null : detail,
		status,
		instance: oneLine(body.instance) ?? oneLine(nested?.request_id),
	};
}

/** 200 with `success: false`: the page calls `success` required, so this is an answer, and it is no. */
function notPerformed(problem: Problem | undefined, status: number): Failure {
	return {
		type: null,
		title: 'PostPress answered that the action was not performed (success: false)',
		detail: null,
		instance: null,
		...problem,
		status,
		outcome: 'refused',
		retry: 'no',
		remedy: 'Look at the person on LinkedIn before you run this item again.',
	};
}

/** An answer that is not PostPress's: a gateway's page, nothing, half a document, a redirect. */
function unreadable(response: IN8nHttpFullResponse, now: number): Failure {
	const { statusCode: status, body } = response;
	const { title, remedy, retry } = explain(status);
	const outcome = status < 300 || isAmbiguous(status, retry, false) ? 'unknown' : 'refused';
	const { message, error } = asObject(body) ?? {};
	// A page's markup would tell nobody anything.
	const isPage = typeof body === 'string' && /^\s*</.test(body);
	const detail = isPage ? null : oneLine(message ?? error ?? body);
	const failure = { title, detail, status, retry, remedy };
	return withWait(response, now, clientFailure('client/unreadable_response', outcome, failure));
}

function explain(status: number): Pick<Failure, 'title' | 'remedy' | 'retry'> {
	if (status < 300) {
		return {
			title: `PostPress answered with status ${status}, but not in a form that can be read`,
			remedy: 'Check the Base URL in the credential.',
			retry: 'yes',
		};
	}
	if (status < 400) {
		return {
			title: `The Base URL redirects to another address (status ${status}), to which the API key is not sent`,
			remedy: 'Enter the Base URL that your PostPress dashboard shows in the credential.',
			retry: 'no',
		};
	}
	if (status === 404) {
		return {
			title: 'There is no PostPress API at this address (status 404)',
			remedy: 'Check the Base URL in the credential: it ends in /v1 or in /api/v1.',
			retry: 'no',
		};
	}
	const { remedy, retry } = byStatus(status);
	return {
		title: `The server answered with status ${status}, but not in the form of PostPress`,
		remedy,
		// It may be under way.
		retry: status === 409 ? 'yes' : retry,
	};
}

function asObject(value: unknown): IDataObject | undefined {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as IDataObject)
		: undefined;
}

function prefixed(code: string | null): string | null {
	return code && !code.includes('/') ? `errors/${code}` : code;
}

function sentenceOf(name: string): string {
	const words = name.replace(/_/g, ' ');
	return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * Reads the `Retry-After` header in both of its forms, seconds and HTTP date
 * (RFC 9110, section 10.2.3).
 *
 * @param headers response headers, names in lower case
 * @param now current time in milliseconds since 1970
 * @returns milliseconds to wait, never negative; undefined if the header is missing or unreadable
 */
export function retryAfter(headers: IDataObject | undefined, now: number): number | undefined {
	const value = String(headers?.['retry-after'] ?? '').trim();
	if (/^\d{1,9}(\.\d+)?$/.test(value)) return Number(value) * 1000;
	const date = Date.parse(value);
	return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
