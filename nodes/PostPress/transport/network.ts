import type { NodeApiError } from 'n8n-workflow';

import { clientFailure, type Failure } from '../errors/failure';
import { oneLine } from '../errors/text';

/** The connection was refused, or there is no such name: no request left. */
const NOT_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'];

/** What the system was asked when it failed, if no request can have left yet; Node's messages begin with it. */
const CONNECTING = /^(connect|getaddrinfo)\b/;

/**
 * The time is over before an answer came: axios reports its own timeouts as ECONNABORTED, and the end of a signal
 * as ERR_CANCELED. What the user has stopped reads the same; n8n shows nothing of it.
 */
const TIMED_OUT = ['ECONNABORTED', 'ERR_CANCELED', 'ETIMEDOUT'];

/**
 * Found out before anything is written: an address or header that will not do, a certificate that is refused.
 * Other errors of TLS may come after the request.
 */
const CANNOT_BE_SENT =
	/^(ERR_INVALID|ERR_BAD_OPTION|ERR_TLS_CERT|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;

/** n8n's own refusals, which have no code: a domain or an address that may not be called. */
const REFUSED_BY_N8N = /^(Domain not allowed|No allowed domains|The request was blocked)/;

/**
 * Says what a request that brought no answer means. `not_sent` needs proof; everything else is unknown.
 *
 * @param error what n8n's HTTP helper threw: a NodeApiError whose `cause` is axios's error, with a `code`
 */
export function networkFailure(error: unknown): Failure {
	const { code, reason, isConnecting } = innermost(error);

	if (NOT_CONNECTED.includes(code) || isConnecting) {
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
			remedy: 'If it repeats, raise the timeout under "Request Options".',
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
		remedy: 'If it repeats, check the network of this n8n.',
	});
}

type Thrown = Partial<Pick<NodeApiError, 'httpCode' | 'messages'>> & {
	code?: unknown;
	syscall?: unknown;
	errors?: unknown;
};

/** Follows `cause` to the first error that has a code; its message is the reason otherwise. */
function innermost(error: unknown): { code: string; reason: string | null; isConnecting: boolean } {
	let reason: string | null = null;
	let left = '';
	let found: string | undefined;
	let isConnecting = false;
	let current = error;
	for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
		const { code, httpCode, messages, syscall, errors } = current as Thrown;
		const text = oneLine(messages?.[0] ?? current.message);
		if (found === undefined) reason = text ?? reason;
		if (typeof code === 'string') found ??= code;
		// Node tries the addresses of a name one after another, and gathers why none could be connected to.
		const [first] = Array.isArray(errors) ? (errors as unknown[]) : [];
		const call = syscall ?? (first as Thrown | undefined)?.syscall ?? text ?? '';
		isConnecting ||= CONNECTING.test(String(call));
		// n8n before 2.36 drops the cause; its code and message are left here.
		left ||= httpCode ?? '';
		current = current.cause;
	}
	return { code: found ?? left, reason, isConnecting };
}
