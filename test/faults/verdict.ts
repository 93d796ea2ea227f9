import type { Answer } from './client';

/**
 * What an answer says of the action: read here once more, and not with the node's own code, from the sense of
 * PostPress's documents. `either`: a gateway's 4xx, which the node may take for a refusal.
 */
export type Verdict = 'performed' | 'refused' | 'unknown' | 'either';

interface Envelope {
	type?: string;
	title?: string;
	success?: boolean;
	error?: { code?: string; message?: string };
}

/** @param answer undefined where none came back whole */
export function verdictOf(answer: Answer | undefined): Verdict {
	if (!answer) return 'unknown';
	const { status } = answer;
	const body = read(answer);
	if (status < 300) {
		if (body?.success === true) return 'performed';
		return body?.success === false ? 'refused' : 'unknown';
	}
	const isEnvelope = typeOf(answer) !== undefined;
	if (!isEnvelope) return status < 500 && ![408, 409].includes(status) ? 'either' : 'unknown';
	if (status < 500 || status === 503) return 'refused';
	return typeOf(answer) === 'authentication_intent_error' ? 'refused' : 'unknown';
}

/** The error type of an answer in one of PostPress's envelopes, without `errors/`. */
export function typeOf(answer: Answer): string | undefined {
	const body = read(answer);
	return (body?.type ?? body?.error?.code)?.replace('errors/', '');
}

/** Milliseconds for which an answer asks to wait. */
export function waitOf({ retryAfter }: Answer): number {
	return retryAfter === undefined ? 0 : Number(retryAfter) * 1000;
}

function read({ body }: Answer): Envelope | undefined {
	try {
		const value = JSON.parse(body) as Envelope | null;
		return typeof value === 'object' && value !== null ? value : undefined;
	} catch {
		return undefined;
	}
}
