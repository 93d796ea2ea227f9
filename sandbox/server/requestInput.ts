import type { FastifyRequest } from 'fastify';
import { refuse } from '../contract/envelope';
import { isObject, parseJson } from './json';

/** Refuses a body that cannot be read, and gives the validator what it is to check. */
export async function prepareValidation(request: FastifyRequest): Promise<void> {
	const { schema } = request.routeOptions;
	request.query = readQuery(
		schema?.querystring as Parameters<typeof readQuery>[0],
		request.query as Record<string, unknown>,
	);
	if (!schema?.body) return;
	const text = request.body as string | undefined;
	if (!text) refuse('missing_parameters', 'The request has no body.');
	if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
		refuse('malformed_request', 'The content type of the request is not application/json.');
	}
	const json = parseJson(text);
	if (!isObject(json)) refuse('malformed_request', 'The body of the request is not a JSON object.');
	request.body = json;
}

/**
 * Reads numbers and booleans of a query by their schema; what does not read as one stays text and
 * fails the schema. (Bodies are never converted: an id that is a number must be refused.)
 */
function readQuery(
	schema: { properties?: Record<string, { type?: unknown }> } | undefined,
	query: Record<string, unknown>,
): Record<string, unknown> {
	return Object.fromEntries(
		Object.entries(query).map(([name, text]) => [
			name,
			readValue(schema?.properties?.[name]?.type, text),
		]),
	);
}

function readValue(type: unknown, text: unknown): unknown {
	if (type === 'integer' && typeof text === 'string' && /^-?\d+$/.test(text)) return Number(text);
	if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
	return text;
}
