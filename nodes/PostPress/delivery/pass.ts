import { sleep } from 'n8n-workflow';

import type { Failure, Result, Tally } from '../errors/failure';
import { Milestone } from './milestone';

/** So many people in a row without an answer of PostPress are an outage. */
export const OUTAGE = 3;

/**
 * One pass over the items of a run: who has been read, what became of whom, and whether it goes on.
 */
export class Pass {
	/** n8n has handed over every item: nothing is sent before all are known, in stop mode. */
	readonly everyItemRead = new Milestone();

	/** It is known what became of every item. */
	readonly everyItemSettled = new Milestone();

	/** Nothing more may be sent: the execution was stopped, or an item failed in stop mode. */
	readonly ended = new Milestone();

	/** Index of the item whose failure has ended the pass, in stop mode. */
	failedItem?: number;

	readonly tally: Tally = { performed: [], refused: [], not_sent: [], unknown: [] };

	private readonly items = new Set<number>();

	private readonly settled = new Set<number>();

	/** People in a row without an answer, by origin of the Base URL: the network is everybody's. */
	private readonly unanswered = new Map<string, number>();

	/**
	 * @param total how many items there are
	 * @param runIndex how often the node has run before in this execution
	 * @param stopsOnError whether the first failure ends the pass (n8n's "On Error: Stop Workflow")
	 * @param signal aborted when the user stops the execution
	 */
	constructor(
		readonly total: number,
		readonly runIndex: number,
		readonly stopsOnError: boolean,
		private readonly signal: AbortSignal | undefined,
	) {
		if (signal?.aborted) this.end();
		signal?.addEventListener('abort', this.end, { once: true });
	}

	/** Whether the user has stopped the execution. */
	get isCanceled(): boolean {
		return this.signal?.aborted === true;
	}

	/** Waits, but no longer than until nothing more may be sent. */
	async wait(milliseconds: number): Promise<void> {
		await Promise.race([sleep(milliseconds), this.ended.reached]);
	}

	has(itemIndex: number): boolean {
		return this.items.has(itemIndex);
	}

	add(itemIndex: number): void {
		this.items.add(itemIndex);
		if (this.items.size >= this.total) this.everyItemRead.reach();
	}

	/**
	 * It is known what became of an item. In stop mode the first failure ends the pass, so this has to be said
	 * before the next in the lane has its turn.
	 *
	 * @param origin of the Base URL, if the item had its turn
	 */
	settle(itemIndex: number, result: Result<unknown>, origin?: string): void {
		const failure = 'failure' in result ? result.failure : undefined;
		if (origin !== undefined) this.count(origin, failure);
		if (failure && this.stopsOnError && !this.isCanceled) {
			this.failedItem ??= itemIndex;
			this.end();
		}
		this.note(itemIndex, failure?.outcome ?? 'performed');
	}

	/** An item is shown and not sent. */
	skip(itemIndex: number): void {
		this.note(itemIndex, 'not_sent');
	}

	/** Whether PostPress has not answered for several people in a row. */
	isOutage(origin: string): boolean {
		return (this.unanswered.get(origin) ?? 0) >= OUTAGE;
	}

	private note(itemIndex: number, became: keyof Tally): void {
		if (this.settled.has(itemIndex)) return;
		this.settled.add(itemIndex);
		this.tally[became].push(itemIndex);
		// Of an item that n8n itself fails, the node never hears.
		if (this.settled.size < (this.isCanceled ? this.items.size : this.total)) return;
		this.everyItemSettled.reach();
		this.signal?.removeEventListener('abort', this.end);
	}

	/** An answer that settles somebody, even a refusal, ends an outage; who was not sent says nothing about it. */
	private count(origin: string, failure: Failure | undefined): void {
		const isUnreachable = failure?.outcome === 'not_sent' && failure.retry !== 'no';
		if (failure?.outcome === 'unknown' || isUnreachable) {
			this.unanswered.set(origin, (this.unanswered.get(origin) ?? 0) + 1);
		} else if (failure?.outcome !== 'not_sent') {
			this.unanswered.delete(origin);
		}
	}

	private readonly end = () => this.ended.reach();
}
