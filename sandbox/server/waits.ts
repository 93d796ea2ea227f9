import { clearTimeout, setTimeout } from 'node:timers';
import { setImmediate } from 'node:timers/promises';

/**
 * Waits that can be called off together. A wait that was called off never ends. With Node's own timers: those of
 * the global object may be in the hand of a test that holds n8n's clock.
 */
export class Waits {
	private readonly pending = new Map<NodeJS.Timeout, Promise<void>>();

	/** Waits for some milliseconds; not at all for 0. */
	async for(ms: number): Promise<void> {
		if (ms <= 0) return;
		const { promise, resolve } = Promise.withResolvers<void>();
		const timer = setTimeout(() => {
			this.pending.delete(timer);
			resolve();
		}, ms);
		this.pending.set(timer, promise);
		await promise;
	}

	/** Resolves when no wait is left, and what came after the last one has begun. */
	async over(): Promise<void> {
		while (this.pending.size > 0) {
			await Promise.all(this.pending.values());
			await setImmediate();
		}
	}

	/** Calls off every wait. */
	cancel(): void {
		for (const timer of this.pending.keys()) clearTimeout(timer);
		this.pending.clear();
	}
}
