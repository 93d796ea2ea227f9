import type {
	IAllExecuteFunctions,
	IDataObject,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';

import { readFailure } from '../errors/answer';
import { networkFailure } from '../errors/network';
import type { Result } from './withRetries';

/**
 * Reads something from PostPress.
 *
 * @param options url, query, and whatever else n8n's HTTP helper takes
 * @param isExpected whether a body is what was asked for
 * @returns the body, or what went wrong
 */
export async function get(
	context: IAllExecuteFunctions,
	options: IHttpRequestOptions,
	isExpected: (body: IDataObject) => boolean,
): Promise<Result<IDataObject>> {
	const request: IHttpRequestOptions = {
		...options,
		method: 'GET',
		json: true,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
	};
	try {
		const { httpRequestWithAuthentication } = context.helpers;
		const response = (await httpRequestWithAuthentication.call(
			context,
			'postPressApi',
			request,
		)) as IN8nHttpFullResponse;
		const failure = readFailure(response, Date.now(), isExpected);
		return failure ? { failure } : { answer: response.body as IDataObject };
	} catch (error) {
		return { failure: networkFailure(error) };
	}
}
