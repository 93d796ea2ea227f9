/** Numbers that look random and are the same for the same seed. */
export interface Random {
	/** From 0 up to, not including, 1. */
	next(): number;
	/** A whole number from `min` to `max`, both included. */
	integer(min: number, max: number): number;
	/** True with the given probability. */
	chance(probability: number): boolean;
	pick<T>(values: readonly T[]): T;
}

/** Mulberry32, a generator of 32 bits: small, and good enough to choose faults. */
export function randomFrom(seed: number): Random {
	let state = seed >>> 0;
	const next = () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
	const integer = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
	return {
		next,
		integer,
		chance: (probability) => next() < probability,
		pick: (values) => values[integer(0, values.length - 1)],
	};
}
