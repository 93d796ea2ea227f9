import { fork } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import { parseArgs } from 'node:util';

import Table from 'cli-table3';

import { startEngine } from '../../harness/engine';
import { run, type Verdict } from './run';
import { scenarioOf } from './scenario';

/** A campaign takes some minutes on every core. */
const PROCESSES = os.availableParallelism();

const { values } = parseArgs({
	options: {
		/** How many runs. */
		runs: { type: 'string', default: '2000' },
		/** Seed of the first run; the others follow it. */
		from: { type: 'string', default: '1' },
		/** Replays the run of this seed alone, and shows what became of everyone. */
		seed: { type: 'string' },
		/** For the processes that share a campaign: run every so manieth seed only. */
		every: { type: 'string', default: '1' },
	},
});

/** What a run adds to the count, by line of the table. */
type Count = Record<string, number>;

async function main(): Promise<number> {
	const isShare = process.send !== undefined;
	const count: Count = {};
	const startedAt = performance.now();
	const add = (one: Count) => {
		for (const [what, number] of Object.entries(one)) count[what] = (count[what] ?? 0) + number;
		if (count.Runs % 100 === 0) {
			const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
			console.log(`${count.Runs} runs, ${count.People} people, ${seconds} s`);
		}
	};
	if (isShare) return await runShare((one) => process.send?.(one));
	if (values.seed !== undefined) await runShare(add);
	else await share(add);

	const table = new Table({ head: ['Fault campaign', 'Count'] });
	table.push(...Object.entries(count));
	console.log(table.toString());
	const isComplete = values.seed !== undefined || count.Runs === Number(values.runs);
	const isBalanced = Object.keys(count).every((what) => !what.startsWith(UNBALANCED));
	console.log(isBalanced ? 'The books balance.' : 'The books do not balance.');
	if (!isComplete) console.log('Not all runs came to an end.');
	return isBalanced && isComplete ? 0 : 1;
}

const UNBALANCED = 'BOOKS: ';

/** Splits the seeds among several processes; lanes and engine are each process's own. */
async function share(add: (one: Count) => void): Promise<void> {
	const first = Number(values.from);
	const shares = Array.from({ length: PROCESSES }, async (_, index) => {
		const runs = Number(values.runs) - index;
		const own = [`--from=${first + index}`, `--runs=${runs}`, `--every=${PROCESSES}`];
		const child = fork(process.argv[1], own);
		child.on('message', add);
		// Its last messages may come after its exit.
		await Promise.all([once(child, 'exit'), once(child, 'disconnect')]);
	});
	await Promise.all(shares);
}

async function runShare(add: (one: Count) => void): Promise<number> {
	const first = Number(values.seed ?? values.from);
	const last = values.seed === undefined ? first + Number(values.runs) - 1 : first;
	// The default engine starts an isolate for each execution, which would be most of the time here.
	const engine = await startEngine({ expressionEngine: 'legacy' });
	for (let seed = first; seed <= last; seed += Number(values.every)) {
		const verdict = await run(engine, scenarioOf(seed));
		if (verdict.imbalances.length > 0 || values.seed !== undefined) show(verdict);
		add(countOf(verdict));
	}
	await engine.stop();
	return 0;
}

function countOf({ scenario, results, retried, imbalances, ...counts }: Verdict): Count {
	const { batches, common, isOutage, isTwice, options } = scenario;
	const count: Count = {
		Runs: 1,
		'… of two executions at a time': Number(batches.length > 1),
		'… of one event delivered twice': Number(isTwice),
		'… with an idempotency key of the event': Number(options.idempotencyKey !== undefined),
		'… with an outage': Number(isOutage),
		'… with an account that is stopped': Number(common.length > Number(isOutage)),
		Executions: results.length,
		'… ended by a failed item': results.filter(({ status }) => status === 'error').length,
		'… stopped by the user': results.filter(({ status }) => status === 'canceled').length,
		'… run again by Executions > Retry': retried,
		People: batches.flat().length,
		Requests: counts.requests,
		'… met by a fault': counts.faults,
		'… given up too early': counts.late,
		'Actions performed': counts.performed,
	};
	for (const { what } of imbalances) {
		const line = `${UNBALANCED}${what}`;
		count[line] = (count[line] ?? 0) + 1;
	}
	return count;
}

function show({ scenario, results, imbalances }: Verdict): void {
	const { seed, batches, ...rest } = scenario;
	const people = batches.flat();
	console.log(`\nSeed ${seed}: npm run test:faults -- --seed ${seed}`);
	console.dir({ ...rest, people: people.length }, { depth: null });
	for (const { what, who } of imbalances.slice(0, 10)) {
		console.log(`  ${what}: ${who}`, people.find(({ userId }) => userId === who)?.faults ?? '');
	}
	for (const { executionId, status, error } of results) {
		console.log(`  Execution ${executionId}: ${status}`);
		if (error) console.log(`    ${error.message}\n    ${error.description}`);
	}
}

main().then(
	(code) => {
		process.exitCode = code;
		process.disconnect?.();
	},
	(error) => {
		console.error(error);
		process.exitCode = 1;
		process.disconnect?.();
	},
);
