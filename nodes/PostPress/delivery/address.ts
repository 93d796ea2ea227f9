import { clientFailure, type Failure } from '../errors/failure';

/**
 * The full address of a path of the API.
 *
 * The query of the Base URL is kept: PostPress takes `?port=` where a company network blocks its port.
 *
 * @param baseUrl as the credential holds it; trailing slashes do not matter
 * @param path begins with a slash, already encoded
 * @returns the address, or the failure of every item if the Base URL is not one
 */
export function addressOf(baseUrl: string, path: string): { url: string } | { failure: Failure } {
	let base: URL;
	try {
		base = new URL(baseUrl.trim());
	} catch {
		return unusable('is not an address; it begins with https://');
	}
	if (!['http:', 'https:'].includes(base.protocol)) return unusable('does not begin with https://');
	if (base.username || base.password || base.hash) {
		return unusable('may hold no user name, no password and no "#"');
	}
	return { url: `${base.origin}${base.pathname.replace(/\/+$/, '')}${path}${base.search}` };
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
