import type { Fault } from './fault';

/** Which requests a fault is for. Without any field: whatever comes next. */
export interface FaultMatch {
	/** The operation's name in the contract, e.g. `performAction` or `listAccounts`. */
	operation?: string;
	/** The person in the path, decoded; for `GET /users/{identifier}` the identifier. */
	userId?: string;
	/** The account in the body or query. */
	accountId?: string;
	/** The `action` of the body. */
	action?: string;
	/** How many matching requests come first, whatever becomes of them. Default 0. */
	after?: number;
	/** How many requests the fault is for; `Infinity` or 'always' until `reset()`. Default 1. */
	times?: number | 'always';
}

/** What a fault is matched against. */
export type FaultTarget = Readonly<
	Record<'operation' | 'userId' | 'accountId' | 'action', string | undefined>
>;

/** A fault that waits for its request. */
export interface QueuedFault {
	fault: Fault;
	match: FaultMatch;
	/** How many more matching requests come first. */
	after: number;
	/** How many more requests it is for. */
	left: number;
}

/** Faults in the order in which they were asked for; a request takes the first that matches and is due. */
export class FaultQueue {
	private readonly queue: QueuedFault[] = [];

	/** Faults that still wait for a request. */
	get pending(): readonly QueuedFault[] {
		return this.queue;
	}

	/** Queues a fault for the next matching request, or the next few. */
	add(fault: Fault, match: FaultMatch = {}): void {
		const { after = 0, times = 1 } = match;
		this.queue.push({ fault, match, after, left: times === 'always' ? Infinity : times });
	}

	/** Takes the fault that is meant for this request, if any. */
	take(target: FaultTarget): Fault | undefined {
		let taken: QueuedFault | undefined;
		for (const queued of this.queue) {
			if (!matches(queued.match, target)) continue;
			if (queued.after > 0) queued.after -= 1;
			else taken ??= queued;
		}
		if (!taken) return undefined;
		taken.left -= 1;
		if (taken.left <= 0) this.queue.splice(this.queue.indexOf(taken), 1);
		return taken.fault;
	}
}

function matches(match: FaultMatch, target: FaultTarget): boolean {
	return (['operation', 'userId', 'accountId', 'action'] as const).every(
		(field) => match[field] === undefined || match[field] === target[field],
	);
}
