import type { ICredentialDataDecryptedObject, ICredentialsDecrypted } from 'n8n-workflow';

import { clientFailure, type Failure } from '../errors/failure';

/** The Base URL of a credential, checked. */
export interface BaseUrl {
	/** Without trailing slashes and query: the same for every spelling of the same address. */
	address: string;
	/** The full address of a path of the API; the path begins with a slash and is encoded. */
	join(path: string): string;
}

/**
 * Checks a Base URL. Its query is kept: PostPress takes `?port=` where a network blocks its port.
 *
 * @param baseUrl as the credential holds it; trailing slashes do not matter
 * @returns the failure of every item, if the Base URL is not one
 */
export function parseBaseUrl(baseUrl: string): BaseUrl | { failure: Failure } {
	let url: URL;
	try {
		url = new URL(baseUrl.trim());
	} catch {
		return unusable('is not an address; it begins with https://');
	}
	if (!['http:', 'https:'].includes(url.protocol)) return unusable('does not begin with https://');
	if (url.username || url.password || url.hash) {
		return unusable('may hold no user name, no password and no "#"');
	}
	// A run of slashes is looked at once, from its first one.
	const address = `${url.origin}${url.pathname.replace(/(?<!\/)\/+$/, '')}`;
	return { address, join: (path) => `${address}${path}${url.search}` };
}

/** The credential `postPressApi`, checked. */
export interface Credential {
	apiKey: string;
	base: BaseUrl;
	/** n8n's own setting "Allowed HTTP Request Domains", as its HTTP helpers take it. */
	allowedDomains?: string;
	/** As n8n's HTTP helper takes a credential. */
	decrypted: ICredentialsDecrypted;
}

/**
 * Checks the credential. What an expression brought may be of any type.
 * @returns the failure of every item, if no request can be made with it
 */
export function checkCredential(
	data: ICredentialDataDecryptedObject = {},
): Credential | { failure: Failure } {
	const base = parseBaseUrl(String(data.baseUrl ?? ''));
	if ('failure' in base) return base;
	const apiKey = String(data.apiKey ?? '').trim();
	// n8n would leave out what no header may hold, and send another key.
	if (/[^ -~]/.test(apiKey))
		return unusable('holds a character that no key has', 'API Key: the key');
	// To n8n's HTTP helpers an empty list would mean all domains.
	const domains = String(data.allowedDomains ?? '').trim() || '-';
	return {
		apiKey,
		base,
		allowedDomains: data.allowedHttpRequestDomains === 'domains' ? domains : undefined,
		decrypted: { id: '', name: '', type: 'postPressApi', data: { ...data, apiKey } },
	};
}

function unusable(reason: string, subject = 'Base URL: the address'): { failure: Failure } {
	return {
		failure: clientFailure('client/validation', 'not_sent', {
			title: `${subject} in the credential ${reason}`,
			parameter: subject.split(':')[0],
			remedy:
				'Open the PostPress credential and enter API Key and Base URL as your dashboard shows them, such as https://api.postpress.ai/v1. Nothing was sent.',
		}),
	};
}
