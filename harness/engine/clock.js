'use strict';

/**
 * The time of n8n's process, which tests move instead of waiting: `setTimeout`, with which n8n and the node
 * wait, `Date.now()` and `AbortSignal.timeout()`. The timers of sockets are Node's own and go on.
 *
 * Plain JavaScript because it has to stand where n8n stands, outside of jest's realm. See `Clock` in n8n.ts.
 */

const { subscribe } = require('node:diagnostics_channel');
const { setImmediate } = require('node:timers/promises');

/** Turns of the event loop in which nothing happens, after which nothing is going to happen. */
const QUIET_TURNS = 20;

/** Turns for which `advance` waits for what follows from the end of a wait, where it does not come to rest. */
const MOST_TURNS = 2000;

const { setTimeout: begin, clearTimeout: giveUp } = globalThis;
const { timeout: abortTimeout } = AbortSignal;
const { now: dateNow } = Date;
const machineNow = () => performance.timeOrigin + performance.now();

/** The time at which the clock stands; undefined while it is the machine's. */
let standsAt;
let heldAt = 0;
let threshold = 0;
/** How long each wait was meant to be. */
let begun = [];
/** Waits that are not over, by their timer. */
const waits = new Map();
/** Rises with everything that others may have waited for. */
let events = 0;
/** Requests on their way. Some n8n never close one that they have given up: `release` forgets it. */
const requests = new Set();

subscribe('http.client.request.start', ({ request }) => {
	requests.add(request);
	events++;
	request.once('close', () => {
		requests.delete(request);
		events++;
	});
});

const now = () => standsAt ?? machineNow();

/** @param isDeadline whether something is to be given up then, for which nobody waits */
function beginHeld(run, delay, isDeadline = false) {
	// A timer of its own, for whoever looks at it; it does not fire before the test is over.
	const timer = begin(() => {}, 2 ** 31 - 1).unref();
	const end = () => {
		giveUp(timer);
		waits.delete(timer);
		events++;
		run();
	};
	// n8n's times are whole milliseconds: a wait that ended within one would look too short.
	waits.set(timer, { delay, due: now() + Math.ceil(delay), end, isDeadline });
	events++;
	return timer;
}

const held = {
	setTimeout(run, delay = 0, ...args) {
		begun.push(delay);
		if (delay <= threshold) return begin(run, 0, ...args);
		return beginHeld(() => run(...args), delay);
	},

	clearTimeout(timer) {
		waits.delete(timer);
		giveUp(timer);
	},

	abortTimeout(delay) {
		const controller = new AbortController();
		const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
		beginHeld(() => controller.abort(reason), delay, true);
		return controller.signal;
	},
};

const inOrder = () => [...waits.values()].sort((a, b) => a.due - b.due);

function moveTo(wait) {
	standsAt = Math.max(standsAt, wait.due);
	wait.end();
}

/** Waits until nothing happens any more, or for so many turns. */
async function rest(turns = Infinity) {
	let quiet = 0;
	for (let turn = 0; turn < turns && quiet < QUIET_TURNS; turn++) {
		const before = events;
		await setImmediate();
		quiet = before === events && requests.size === 0 ? quiet + 1 : 0;
	}
}

const clock = {
	now,

	get isHeld() {
		return standsAt !== undefined;
	},

	get heldAt() {
		return heldAt;
	},

	get begun() {
		return begun;
	},

	get pending() {
		return inOrder()
			.filter(({ isDeadline }) => !isDeadline)
			.map(({ due }) => due - now());
	},

	hold(longerThan = 0) {
		if (standsAt === undefined) {
			begun = [];
			standsAt = heldAt = Math.floor(machineNow());
			Object.assign(globalThis, { setTimeout: held.setTimeout, clearTimeout: held.clearTimeout });
			AbortSignal.timeout = held.abortTimeout;
			Date.now = now;
		}
		threshold = longerThan;
		for (const wait of inOrder()) if (wait.delay <= longerThan) wait.end();
	},

	skip() {
		const first = inOrder().find(({ isDeadline }) => !isDeadline);
		if (first) moveTo(first);
	},

	async advance(milliseconds) {
		clock.hold(threshold);
		const end = standsAt + milliseconds;
		await rest(MOST_TURNS);
		for (;;) {
			const [next] = inOrder();
			if (!next || next.due > end) break;
			moveTo(next);
			await rest(MOST_TURNS);
		}
		standsAt = end;
	},

	async moving(work) {
		clock.hold(threshold);
		let isOver = false;
		const over = work.finally(() => (isOver = true));
		over.catch(() => {}); // it is waited for below
		while (!isOver && standsAt !== undefined) {
			// Never for ever: the work may be over while a request is left.
			await rest(QUIET_TURNS + 1);
			const isQuiet = requests.size === 0;
			// The machine's time, which sockets and sandboxes have.
			if (!isQuiet) await new Promise((resolve) => begin(resolve, 1));
			if (isQuiet) await rest(MOST_TURNS);
			if (isQuiet && requests.size === 0 && !isOver && standsAt !== undefined) clock.skip();
		}
		return await over;
	},

	async idle() {
		for (;;) {
			await rest(MOST_TURNS);
			if (requests.size === 0 && clock.pending.length === 0) return;
			// The machine's time, which sockets and sandboxes have.
			await new Promise((resolve) => begin(resolve, 1));
		}
	},

	release() {
		Object.assign(globalThis, { setTimeout: begin, clearTimeout: giveUp });
		AbortSignal.timeout = abortTimeout;
		Date.now = dateNow;
		standsAt = undefined;
		threshold = 0;
		for (const wait of inOrder()) {
			if (!wait.isDeadline) wait.end();
		}
		waits.clear();
		requests.clear();
	},
};

module.exports = { clock };
