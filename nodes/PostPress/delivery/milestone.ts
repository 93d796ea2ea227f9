/** Something that happens once, and that one can wait for. */
export class Milestone {
	isReached = false;

	/** Resolves when it has happened. */
	readonly reached: Promise<void>;

	private resolve!: () => void;

	constructor() {
		this.reached = new Promise((resolve) => (this.resolve = resolve));
	}

	reach(): void {
		this.isReached = true;
		this.resolve();
	}
}
