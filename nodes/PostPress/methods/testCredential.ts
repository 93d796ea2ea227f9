import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { read } from '../transport/ask';
import { checkCredential } from '../transport/credential';
import { nameOf } from '../errors/catalogue';
import { whatHappened } from '../errors/describe';
import type { Failure } from '../errors/failure';
import { isList } from './fetchList';

/** Enough for a list of one account, in milliseconds. */
const TIMEOUT = 15_000;

/**
 * The test of the credential: lists one account, which costs no LinkedIn traffic.
 * A function, because n8n shows the bare error code where a declarative test cannot connect.
 */
export async function testPostPressApi(
	this: ICredentialTestFunctions,
	{ data }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const credential = checkCredential(data);
	if ('failure' in credential) return { status: 'Error', message: credential.failure.title };

	const { helpers } = this;
	const { allowedDomains, apiKey, base } = credential;
	// The only HTTP helper that n8n gives to a credential test.
	const response = helpers.request({
		method: 'GET',
		uri: base.join('/accounts'),
		qs: { limit: 1 },
		headers: { 'X-API-KEY': apiKey },
		json: true,
		simple: false,
		resolveWithFullResponse: true,
		followRedirect: false,
		timeout: TIMEOUT,
		allowedDomains,
	}) as Promise<unknown>;
	const result = await read(Promise.race([response, timeIsUp()]), isList, apiKey);
	return 'failure' in result
		? { status: 'Error', message: verdictOf(result.failure, base.address) }
		: { status: 'OK', message: 'Connection successful' };
}

/** n8n's timeout counts from one byte to the next: an answer that trickles in would never end. */
async function timeIsUp(): Promise<never> {
	return await new Promise((_, reject) => {
		const error = Object.assign(new Error(), { code: 'ETIMEDOUT' });
		AbortSignal.timeout(TIMEOUT).addEventListener('abort', () => reject(error));
	});
}

function verdictOf(failure: Failure, baseUrl: string): string {
	const { status, type, detail, retry } = failure;
	if ((type === 'client/network' && retry === 'yes') || type === 'client/timeout') {
		return `Nothing answers at ${new URL(baseUrl).host} (${detail ?? 'no answer in time'}). Check the Base URL and the network of this n8n.`;
	}
	if (type === 'client/unreadable_response' && status === 404) {
		return `There is no PostPress API at ${baseUrl}. Try ${otherForms(baseUrl)}, or copy the Base URL from your PostPress dashboard.`;
	}
	if (type === 'client/unreadable_response') {
		return `What answers at ${baseUrl} (status ${status}) is not the PostPress API. Copy the Base URL from your PostPress dashboard.`;
	}
	if (nameOf(type) === 'insufficient_privileges' || status === 403) {
		return 'PostPress knows this API key, but the key may not list accounts. It may still perform actions; choose accounts by ID, or give the key that scope.';
	}
	if (status === 401) {
		return 'PostPress does not accept this API key. Copy it again from your PostPress dashboard.';
	}
	return `${whatHappened({ ...failure, outcome: 'refused' })}. ${failure.remedy}`;
}

/** Some PostPress servers have their API under /v1, some under /api/v1. */
function otherForms(baseUrl: string): string {
	const { origin } = new URL(baseUrl);
	return [`${origin}/v1`, `${origin}/api/v1`].filter((form) => form !== baseUrl).join(' or ');
}
