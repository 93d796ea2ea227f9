import { clientFailure, type Failure, type Result } from '../errors/failure';
import type { Options } from '../fields/options';
import { LONG } from './lane';
import type { Pass } from './pass';

/** The longest wait between two tries that the node chooses by itself, in milliseconds. */
const LONGEST_WAIT = 30_000;

/**
 * Sends until there is an answer, a failure that is not worth another try, or a stop.
 *
 * @param sendOnce sends one request; does not throw
 * @param until no try waits for longer, in milliseconds since 1970
 * @returns the answer, or the failure of the last try
 */
export async function withRetries<Answer>(
	sendOnce: () => Promise<Result<Answer>>,
	options: Options,
	pass: Pass,
	until: number,
): Promise<Result<Answer>> {
	let failure = notSent(pass);
	for (let tries = 1; !pass.ended.isReached; tries++) {
		const result = await sendOnce();
		if ('answer' in result) return result;
		failure = { attempts: tries, ...result.failure };
		const wait = waitBeforeRetry(failure, tries, options, Math.random(), until - Date.now());
		if (wait === undefined) break;
		await pass.wait(wait);
	}
	return { failure };
}

/** The failure of an item that was stopped before its request. */
export function notSent({ isCanceled }: Pass): Failure {
	return clientFailure('client/not_sent', 'not_sent', {
		title: isCanceled
			? 'Not sent: the execution was stopped before the turn of this item'
			: 'Not sent: another item failed before the turn of this one',
		remedy: 'Run this item again when you are ready.',
	});
}

/**
 * Decides about the next try of an item.
 *
 * @param triesSoFar how many requests this delivery has sent for the item, at least 1
 * @param random a number from 0 to 1, for the jitter
 * @param patience the longest wait, in milliseconds. A workflow that stands still for more than five minutes
 *   helps nobody either: the item fails, and the error says when to run it again.
 * @returns milliseconds to wait before the next try; undefined if there is none
 */
export function waitBeforeRetry(
	failure: Failure,
	triesSoFar: number,
	options: Pick<Options, 'maxRetries' | 'retryWait'>,
	random: number,
	patience = Infinity,
): number | undefined {
	const retries = failure.retry === 'no' ? 0 : failure.retry === 'once' ? 1 : Infinity;
	if (triesSoFar > Math.min(retries, options.maxRetries)) return undefined;

	const doubled = options.retryWait * 2 ** (triesSoFar - 1);
	const backoff = Math.min(LONGEST_WAIT, doubled * (0.8 + 0.4 * random));
	const wait = Math.max(backoff, failure.retryAfter ?? 0);
	return wait > Math.min(patience, LONG) ? undefined : wait;
}
