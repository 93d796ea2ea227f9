import type { Answer } from '../contract/answer';
import { flatEnvelope, Refusal } from '../contract/envelope';
import { WrongKey } from './keyCheck';
import { describeBreach, type SchemaProblem } from '../contract/breach';

/** The envelope for whatever was thrown; a mistake of the sandbox itself is a 500. */
export function errorAnswer(error: unknown, requestId: string): Answer {
	if (error instanceof Refusal) {
		return flatEnvelope(error.type, requestId, { detail: error.detail });
	}
	const { validation, validationContext, statusCode, code, message, errors } = error as {
		validation?: SchemaProblem[];
		validationContext?: string;
		statusCode?: number;
		code?: string;
		message: string;
		errors?: unknown[];
	};
	if (validation) {
		const part = validationContext === 'querystring' ? 'query' : (validationContext ?? 'request');
		const { type, detail } = describeBreach(part, validation);
		return flatEnvelope(type, requestId, { detail });
	}
	if (statusCode === 401) {
		const refused = errors?.find((reason) => reason instanceof WrongKey);
		return flatEnvelope(refused ? 'invalid_credentials' : 'missing_credentials', requestId);
	}
	if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return flatEnvelope('content_too_large', requestId);
	if (statusCode !== undefined && statusCode < 500) {
		return flatEnvelope('malformed_request', requestId, { detail: message });
	}
	return flatEnvelope('unexpected_error', requestId, { detail: `Sandbox: ${message}` });
}
