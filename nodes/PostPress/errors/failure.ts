/**
 * What became of an item that was not performed.
 * - `refused`: PostPress answered that it did not do it.
 * - `not_sent`: no request reached PostPress.
 * - `unknown`: a request may have reached PostPress, and its answer was lost.
 */
export type Outcome = 'refused' | 'not_sent' | 'unknown';

/** Types of the failures that PostPress does not name, because it was not PostPress that refused. */
export type ClientFailureType =
	| 'client/validation'
	| 'client/network'
	| 'client/timeout'
	| 'client/unreadable_response'
	| 'client/not_sent';

/** PostPress's error envelope (https://postpress.ai, "Errors"), with `null` for what an answer leaves out. */
export interface Problem {
	/** `errors/…` from PostPress, `client/…` from this node, or null where an answer names none. */
	type: string | null;
	title: string;
	detail: string | null;
	/** HTTP status code. */
	status: number | null;
	/** PostPress's request id, for its support. */
	instance: string | null;
}

/** One failed try, and what it means for the next. */
export interface Failure extends Problem {
	outcome: Outcome;
	/** `once`: a second try is worth it, a third is not. */
	retry: 'yes' | 'once' | 'no';
	/** The least time to wait before the next try, in milliseconds: the answer's `Retry-After`. */
	retryAfter?: number;
	/** How to get unstuck: one plain sentence. */
	remedy: string;
	/** Display name of the parameter that the failure is about, where the type tells. */
	parameter?: string;
}

/** The failure as data, for the error output: `$json.details` of a failed item. */
// A type, not an interface: only a type fits n8n's JSON types.
export type FailureDetails = {
	outcome: Outcome;
	type: string | null;
	title: string;
	detail: string | null;
	status: number | null;
	instance: string | null;
	/** How many requests were sent for the action; for the look-up, if that is what failed. */
	attempts: number;
};

/** What a request came to. */
export type Result<Answer> = { answer: Answer } | { failure: Failure };

/** How the items of one run stand, for the error that ends the run: their indexes by what became of them. */
export type Tally = Record<'performed' | Outcome, number[]>;

/** Carries a failed try from the place that noticed it to the delivery hook. */
export class ActionFailed extends Error {
	constructor(readonly failure: Failure) {
		super(failure.title);
	}
}

/**
 * The failure of a parameter that cannot be sent as it stands.
 *
 * @param title names the parameter and the value
 * @param advice what to do: a sentence
 */
export function validationFailure(
	title: string,
	parameter: string,
	advice = `Correct "${parameter}".`,
): Failure {
	const remedy = `${advice} Nothing was sent for this item.`;
	return clientFailure('client/validation', 'not_sent', { title, parameter, remedy });
}

/** A failure on this side of the network. */
export function clientFailure(
	type: ClientFailureType,
	outcome: Outcome,
	rest: Pick<Failure, 'title' | 'remedy'> & Partial<Failure>,
): Failure {
	return { detail: null, status: null, instance: null, retry: 'no', ...rest, type, outcome };
}
