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
	const address = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
	return { address, join: (path) => `${address}${path}${url.search}` };
}

function unusable(reason: string): { failure: Failure } {
	return {
		failure: clientFailure('client/validation', 'not_sent', {
			title: `Base URL: the address in the credential ${reason}`,
			parameter: 'Base URL',
			remedy:
				'Open the PostPress credential and enter the Base URL that your dashboard shows, such as https://api.postpress.ai/v1. Nothing was sent.',
		}),
	};
}
