import type { NodeApiError } from 'n8n-workflow';

import { lookFirst } from '../errors/catalogue';
import { clientFailure, type Failure } from '../errors/failure';
import { oneLine } from '../errors/text';

/** The connection could not be made: no request left, so trying again is safe. */
const NOT_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** The time is over before an answer came; axios reports its own timeouts as ECONNABORTED. */
const TIMED_OUT = ['ECONNABORTED', 'ETIMEDOUT'];

/** Found out before or instead of sending: an address, header or certificate that will not do. */
const CANNOT_BE_SENT =
	/^(EPROTO|ERR_INVALID|ERR_BAD_OPTION|ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;

/** n8n's own refusals, which have no code: a domain or an address that may not be called. */
const REFUSED_BY_N8N = /^(Domain not allowed|No allowed domains|The request was blocked)/;

/**
 * Says what a request that brought no answer means; what is not known to have stayed here is unknown.
 *
 * @param error what n8n's HTTP helper threw: a NodeApiError whose `cause` is axios's error, with a `code`
 */
export function networkFailure(error: unknown): Failure {
	const { code, reason } = innermost(error);

	if (NOT_CONNECTED.includes(code)) {
		return clientFailure('client/network', 'not_sent', {
			title: 'PostPress could not be reached',
			detail: reason,
			retry: 'yes',
			remedy: 'Check the Base URL in the credential and the network of this n8n.',
		});
	}
	if (TIMED_OUT.includes(code)) {
		return clientFailure('client/timeout', 'unknown', {
			title: 'PostPress did not answer in time',
			retry: 'yes',
			remedy: lookFirst,
		});
	}
	if (CANNOT_BE_SENT.test(code) || (!code && REFUSED_BY_N8N.test(reason ?? ''))) {
		return clientFailure('client/network', 'not_sent', {
			title: 'The request could not be sent',
			detail: reason,
			remedy:
				'Check the credential of this node (Base URL, allowed domains, certificate) and the proxy settings of this n8n.',
		});
	}
	return clientFailure('client/network', 'unknown', {
		title: 'The connection to PostPress broke before the answer came',
		retry: 'yes',
		remedy: lookFirst,
	});
}

type Thrown = Partial<Pick<NodeApiError, 'httpCode' | 'messages'>> & { code?: unknown };

/** Follows `cause` to the first error that has a code; its message is the reason otherwise. */
function innermost(error: unknown): { code: string; reason: string | null } {
	let reason: string | null = null;
	let left = '';
	let current = error;
	for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
		const { code, httpCode, messages } = current as Thrown;
		reason = oneLine(messages?.[0] ?? current.message) ?? reason;
		if (typeof code === 'string') return { code, reason };
		// n8n before 2.36 drops the cause; its code and message are left here.
		left ||= httpCode ?? '';
		current = current.cause;
	}
	return { code: left, reason };
}
