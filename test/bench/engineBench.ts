import fs from 'node:fs';
import path from 'node:path';

import { NODES, startEngine, type Engine, type WorkflowJson } from '../../harness/engine';
import { loadN8n } from '../../harness/engine/n8n';
import { MEASURED, benchWorkflow, people, type Contender } from './contenders';
import type { Bench, Cost, Job } from './measure';

/** n8n lets its HTTP Request node use any credential, by its name. */
const BASE = 'n8n-nodes-base';

/**
 * n8n's engine alone, in this process: no start-up to wait for, no database, warm code.
 *
 * @param n8nFolder where n8n is installed, for its HTTP Request node; without it that node is left out
 * @param folder for what has to be written
 */
export async function startEngineBench(n8nFolder: string | undefined, folder: string) {
	// The harness follows every line of the log, at three lines an evaluation: nothing that n8n does.
	const silent = () => {};
	const logger = { debug: silent, info: silent, warn: silent, error: silent };
	loadN8n().workflow.LoggerProxy.init(logger as never);
	const evaluations = countEvaluations();

	const packages: Partial<Record<Contender['key'], string | undefined>> = {
		...(n8nFolder && { httpRequest: someOfBase(n8nFolder, path.join(folder, BASE)) }),
		stock: path.join(__dirname, 'stock-node'),
		postPress: undefined,
	};
	const engines = new Map<string, Engine>();
	for (const [key, packageDir] of Object.entries(packages)) {
		engines.set(key, await startEngine({ packageDir }));
	}

	const bench: Bench = {
		async run({ contender, postPress, items, accounts }: Job, disabled): Promise<Cost> {
			const engine = engines.get(contender.key);
			if (!engine) throw new Error(`There is no ${contender.name} here`);
			const { type, data } = contender.credential;
			await engine.saveCredentials({ [type]: data(postPress) });
			const workflow = benchWorkflow({
				contender,
				postPress,
				items: people(items, accounts),
				disabled,
			});
			globalThis.gc?.();
			const evaluated = evaluations();
			const before = process.cpuUsage();
			const result = await engine.run(fromTheTrigger(workflow, people(items, accounts)), {
				startNode: NODES.trigger,
			});
			const { user, system } = process.cpuUsage(before);
			if (result.error) throw result.error;
			const [run] = result.runData[MEASURED];
			return {
				cpu: (user + system) / 1000,
				memory: 0,
				wall: run.executionTime,
				items: run.data?.main[0]?.length ?? 0,
				evaluations: evaluations() - evaluated,
			};
		},
		async close() {
			for (const engine of engines.values()) await engine.stop();
		},
	};
	return { bench, has: (key: Contender['key']) => engines.has(key) };
}

/** Counts the evaluations of expressions from now on. @returns how many there were so far */
function countEvaluations(): () => number {
	let count = 0;
	const prototype = loadN8n().workflow.Expression.prototype as unknown as {
		renderExpression(this: unknown, ...args: unknown[]): unknown;
	};
	const { renderExpression } = prototype;
	prototype.renderExpression = function (...args) {
		count++;
		return renderExpression.apply(this, args);
	};
	return () => count;
}

/** The same workflow without the nodes that make the items: the harness pins them to the trigger. */
function fromTheTrigger(
	{ nodes, settings }: WorkflowJson,
	items: ReturnType<typeof people>,
): WorkflowJson {
	const measured = nodes.find(({ name }) => name === MEASURED)!;
	// Any type that the harness does not know: what is pinned is served.
	const trigger = { ...nodes[0], name: NODES.trigger, type: 'bench.start' };
	return {
		nodes: [trigger, measured],
		connections: {
			[NODES.trigger]: { main: [[{ node: MEASURED, type: 'main', index: 0 }]] },
		},
		pinData: { [NODES.trigger]: items.map((json) => ({ json })) },
		settings,
	};
}

/** A package that has nothing but the HTTP Request node and its credential of an installed n8n. */
function someOfBase(n8nFolder: string, folder: string): string {
	const base = path.join(n8nFolder, 'node_modules', BASE, 'dist');
	const files = {
		'HttpRequest.node.js': path.join(base, 'nodes', 'HttpRequest', 'HttpRequest.node.js'),
		'HttpHeaderAuth.credentials.js': path.join(
			base,
			'credentials',
			'HttpHeaderAuth.credentials.js',
		),
	};
	fs.mkdirSync(folder, { recursive: true });
	for (const [name, file] of Object.entries(files)) {
		fs.writeFileSync(path.join(folder, name), `module.exports = require(${JSON.stringify(file)});`);
	}
	const n8n = { nodes: ['HttpRequest.node.js'], credentials: ['HttpHeaderAuth.credentials.js'] };
	const manifest = { name: BASE, version: '1.0.0', n8n };
	fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
	return folder;
}
