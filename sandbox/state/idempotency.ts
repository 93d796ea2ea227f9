import type { Answer } from '../contract/answer';
import type { WireAnswer } from '../faults/reaction';

/**
 * What PostPress does with an `Idempotency-Key`.
 * - `honour`: a replay of a request that was performed gets the success; one that was refused is worked on anew.
 * - `storeErrors`: as `honour`, and a replay of a request that was answered with an error of the API, 429
 *   included, gets the same error, whatever has become of the action (as Stripe does).
 * - `ignore`: the key means nothing.
 */
export type IdempotencyKeys = 'honour' | 'storeErrors' | 'ignore';

interface Entry {
	fingerprint: string;
	/** The stored answer, or a promise of it; resolves to nothing where nothing was performed. */
	answer: Answer | Promise<Answer | undefined>;
}

/** An answer, and whether it was worked out for this request or for an earlier one. */
export interface KeyedAnswer {
	answer: Answer;
	replayed: boolean;
}

/**
 * Remembers the answer of every performed request by its `Idempotency-Key`. A replay gets that
 * answer; one that arrives while the first is being worked on waits for it. Work that throws was
 * not performed and is not remembered.
 */
export class IdempotencyStore {
	private readonly entries = new Map<string, Entry>();

	/** Errors of the API by the key of the request, where such are stored. */
	readonly errors = new Map<string, WireAnswer>();

	/** How many replays carried a key that had been used for another request. */
	conflicts = 0;

	/** Does the work once for each key. `fingerprint` says which request the key stands for. */
	async once(key: string, fingerprint: string, work: () => Promise<Answer>): Promise<KeyedAnswer> {
		let entry = this.entries.get(key);
		while (entry) {
			const answer = await entry.answer;
			if (answer) {
				if (entry.fingerprint !== fingerprint) this.conflicts += 1;
				return { answer, replayed: true };
			}
			entry = this.entries.get(key);
		}
		return { answer: await this.perform(key, fingerprint, work), replayed: false };
	}

	private async perform(
		key: string,
		fingerprint: string,
		work: () => Promise<Answer>,
	): Promise<Answer> {
		const { promise, resolve } = Promise.withResolvers<Answer | undefined>();
		const entry: Entry = { fingerprint, answer: promise };
		this.entries.set(key, entry);
		try {
			const answer = await work();
			entry.answer = answer;
			resolve(answer);
			return answer;
		} catch (error) {
			this.entries.delete(key);
			resolve(undefined);
			throw error;
		}
	}
}
