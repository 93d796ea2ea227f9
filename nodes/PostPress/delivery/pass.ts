import { sleep } from 'n8n-workflow';

import type { Tally } from '../errors/failure';

/**
 * One pass over the items of a run: who has been read, what became of whom, and whether it goes on.
 */
export class Pass {
	/** Resolves when n8n has handed over every item, so that nothing is sent before all are known. */
	readonly everyItemRead: Promise<void>;

	/** Resolves when the fate of every item is known. */
	readonly everyItemSettled: Promise<void>;

	/** Resolves when nothing more may be sent: the execution was stopped, or an item failed in stop mode. */
	readonly halted: Promise<void>;

	isHalted = false;

	/** Index of the item whose failure has ended the pass, in stop mode. */
	failedItem?: number;

	readonly tally: Tally = { performed: [], refused: [], not_sent: [], unknown: [] };

	private readonly items = new Set<number>();

	private settled = 0;

	private allRead!: () => void;

	private allSettled!: () => void;

	private halt!: () => void;

	/**
	 * @param total how many items there are
	 * @param stopsOnError whether the first failure ends the pass (n8n's "On Error: Stop Workflow")
	 * @param signal aborted when the user stops the execution
	 * @param runIndex how often the node has run before in this execution
	 */
	constructor(
		readonly total: number,
		readonly stopsOnError: boolean,
		private readonly signal: AbortSignal | undefined,
		readonly runIndex: number,
	) {
		this.everyItemRead = new Promise((resolve) => (this.allRead = resolve));
		this.everyItemSettled = new Promise((resolve) => (this.allSettled = resolve));
		this.halted = new Promise((resolve) => {
			this.halt = () => {
				this.isHalted = true;
				resolve();
			};
		});
		if (signal?.aborted) this.halt();
		signal?.addEventListener('abort', this.halt, { once: true });
	}

	/** Whether the user has stopped the execution. */
	get isCanceled(): boolean {
		return this.signal?.aborted === true;
	}

	/** Waits, but no longer than until nothing more may be sent. */
	async wait(milliseconds: number): Promise<void> {
		await Promise.race([sleep(milliseconds), this.halted]);
	}

	has(itemIndex: number): boolean {
		return this.items.has(itemIndex);
	}

	add(itemIndex: number): void {
		this.items.add(itemIndex);
		if (this.items.size >= this.total) this.allRead();
	}

	/**
	 * An item has failed. In stop mode the first one ends the pass: said in the lane, so that the next in the
	 * lane sees it, and again by the delivery hook for what failed outside of it.
	 */
	fail(itemIndex: number): void {
		if (!this.stopsOnError || this.isCanceled) return;
		this.failedItem ??= itemIndex;
		this.halt();
	}

	/** What became of an item is known. */
	settle(itemIndex: number, fate: keyof Tally): void {
		this.tally[fate].push(itemIndex);
		if (++this.settled < this.total) return;
		this.allSettled();
		this.signal?.removeEventListener('abort', this.halt);
	}
}
