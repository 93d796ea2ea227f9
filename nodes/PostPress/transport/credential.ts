import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	IExecutePaginationFunctions,
	ILoadOptionsFunctions,
} from 'n8n-workflow';

import { clientFailure, type Failure } from '../errors/failure';
import { oneLine } from '../errors/text';

/** The Base URL of a credential, checked. */
export interface BaseUrl {
	/** Scheme, host and port: the same for `/v1` and `/api/v1` of one PostPress. */
	origin: string;
	/** Without trailing slashes and query: the same for every spelling of the same address. */
	address: string;
	/** The full address of a path of the API; the path begins with a slash and is encoded. */
	join(path: string): string;
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
 * Reads the credential of a node and checks it.
 * @returns the failure of every item, if there is none, it cannot be read, or no request can be made with it
 */
export async function readCredential(
	context: Pick<IExecutePaginationFunctions | ILoadOptionsFunctions, 'getCredentials' | 'getNode'>,
): Promise<Credential | { failure: Failure }> {
	// n8n would say "Node does not require credentials".
	if (!context.getNode().credentials?.postPressApi) {
		return unusable(
			'No PostPress credential is chosen',
			'Choose a credential of the type PostPress API in this node.',
		);
	}
	let data: ICredentialDataDecryptedObject;
	try {
		data = await context.getCredentials<ICredentialDataDecryptedObject>('postPressApi');
	} catch (error) {
		return unusable(
			`The PostPress credential could not be read: ${oneLine((error as Error).message) ?? ''}`,
			'It may have been deleted: choose another in this node, or save it again.',
		);
	}
	return checkCredential(data);
}

/**
 * Checks a credential.
 * @returns the failure of every item, if no request can be made with it
 */
export function checkCredential(
	data: ICredentialDataDecryptedObject = {},
): Credential | { failure: Failure } {
	const base = parseBaseUrl(textOf(data.baseUrl));
	if ('failure' in base) return base;
	const apiKey = textOf(data.apiKey);
	if (apiKey === '') return wrong('API Key: the key', 'is empty');
	// n8n would leave out what no header may hold, and send another key.
	if (/[^ -~]/.test(apiKey)) return wrong('API Key: the key', 'holds a character that no key has');
	// To n8n's HTTP helpers an empty list would mean all domains.
	const domains = textOf(data.allowedDomains) || '-';
	return {
		apiKey,
		base,
		allowedDomains: data.allowedHttpRequestDomains === 'domains' ? domains : undefined,
		decrypted: { id: '', name: '', type: 'postPressApi', data: { ...data, apiKey } },
	};
}

/**
 * Checks a Base URL. Its query is kept: PostPress takes `?port=` where a network blocks its port.
 *
 * @param baseUrl as the credential holds it; trailing slashes do not matter
 * @returns the failure of every item, if the Base URL is not one
 */
export function parseBaseUrl(baseUrl: string): BaseUrl | { failure: Failure } {
	const wrongAddress = (reason: string) => wrong('Base URL: the address', reason);
	let url: URL;
	try {
		url = new URL(baseUrl.trim());
	} catch {
		return wrongAddress('is not an address; it begins with https://');
	}
	if (!['http:', 'https:'].includes(url.protocol)) {
		return wrongAddress('does not begin with https://');
	}
	if (url.username || url.password || url.hash) {
		return wrongAddress('may hold no user name, no password and no "#"');
	}
	// A run of slashes is looked at once, from its first one.
	const address = `${url.origin}${url.pathname.replace(/(?<!\/)\/+$/, '')}`;
	return { origin: url.origin, address, join: (path) => `${address}${path}${url.search}` };
}

/** What an expression brought may be of any type; what is neither text nor a number is as good as empty. */
const textOf = (value: unknown) =>
	['string', 'number'].includes(typeof value) ? String(value).trim() : '';

function wrong(subject: string, reason: string): { failure: Failure } {
	return unusable(
		`${subject} in the credential ${reason}`,
		'Open the PostPress credential and enter API Key and Base URL as your dashboard shows them, such as https://api.postpress.ai/v1.',
		subject.split(':')[0],
	);
}

function unusable(title: string, advice: string, parameter?: string): { failure: Failure } {
	const remedy = `${advice} Nothing was sent.`;
	return { failure: clientFailure('client/validation', 'not_sent', { title, parameter, remedy }) };
}
