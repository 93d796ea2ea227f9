/**
 * What became of an item that was not performed.
 * - `refused`: the answer says that it was not done.
 * - `not_sent`: no request of the action can have reached PostPress.
 * - `unknown`: one may have reached PostPress, and its answer was lost.
 */
export type Outcome = 'refused' | 'not_sent' | 'unknown';

/** How the items of one run stand, for the error that ends the run: their indexes by what became of them. */
export type Tally = Record<'performed' | Outcome, number[]>;

/** Types of the failures that PostPress does not name, because it was not PostPress that refused. */
export type ClientFailureType =
	| 'client/validation'
	| 'client/network'
	| 'client/timeout'
	| 'client/unreadable_response'
	| 'client/not_sent'
	| 'client/account_stopped';

/** PostPress's error envelope (https://postpress.ai, "Errors"), with `null` for what an answer leaves out. */
// A type like Deed below, not an interface: only a type fits n8n's JSON types.
export type Problem = {
	/** `errors/…` from PostPress, `client/…` from this node, or null where an answer names none. */
	type: string | null;
	title: string;
	detail: string | null;
	/** HTTP status code. */
	status: number | null;
	/** PostPress's request id, for its support. */
	instance: string | null;
};

/** One failed try, and what it means for the next. */
export interface Failure extends Problem {
	outcome: Outcome;
	/** `once`: a second try is worth it, a third is not. */
	retry: 'yes' | 'once' | 'no';
	/** The least time to wait before the next try, in milliseconds: the answer's `Retry-After`. */
	retryAfter?: number;
	/** How to get unstuck: plain sentences. */
	remedy: string;
	/** Display name of the parameter that the failure is about, where the type tells. */
	parameter?: string;
	/** Whether it says that the account cannot act: nothing more is sent for it in this run. */
	stopsAccount?: boolean;
	/** What was asked for, where that is not what the parameters say by now: an action in doubt is repeated. */
	deed?: Deed;
	/** How many requests were sent for the action; for the look-up, if that is what failed. Default 0. */
	attempts?: number;
}

/** What a request came to. */
export type Result<Answer> = { answer: Answer } | { failure: Failure };

/** What was to be done to whom, as far as the parameters of the item could be read. */
export type Deed = {
	/** The API's name of it, such as `rejectApplicant`. */
	action: string | null;
	/** The person as the parameter gave it: an ID, an address, or the name of a public profile. */
	user: string | null;
	account_id?: string;
	hiring_project_id?: string;
	list_id?: string;
	stage?: string;
	reason?: string;
};

/** The failure as data: `$json.error` of a failed item, `context.data` of the error that ends a run. */
export type FailureData = Problem & { message: string; outcome: Outcome; attempts: number } & Deed;

/** A value that cannot be sent: the failure of its item. */
export class ValueRefused extends Error {
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
