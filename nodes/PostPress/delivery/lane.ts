import { sleep } from 'n8n-workflow';

/**
 * The lanes of this n8n process: for each, the promise that the last one in the queue has left.
 * The map is the only thing that executions share. A lane that nobody is in has no entry.
 */
const lanes = new Map<string, Promise<unknown>>();

/**
 * Runs a task when everyone who entered the lane before is done: one at a time, in order.
 *
 * @param lane name of the lane; tasks of different lanes run side by side
 * @param task what to do when it is one's turn
 * @param restAfter milliseconds for which the lane stays closed after the task, for all executions: the
 *   pace protects the account, so it outlives a stopped execution. The caller does not wait.
 * @returns what the task returns or throws
 */
export async function inLane<T>(
	lane: string,
	task: () => Promise<T>,
	restAfter: () => number,
): Promise<T> {
	const turn = (lanes.get(lane) ?? Promise.resolve()).then(task);
	const left = turn
		.catch(() => undefined)
		.then(async () => {
			const rest = restAfter();
			if (rest > 0) await sleep(rest);
			if (lanes.get(lane) === left) lanes.delete(lane);
		});
	lanes.set(lane, left);
	return await turn;
}

/** How many lanes somebody is in, or rests in, right now; for tests, to see that none is left. */
export function openLanes(): number {
	return lanes.size;
}
