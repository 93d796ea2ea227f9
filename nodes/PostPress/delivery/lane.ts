import { sleep } from 'n8n-workflow';

import type { Milestone } from './milestone';

/** A lane that is closed for longer is not waited for, in milliseconds: a workflow would only stand still. */
export const LONG = 5 * 60_000;

/** The longest time that a lane is closed, in milliseconds, whatever PostPress asks for. */
const A_DAY = 86_400_000;

/**
 * What to do when it is one's turn.
 * @param closedFor 0; or milliseconds, where the lane is closed for long, so that nothing may be sent
 */
type Task<T> = (closedFor: number) => Promise<T>;

/** Somebody who waits for a turn. */
interface Guest {
	takeTurn: Task<void>;
}

/** The lane of one LinkedIn account: one turn at a time. */
class Lane {
	/** Who waits, by party, in the order in which the parties are served next. */
	readonly waiting = new Map<object, Guest[]>();

	/** No turn begins before: the pause between two people. In milliseconds since 1970. */
	restsUntil = 0;

	/** No request leaves before: what PostPress asked for (`Retry-After`). In milliseconds since 1970. */
	closedUntil = 0;

	isServed = false;
}

/**
 * The lanes of this n8n process, by name. The map is the only thing about accounts that executions share.
 * A lane that nobody is in, and that is open, has no entry.
 */
const lanes = new Map<string, Lane>();

/**
 * Runs a task when it is one's turn. Parties take turns, task by task: nobody waits for another's whole list.
 * A lane that is closed for long makes nobody wait: it tells each at once.
 *
 * @param name tasks of different lanes run side by side
 * @param party whose task it is: the tasks of one party follow one another
 * @param leave who has not begun by then leaves
 * @param patience milliseconds after which one leaves; by default never
 * @returns what the task returns or throws; undefined if one has left before
 */
export async function inLane<T>(
	name: string,
	{ party, leave, patience }: { party: object; leave: Milestone; patience?: number },
	task: Task<T>,
): Promise<T | undefined> {
	if (leave.isReached) return undefined;
	const closed = closedFor(name);
	if (closed > LONG) return await task(closed);

	const lane = lanes.get(name) ?? new Lane();
	lanes.set(name, lane);
	return await new Promise<T | undefined>((resolve, reject) => {
		const guest: Guest = {
			takeTurn: async (milliseconds) => await task(milliseconds).then(resolve, reject),
		};
		const queue = lane.waiting.get(party) ?? [];
		lane.waiting.set(party, queue);
		queue.push(guest);

		const leaveQueue = () => {
			const position = queue.indexOf(guest);
			if (position < 0) return;
			queue.splice(position, 1);
			resolve(undefined);
		};
		void leave.reached.then(leaveQueue);
		if (patience !== undefined) void sleep(patience).then(leaveQueue);
		if (!lane.isServed) void serve(name, lane);
	});
}

/** Gives one turn after the other, until nobody waits and the lane is open. */
async function serve(name: string, lane: Lane): Promise<void> {
	lane.isServed = true;
	for (;;) {
		const [next] = lane.waiting;
		const now = Date.now();
		const closed = lane.closedUntil - now;
		const tellsAtOnce = next !== undefined && closed > LONG;
		const wait = tellsAtOnce ? 0 : Math.max(lane.restsUntil - now, closed);
		if (wait > 0) {
			await sleep(wait);
			continue;
		}
		if (!next) break;
		const [party, queue] = next;
		await queue.shift()?.takeTurn(tellsAtOnce ? closed : 0);
		// To the end: others may have come meanwhile.
		lane.waiting.delete(party);
		if (queue.length > 0) lane.waiting.set(party, queue);
	}
	lanes.delete(name);
}

/** Lets a lane rest after a turn: the pace protects the account, so it holds for all executions. */
export function rest(name: string, milliseconds: number): void {
	const lane = lanes.get(name);
	if (lane) lane.restsUntil = Math.max(lane.restsUntil, Date.now() + milliseconds);
}

/**
 * The pause between two people, around its mean, so that the pace does not look like a machine's.
 * @returns milliseconds, from half to one and a half of `mean`
 */
export function pauseBetweenPeople(mean: number, random: number): number {
	return mean * (0.5 + random);
}

/** Closes a lane, for all executions. */
export function close(name: string, milliseconds: number): void {
	const lane = lanes.get(name);
	const until = Date.now() + Math.min(milliseconds, A_DAY);
	if (lane) lane.closedUntil = Math.max(lane.closedUntil, until);
}

/** Milliseconds for which a lane stays closed. */
function closedFor(name: string): number {
	return Math.max(0, (lanes.get(name)?.closedUntil ?? 0) - Date.now());
}

/**
 * Milliseconds until somebody who comes now would have a turn, if each of those who wait takes a pause.
 * @param pause in milliseconds
 */
export function waitIn(name: string, pause: number): number {
	const lane = lanes.get(name);
	if (!lane) return 0;
	const ahead = [...lane.waiting.values()].reduce((sum, { length }) => sum + length, 0);
	return Math.max(lane.restsUntil - Date.now(), closedFor(name), 0) + (ahead + 1) * pause;
}
