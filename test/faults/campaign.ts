import { parseArgs } from 'node:util';

import Table from 'cli-table3';

import { startEngine } from '../engine/harness';
import type { Imbalance } from './books';
import { run, type Verdict } from './run';
import { scenarioOf } from './scenario';

const { values } = parseArgs({
	options: {
		/** How many runs. */
		runs: { type: 'string', default: '2000' },
		/** Seed of the first run; the others follow it. */
		from: { type: 'string', default: '1' },
		/** Replays the run of this seed alone, and shows what became of everyone. */
		seed: { type: 'string' },
	},
});

async function main(): Promise<number> {
	const first = Number(values.seed ?? values.from);
	const last = values.seed === undefined ? first + Number(values.runs) - 1 : first;
	// The default engine starts an isolate for each execution, which would be most of the time here.
	const engine = await startEngine({ expressionEngine: 'legacy' });
	const totals = { runs: 0, items: 0, requests: 0, performed: 0, faults: 0, stopped: 0, failed: 0 };
	const imbalances = new Map<Imbalance['what'], number>();
	const startedAt = performance.now();

	for (let seed = first; seed <= last; seed++) {
		const verdict = await run(engine, scenarioOf(seed));
		totals.runs++;
		totals.items += verdict.scenario.people.length;
		totals.requests += verdict.requests;
		totals.performed += verdict.performed;
		totals.faults += verdict.faults;
		if (verdict.result.status === 'canceled') totals.stopped++;
		if (verdict.result.status === 'error') totals.failed++;
		for (const { what } of verdict.imbalances) {
			imbalances.set(what, (imbalances.get(what) ?? 0) + 1);
		}
		if (verdict.imbalances.length > 0 || values.seed !== undefined) show(verdict);
		if (totals.runs % 100 === 0) {
			const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
			console.log(`${totals.runs} runs, ${totals.items} people, ${seconds} s`);
		}
	}
	await engine.stop();

	const table = new Table({ head: ['Fault campaign', 'Count'] });
	table.push(
		['Runs', totals.runs],
		['… ended by a failed item', totals.failed],
		['… stopped by the user', totals.stopped],
		['People', totals.items],
		['Requests', totals.requests],
		['… met by a fault', totals.faults],
		['Actions performed', totals.performed],
		...[...imbalances].map(([what, count]) => [`BOOKS: ${what}`, count]),
	);
	console.log(table.toString());
	console.log(imbalances.size === 0 ? 'The books balance.' : 'The books do not balance.');
	return imbalances.size === 0 ? 0 : 1;
}

function show({ scenario, result, imbalances }: Verdict): void {
	const { seed, people, ...rest } = scenario;
	console.log(`\nSeed ${seed}: npm run test:faults -- --seed ${seed}`);
	console.log({ ...rest, people: people.length, status: result.status });
	for (const { what, who } of imbalances.slice(0, 10)) {
		console.log(`  ${what}: ${who}`, people.find(({ userId }) => userId === who)?.faults ?? '');
	}
	if (result.error) console.log(`  ${result.error.message}\n  ${result.error.description}`);
}

main().then(
	(code) => (process.exitCode = code),
	(error) => {
		console.error(error);
		process.exitCode = 1;
	},
);
