import os from 'node:os';

import type { Contender } from './contenders';
import type { PostPress } from './postPress';

/** One run of a workflow with the measured node. */
export interface Job {
	contender: Contender;
	postPress: PostPress;
	items: number;
	/** Over how many LinkedIn accounts the items are spread. Default 1. */
	accounts?: number;
}

/** What a run of a workflow has cost. */
export interface Cost {
	/** Milliseconds of CPU time of the n8n process: user and system, all threads. */
	cpu: number;
	/** Peak memory of the n8n process (resident set), megabytes; of the engine alone: 0. */
	memory: number;
	/** Milliseconds from the start to the end of the measured node. */
	wall: number;
	/** Items that the measured node has put out. */
	items: number;
	/** How often n8n has evaluated an expression; only of the engine alone. */
	evaluations?: number;
}

/** Something that runs workflows: the real n8n, or its engine alone. */
export interface Bench {
	run(job: Job, disabled: boolean): Promise<Cost>;
	close(): Promise<void>;
}

/** What the measured node has cost: a run less one of the same items with the node disabled. */
export interface Sample {
	/** Milliseconds of CPU time an item. */
	cpu: number;
	/** Kilobytes of peak memory an item. */
	memory: number;
	/** Megabytes: peak memory of the whole process. */
	peak: number;
	/** Milliseconds. */
	wall: number;
	/** The greatest number of requests that PostPress had in flight. */
	inFlight: number;
	/** Evaluations of expressions an item; 0 where they were not counted. */
	evaluations: number;
}

/** Medians of several samples, and how far the CPU time has spread. */
export interface Result extends Sample {
	rounds: number;
	least: number;
	most: number;
	/** Of the machine while it was measured; other work makes CPU time dearer. */
	load: number;
}

/** What a workflow costs with the measured node disabled; it is the same for every contender. */
async function baseline(bench: Bench, job: Job): Promise<Cost> {
	const cost = await bench.run(job, true);
	await job.postPress.seen();
	return cost;
}

/** Measures the node of a job once. @param without what the same items cost without the node */
async function sample(bench: Bench, job: Job, without: Cost): Promise<Sample> {
	const { items, postPress } = job;
	const withNode = await bench.run(job, false);
	const { performed, inFlight } = await postPress.seen();
	if (performed !== items || withNode.items !== items) {
		const { name } = job.contender;
		throw new Error(
			`${name}: of ${items} items ${performed} were performed, ${withNode.items} put out`,
		);
	}
	return {
		cpu: (withNode.cpu - without.cpu) / items,
		memory: ((withNode.memory - without.memory) * 1024) / items,
		peak: withNode.memory,
		wall: withNode.wall,
		inFlight,
		evaluations: ((withNode.evaluations ?? 0) - (without.evaluations ?? 0)) / items,
	};
}

/** Measures jobs in turn, round by round, so that a noisy minute hits all of them. */
export async function measure(
	bench: Bench,
	jobs: Job[],
	rounds: number,
	onSample: (job: Job, round: number, sample: Sample) => void = () => {},
): Promise<Result[]> {
	const samples: Sample[][] = jobs.map(() => []);
	const loads: number[] = [];
	for (let round = 1; round <= rounds; round++) {
		const without = new Map<number, Cost>();
		for (const [index, job] of jobs.entries()) {
			const base = without.get(job.items) ?? (await baseline(bench, job));
			without.set(job.items, base);
			const one = await sample(bench, job, base);
			samples[index].push(one);
			loads.push(os.loadavg()[0]);
			onSample(job, round, one);
		}
	}
	return samples.map((of) => resultOf(of, median(loads)));
}

function resultOf(samples: Sample[], load: number): Result {
	const all = (key: keyof Sample) => samples.map((one) => one[key]);
	return {
		cpu: median(all('cpu')),
		memory: median(all('memory')),
		peak: median(all('peak')),
		wall: median(all('wall')),
		inFlight: Math.max(...all('inFlight')),
		evaluations: median(all('evaluations')),
		rounds: samples.length,
		least: Math.min(...all('cpu')),
		most: Math.max(...all('cpu')),
		load,
	};
}

/** The middle one; the mean of the two in the middle. */
export function median(numbers: number[]): number {
	const sorted = [...numbers].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
