import type { FastifyRequest } from 'fastify';

/** The request brought a key, but not the right one. */
export class WrongKey extends Error {}

/**
 * Checks the key, in either of the contract's security schemes.
 * @param keyFor the key that a request must bring
 */
export function keyCheck(keyFor: (request: FastifyRequest) => string) {
	const check = (request: FastifyRequest, key: string | undefined) => {
		if (!key) throw new Error('no key');
		if (key !== keyFor(request)) throw new WrongKey();
	};
	return {
		apiKey: (request: FastifyRequest) =>
			check(request, request.headers['x-api-key'] as string | undefined),
		bearer: (request: FastifyRequest) =>
			check(request, request.headers.authorization?.replace(/^Bearer\s+/i, '')),
	};
}
