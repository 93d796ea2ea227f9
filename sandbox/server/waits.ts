/** Waits that can be called off together. A wait that was called off never ends. */
export class Waits {
	private readonly timers = new Set<NodeJS.Timeout>();

	/** Waits for some milliseconds; not at all for 0. */
	async for(ms: number): Promise<void> {
		if (ms <= 0) return;
		await new Promise<void>((resolve) => {
			const timer = setTimeout(() => {
				this.timers.delete(timer);
				resolve();
			}, ms);
			this.timers.add(timer);
		});
	}

	/** Calls off every wait. */
	cancel(): void {
		for (const timer of this.timers) clearTimeout(timer);
		this.timers.clear();
	}
}
