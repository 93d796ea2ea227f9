import type { Answer } from './answer';
import { errorTypes } from './contract';

/** What can be said about an error beyond its type. `null` leaves the field out. */
export interface EnvelopeDetails {
	/** HTTP status. Default: the documented one, or 500 for an unknown type. */
	status?: number;
	/** Default: the type in words, "Resource not found". */
	title?: string;
	/** Default: PostPress's own description of the type. */
	detail?: string | null;
	/** Request id. Default: the id of the request. */
	instance?: string | null;
}

/** A request that the API refuses, thrown where the reason is found; knows nothing of HTTP. */
export class Refusal extends Error {
	constructor(
		/** Error identifier, with or without `errors/`. */
		readonly type: string,
		readonly detail?: string,
	) {
		super(detail ?? type);
	}
}

/** Refuses the request with a documented error type. */
export function refuse(type: string, detail?: string): never {
	throw new Refusal(type, detail);
}

/** `errors/resource_not_found` for `resource_not_found`; full identifiers stay as they are. */
export function fullType(type: string): string {
	return type.includes('/') ? type : `errors/${type}`;
}

/** The HTTP status of an error type; 500 for one that is not documented. */
export function statusOf(type: string): number {
	return errorTypes.get(fullType(type))?.status ?? 500;
}

/** The flat envelope `{title, detail, instance, type, status}` of the reference pages. */
export function flatEnvelope(
	type: string,
	requestId: string,
	details: EnvelopeDetails = {},
): Answer {
	const id = fullType(type);
	const status = details.status ?? statusOf(id);
	const { detail = errorTypes.get(id)?.description, instance = requestId } = details;
	return {
		status,
		body: {
			title: details.title ?? titleOf(id),
			...(detail ? { detail } : {}),
			...(instance ? { instance } : {}),
			type: id,
			status,
		},
	};
}

/** The nested envelope `{error: {code, message, request_id}}` of the quickstart. */
export function nestedEnvelope(
	type: string,
	requestId: string,
	details: EnvelopeDetails = {},
): Answer {
	const id = fullType(type);
	const { detail = errorTypes.get(id)?.description, instance = requestId } = details;
	const message = detail ?? details.title ?? titleOf(id);
	return {
		status: details.status ?? statusOf(id),
		body: {
			error: {
				code: id.slice(id.indexOf('/') + 1),
				message,
				...(instance ? { request_id: instance } : {}),
			},
		},
	};
}

function titleOf(id: string): string {
	const words = id.slice(id.indexOf('/') + 1).replaceAll('_', ' ');
	return words.charAt(0).toUpperCase() + words.slice(1);
}
