/**
 * What the node costs an n8n instance, next to n8n's HTTP Request node and to a stock declarative node
 * that do the same work. Ends with an exit code other than 0 when something does not hold that has to.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { KNOWN_VERSION, n8nFolder } from '../../harness/install/folders';
import { ensureN8n, n8nBinary } from '../../harness/install/installN8n';
import { sayer } from '../../harness/say';
import { contenders, postPressByUrl, postPressOnManyAccounts, type Contender } from './contenders';
import { documentReport } from './document';
import { startEngineBench } from './engineBench';
import { measureLoad } from './load';
import { measure, type Bench, type Job, type Result } from './measure';
import { startPostPress } from './postPress';
import { startRealBench } from './realBench';
import { describeMachine, type Report, type Row, type WaitingRow } from './report';
import { printReport } from './screen';

const usage = `What the PostPress node costs an n8n instance.

  --engine          n8n's engine alone, in this process: two minutes, for daily use
  --rounds <number> how often each is measured (default 5; with --engine 3)
  --part <name>     comparison, growth, waiting or load alone; may be repeated
  --help            show this text

The real n8n takes about ten minutes. All parts together are written to docs/performance.*`;

const ITEMS = 1_000;
const GROWTH = { sizes: [100, 1_000, 10_000], rounds: 2 };
const WAITING = { items: 100, accounts: [1, 5, 20], latency: 300 };
const PARTS = ['comparison', 'growth', 'waiting', 'load'] as const;
type Part = (typeof PARTS)[number];

const compared = [...Object.values(contenders), postPressByUrl];

const say = sayer(process.stderr);

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			engine: { type: 'boolean', default: false },
			rounds: { type: 'string' },
			part: { type: 'string', multiple: true },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return console.log(usage);
	const unknown = values.part?.find((part) => !PARTS.includes(part as Part));
	if (unknown !== undefined) throw new Error(`There is no part "${unknown}".\n\n${usage}`);

	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'n8n-nodes-postpress-bench-'));
	const cleanUp = () => fs.rmSync(folder, { recursive: true, force: true });
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => {
			cleanUp();
			process.exit(130);
		});
	}
	try {
		const parts = (values.part as Part[] | undefined) ?? [...PARTS];
		const report = values.engine
			? await benchEngine(folder, Number(values.rounds ?? 3), parts)
			: await benchN8n(folder, Number(values.rounds ?? 5), parts);
		if (!values.engine && !values.part) await documentReport(report);
		say('');
		if (!printReport(report)) process.exitCode = 1;
	} finally {
		cleanUp();
	}
}

async function benchN8n(folder: string, rounds: number, parts: Part[]): Promise<Report> {
	const n8n = await ensureN8n(KNOWN_VERSION, say);
	const bench = await startRealBench(n8n, folder, Object.values(contenders));
	const report = emptyReport(KNOWN_VERSION);
	if (parts.includes('load')) report.load = loadTimes();
	if (parts.includes('comparison')) {
		report.comparison = await compare(bench, compared, rounds);
	}
	if (parts.includes('growth')) report.growth = await grow(bench);
	if (parts.includes('waiting')) report.waiting = await wait(bench);
	return report;
}

async function benchEngine(folder: string, rounds: number, parts: Part[]): Promise<Report> {
	const installed = n8nFolder(KNOWN_VERSION);
	const n8n = fs.existsSync(n8nBinary(installed)) ? installed : undefined;
	if (!n8n) say('Without n8n in the cache there is no HTTP Request node to compare with.');
	const { bench, has } = await startEngineBench(n8n, folder);
	const report = emptyReport('engine');
	try {
		if (parts.includes('load')) report.load = loadTimes();
		if (parts.includes('comparison')) {
			const present = compared.filter(({ key }) => has(key));
			report.comparison = await compare(bench, present, rounds, 1);
		}
		return report;
	} finally {
		await bench.close();
	}
}

const emptyReport = (n8n: string): Report => ({
	n8n,
	node: process.versions.node,
	machine: describeMachine(),
	comparison: [],
	growth: [],
	waiting: [],
	latency: WAITING.latency,
});

function loadTimes(): Report['load'] {
	say('Loading the package in new processes …', false);
	return { inN8n: measureLoad(true), alone: measureLoad(false) };
}

/** The same items with each contender. @param warmUps rounds that do not count */
async function compare(bench: Bench, of: Contender[], rounds: number, warmUps = 0): Promise<Row[]> {
	return await withPostPress(0, async (postPress) => {
		const jobs = of.map((contender) => ({ contender, postPress, items: ITEMS }));
		if (warmUps > 0) await measureAloud(bench, jobs, warmUps, 'Warming up');
		return rowsOf(jobs, await measureAloud(bench, jobs, rounds, 'Comparison'));
	});
}

/** PostPress with few and many items; the HTTP Request node with many, for its memory. */
async function grow(bench: Bench): Promise<Row[]> {
	return await withPostPress(0, async (postPress) => {
		const { httpRequest, postPress: contender } = contenders;
		const jobs = [
			...GROWTH.sizes.map((items) => ({ contender, postPress, items })),
			{ contender: httpRequest, postPress, items: GROWTH.sizes.at(-1)! },
		];
		return rowsOf(jobs, await measureAloud(bench, jobs, GROWTH.rounds, 'Growth'));
	});
}

/** A PostPress that takes its time: how long it takes, and how much is in flight. */
async function wait(bench: Bench): Promise<WaitingRow[]> {
	const { items, latency } = WAITING;
	return await withPostPress(latency, async (postPress) => {
		const { httpRequest, stock } = contenders;
		const jobs = [
			...[httpRequest, stock].map((contender) => ({ contender, postPress, items, accounts: 1 })),
			...WAITING.accounts.map((accounts) => {
				return { contender: postPressOnManyAccounts, postPress, items, accounts };
			}),
		];
		const results = await measureAloud(bench, jobs, 1, 'Waiting');
		return jobs.map(({ contender, accounts }, index) => ({
			name: contender.name,
			items,
			accounts,
			wall: results[index].wall,
			ideal: contender === postPressOnManyAccounts ? (items / accounts) * latency : latency,
			inFlight: results[index].inFlight,
		}));
	});
}

async function withPostPress<Answer>(
	latency: number,
	use: (postPress: Awaited<ReturnType<typeof startPostPress>>) => Promise<Answer>,
): Promise<Answer> {
	const postPress = await startPostPress(latency);
	try {
		return await use(postPress);
	} finally {
		postPress.stop();
	}
}

async function measureAloud(
	bench: Bench,
	jobs: Job[],
	rounds: number,
	what: string,
): Promise<Result[]> {
	say(`${what}: ${rounds} round(s) …`, false);
	return await measure(bench, jobs, rounds, ({ contender, items }, round, { cpu }) =>
		say(`${what}, round ${round}: ${contender.name}, ${items} items: ${cpu.toFixed(2)} ms`, false),
	);
}

const rowsOf = (jobs: Job[], results: Result[]): Row[] =>
	jobs.map(({ contender, items }, index) => ({
		name: contender.name,
		items,
		...results[index],
	}));

main().catch((error: Error) => {
	say('');
	console.error(error.message);
	process.exitCode = 1;
});
