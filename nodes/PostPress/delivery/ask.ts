import type {
	IAllExecuteFunctions,
	ICredentialsDecrypted,
	IDataObject,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';

import { readFailure } from '../errors/answer';
import { networkFailure } from '../errors/network';
import type { Result } from './withRetries';

/**
 * How every request goes out. Every answer comes back, to be read here; a redirect too, so that the API key
 * stays with the host it belongs to.
 */
export const transport = { json: true, ignoreHttpStatusErrors: true, disableFollowRedirect: true };

/**
 * Asks PostPress for something.
 *
 * @param options method, url, body, and whatever else n8n's HTTP helper takes
 * @param isExpected whether a body is what was asked for
 * @param credential left out, n8n reads it from its database and decrypts it
 * @returns the body, or what went wrong
 */
export async function ask(
	context: IAllExecuteFunctions,
	options: IHttpRequestOptions,
	isExpected: (body: IDataObject) => boolean,
	credential?: ICredentialsDecrypted,
): Promise<Result<IDataObject>> {
	const request: IHttpRequestOptions = { ...options, ...transport, returnFullResponse: true };
	try {
		const { httpRequestWithAuthentication } = context.helpers;
		const response = (await httpRequestWithAuthentication.call(context, 'postPressApi', request, {
			credentialsDecrypted: credential,
		})) as IN8nHttpFullResponse;
		const failure = readFailure(response, Date.now(), isExpected);
		return failure ? { failure } : { answer: response.body as IDataObject };
	} catch (error) {
		return { failure: networkFailure(error) };
	}
}
