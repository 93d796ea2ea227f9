/**
 * Thousands of items in one run of the node: does an item cost the same in a large run as in a small
 * one, and is the memory given back? n8n's engine runs here, PostPress in a process of its own.
 * Ends with an exit code other than 0 when the answer is no.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';

import Table from 'cli-table3';

import { itemsWorkflow, performed, startEngine, type Engine } from '../../harness/engine';
import { byId } from '../../harness/locators';
import { median } from './measure';
import { startPostPress, type PostPress } from './postPress';

const SMALL = 1_000;
const LARGE = 10_000;

/** What an item may cost in a large run, compared with a small one. */
const MOST_COST = 1.3;

/** How much more heap may be in use after each round, in megabytes. */
const MOST_GROWTH = 2;

interface Round {
	items: number;
	/** Milliseconds. */
	wall: number;
	/** Milliseconds of CPU time, all threads of this process. */
	cpu: number;
	/** Megabytes in use when the run is over. */
	heap: number;
}

void main();

async function main(): Promise<void> {
	if (!globalThis.gc) return await again('--expose-gc');
	process.exitCode = await measure();
}

/** Runs this script again with a flag of node. */
async function again(flag: string): Promise<void> {
	const [, script, ...options] = process.argv;
	const child = spawn(process.execPath, [...process.execArgv, flag, script, ...options], {
		stdio: 'inherit',
	});
	const [code] = (await once(child, 'exit')) as [number | null];
	process.exitCode = code ?? 1;
}

async function measure(): Promise<number> {
	const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });
	const rounds = Number(values.rounds);
	const postPress = await startPostPress();
	const { url, apiKey } = postPress;
	const engine = await startEngine({ credentials: { postPressApi: { apiKey, baseUrl: url } } });
	try {
		say('Warming up');
		await runOnce(engine, postPress, SMALL);
		await runOnce(engine, postPress, SMALL);
		const before = await heapInUse(engine, postPress);
		const done: Round[] = [];
		for (let round = 1; round <= rounds; round++) {
			for (const items of [SMALL, LARGE]) {
				say(`Round ${round} of ${rounds}: ${items} items`);
				const cost = await runOnce(engine, postPress, items);
				done.push({ ...cost, heap: await heapInUse(engine, postPress) });
			}
		}
		say('');
		return report(before, done);
	} finally {
		await engine.stop();
		postPress.stop();
	}
}

/** One execution of a workflow in which the node adds as many candidates with one account. */
async function runOnce(
	engine: Engine,
	postPress: PostPress,
	items: number,
): Promise<Omit<Round, 'heap'>> {
	// Nobody is added to the same project twice.
	const project = `proj_${performance.now()}`;
	const workflow = itemsWorkflow({
		parameters: {
			resource: 'candidate',
			operation: 'addToPipeline',
			accountId: byId('={{ $json.account }}'),
			userId: byId('={{ $json.user }}'),
			hiringProjectId: byId('={{ $json.project }}'),
			options: { delayBetweenRequests: 0 },
		},
		items: Array.from({ length: items }, (_, index) => ({
			account: 'acc_scale',
			user: `AEM${index}`,
			project,
		})),
	});
	await postPress.seen();
	const cpuBefore = process.cpuUsage();
	const result = await engine.run(workflow);
	const { user, system } = process.cpuUsage(cpuBefore);

	const facts = {
		status: result.status,
		outputItems: performed(result).length,
		performed: (await postPress.seen()).performed,
	};
	const expected = { status: 'success', outputItems: items, performed: items };
	if (JSON.stringify(facts) !== JSON.stringify(expected)) {
		throw new Error(`A run of ${items} items went wrong: ${JSON.stringify(facts)}`, {
			cause: result.error,
		});
	}
	return { items, wall: result.duration, cpu: (user + system) / 1000 };
}

/**
 * Megabytes in use after garbage collection. A few small executions first: n8n's expression engine
 * holds on to the data of the last one or two.
 */
async function heapInUse(engine: Engine, postPress: PostPress): Promise<number> {
	for (let execution = 0; execution < 4; execution++) await runOnce(engine, postPress, 1);
	globalThis.gc!();
	globalThis.gc!();
	return process.memoryUsage().heapUsed / 2 ** 20;
}

/** Prints what was measured and what it means; returns the exit code. */
function report(before: number, rounds: Round[]): number {
	const of = (items: number) => rounds.filter((round) => round.items === items);
	const cost = (items: number) => median(of(items).map(({ cpu }) => cpu / items));
	const heapAfter = (items: number) => median(of(items).map(({ heap }) => heap));

	const table = new Table({
		head: ['items in one run', 'wall time', 'CPU an item', 'heap before', 'heap afterwards'],
		colAligns: ['right', 'right', 'right', 'right', 'right'],
		style: { head: [], border: [] },
	});
	for (const items of [SMALL, LARGE]) {
		table.push([
			items.toLocaleString('en'),
			`${(median(of(items).map(({ wall }) => wall)) / 1000).toFixed(1)} s`,
			`${cost(items).toFixed(2)} ms`,
			`${before.toFixed(1)} MB`,
			`${heapAfter(items).toFixed(1)} MB`,
		]);
	}
	console.log(table.toString());
	console.log(`Medians of ${of(LARGE).length} rounds, after warming up.`);

	const ratio = cost(LARGE) / cost(SMALL);
	const growth = (rounds.at(-1)!.heap - before) / of(LARGE).length;
	const checks: Array<[boolean, string]> = [
		[
			ratio <= MOST_COST,
			`an item in a run of ${LARGE} costs ${ratio.toFixed(2)} times what it costs in a run of ${SMALL} (at most ${MOST_COST})`,
		],
		[
			growth <= MOST_GROWTH,
			`each round has left ${growth.toFixed(1)} MB more heap in use (at most ${MOST_GROWTH})`,
		],
	];
	for (const [passed, text] of checks) console.log(`${passed ? 'ok' : 'NOT OK'}: ${text}`);
	return checks.every(([passed]) => passed) ? 0 : 1;
}

function say(text: string): void {
	if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
	else if (text) process.stderr.write(`${text}\n`);
}
