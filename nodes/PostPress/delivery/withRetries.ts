import { clientFailure, type Failure } from '../errors/failure';
import type { ActionOptions } from '../fields/options';
import type { Pass } from './pass';
import { waitBeforeRetry } from './retryPolicy';

/** What a request came to. */
export type Result<Answer> = { answer: Answer } | { failure: Failure };

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
