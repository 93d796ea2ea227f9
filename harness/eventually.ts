import { setTimeout as sleep } from 'node:timers/promises';

/** Tries again until it no longer throws; after `timeout` milliseconds the last error stands. */
export async function eventually<Result>(
	attempt: () => Promise<Result> | Result,
	timeout = 15_000,
): Promise<Result> {
	const deadline = Date.now() + timeout;
	for (;;) {
		try {
			return await attempt();
		} catch (error) {
			if (Date.now() > deadline) throw error;
			await sleep(100);
		}
	}
}
