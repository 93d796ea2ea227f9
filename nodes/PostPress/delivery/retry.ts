import { clientFailure, type Failure, type Result } from '../errors/failure';
import type { ActionOptions } from '../fields/options';
import type { Pass } from './pass';

/**
 * Sends until there is an answer, a failure that is not worth another try, or a stop.
 *
 * @param sendOnce sends one request; does not throw
 * @returns the answer, or the failure of the last try
 */
export async function withRetries<Answer>(
	sendOnce: () => Promise<Result<Answer>>,
	options: ActionOptions,
	pass: Pass,
): Promise<Result<Answer>> {
	let failure = notSent(pass);
	for (let tries = 1; !pass.isHalted; tries++) {
		const result = await sendOnce();
		if ('answer' in result) return result;
		({ failure } = result);
		const wait = waitBeforeRetry(failure, tries, options, Math.random());
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

/** The longest wait between two tries that the node chooses by itself, in milliseconds. */
const LONGEST_WAIT = 30_000;

/**
 * The longest `Retry-After` that is waited for, in milliseconds. A workflow that stands still for longer
 * helps nobody: the item fails, and the error says when to run it again.
 */
const LONGEST_RETRY_AFTER = 5 * 60_000;

/**
 * Decides about the next try of an item.
 *
 * @param triesSoFar how many requests this delivery has sent for the item, at least 1
 * @param random a number from 0 to 1, for the jitter
 * @returns milliseconds to wait before the next try; undefined if there is none
 */
export function waitBeforeRetry(
	failure: Failure,
	triesSoFar: number,
	options: ActionOptions,
	random: number,
): number | undefined {
	const retries = failure.retry === 'no' ? 0 : failure.retry === 'once' ? 1 : Infinity;
	if (triesSoFar > Math.min(retries, options.maxRetries)) return undefined;

	const asked = failure.retryAfter ?? 0;
	if (asked > LONGEST_RETRY_AFTER) return undefined;
	const doubled = options.retryWait * 2 ** (triesSoFar - 1);
	const backoff = Math.min(LONGEST_WAIT, doubled * (0.8 + 0.4 * random));
	return Math.max(backoff, asked, pauseBetweenRequests(options.pause, random));
}

/**
 * The pause after a request, around its mean, so that the pace does not look like a machine's.
 * @returns milliseconds, from half to one and a half of `mean`
 */
export function pauseBetweenRequests(mean: number, random: number): number {
	return mean * (0.5 + random);
}
