import { runInThisContext } from 'node:vm';

/** A wait that has begun and is not over. */
interface Wait {
	/** What was asked for, in milliseconds. */
	delay: number;
	/** When it is over, on this clock. */
	due: number;
	end(): void;
}

/** n8n's clock in the hand of a test: waits take as long as the test says, on a busy machine as on an idle one. */
export interface Clock {
	/** When the clock was held, in UNIX milliseconds. */
	readonly heldAt: number;
	/** Milliseconds that have passed on this clock since then. */
	readonly now: number;
	/** How long each wait was meant to be that has begun since it was held, in milliseconds. */
	readonly begun: readonly number[];
	/** How many waits are not over. */
	readonly pending: number;
	/**
	 * Stops the clock: what n8n and the node wait for does not come. The timers of sockets are Node's and go on.
	 *
	 * @param longerThan waits of up to so many milliseconds are over at once; default 0
	 */
	hold(longerThan?: number): void;
	/** Moves the clock to the end of the wait that is over first. */
	skip(): void;
	/** Lets the clock go on by itself; waits that have begun are over. */
	release(): void;
}

/** The global object of n8n and of the node, which is not the one that jest gives its tests. */
const realm = runInThisContext('globalThis') as typeof globalThis;

/** The clock for a test file; it is released after each test. */
export function holdableClock(): Clock {
	const { setTimeout: begin, clearTimeout: giveUp } = realm;
	const { now: tellTime } = realm.Date;
	const waits = new Map<unknown, Wait>();
	let begun: number[] = [];
	let heldAt = 0;
	let now = 0;
	let threshold = 0;

	const beginHeld = (run: (...args: unknown[]) => void, delay = 0, ...args: unknown[]) => {
		begun.push(delay);
		if (delay <= threshold) return begin(run, 0, ...args);
		// A timer of its own, for whoever looks at it; it does not fire before the test is over.
		const timer = begin(() => {}, 2 ** 31 - 1).unref();
		const end = () => {
			giveUp(timer);
			waits.delete(timer);
			run(...args);
		};
		waits.set(timer, { delay, due: now + delay, end });
		return timer;
	};
	const giveUpHeld: typeof clearTimeout = (timer) => {
		waits.delete(timer);
		giveUp(timer);
	};
	const endAll = (which: (wait: Wait) => boolean) => {
		for (const wait of [...waits.values()].filter(which)) wait.end();
	};

	const clock: Clock = {
		get heldAt() {
			return heldAt;
		},
		get now() {
			return now;
		},
		get begun() {
			return begun;
		},
		get pending() {
			return waits.size;
		},
		hold(longerThan = 0) {
			if (realm.setTimeout === begin) {
				begun = [];
				heldAt = tellTime();
				now = 0;
				Object.assign(realm, { setTimeout: beginHeld, clearTimeout: giveUpHeld });
				realm.Date.now = () => heldAt + now;
			}
			threshold = longerThan;
			endAll(({ delay }) => delay <= longerThan);
		},
		skip() {
			const [first] = [...waits.values()].sort((a, b) => a.due - b.due);
			if (!first) return;
			now = first.due;
			first.end();
		},
		release() {
			Object.assign(realm, { setTimeout: begin, clearTimeout: giveUp });
			realm.Date.now = tellTime;
			endAll(() => true);
		},
	};
	afterEach(() => clock.release());
	return clock;
}
