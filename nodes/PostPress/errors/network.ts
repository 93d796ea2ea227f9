import { lookFirst } from './catalogue';
import { clientFailure, type Failure } from './failure';
import { oneLine } from './text';

/** The connection could not be made: no request left, so trying again is safe. */
const NOT_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

/** The time is over before an answer came; axios reports its own timeouts as ECONNABORTED. */
const TIMED_OUT = ['ECONNABORTED', 'ETIMEDOUT'];

/** Found out before or instead of sending: an address, header or certificate that will not do. */
const CANNOT_BE_SENT =
	/^(EPROTO|ERR_INVALID|ERR_BAD_OPTION|ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;

/**
 * Says what a request that brought no answer means.
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
	// No code at all: n8n itself refused to send it, for example to a domain that the credential excludes.
	if (code === '' || CANNOT_BE_SENT.test(code)) {
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

/** Follows `cause` to the first error that has a code; its message is the reason otherwise. */
function innermost(error: unknown): { code: string; reason: string | null } {
	let reason: string | null = null;
	let current = error;
	for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
		const { code, message } = current as Error & { code?: unknown };
		reason = oneLine(message) ?? reason;
		if (typeof code === 'string') return { code, reason };
		current = current.cause;
	}
	return { code: '', reason };
}
