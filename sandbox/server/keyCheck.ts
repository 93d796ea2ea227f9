import type { FastifyRequest } from 'fastify';

/** The request brought a key, but not the right one. */
export class WrongKey extends Error {}

/** Checks the key, in either of the contract's security schemes. */
export function keyCheck(apiKey: string) {
	const check = (key: string | undefined) => {
		if (!key) throw new Error('no key');
		if (key !== apiKey) throw new WrongKey();
	};
	return {
		apiKey: (request: FastifyRequest) => check(request.headers['x-api-key'] as string | undefined),
		bearer: (request: FastifyRequest) =>
			check(request.headers.authorization?.replace(/^Bearer\s+/i, '')),
	};
}
