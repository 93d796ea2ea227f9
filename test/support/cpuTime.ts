/** Milliseconds that this process has worked for; unlike the clock, it does not count what others do meanwhile. */
export function cpuTime(): number {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1000;
}

/**
 * The least CPU time of a few tries at the same work, in milliseconds: a collection of garbage counts too, but
 * does not come in each of them.
 *
 * @param enough milliseconds below which no other try is made
 */
export function leastCpuTime(work: () => void, enough: number): number {
	let least = Infinity;
	for (let tries = 0; tries < 5 && least >= enough; tries++) {
		const startedAt = cpuTime();
		work();
		least = Math.min(least, cpuTime() - startedAt);
	}
	return least;
}
