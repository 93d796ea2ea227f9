import os from 'node:os';

import type { LoadTime } from './load';
import type { Result } from './measure';

/** One line of the report: who did how many items, and what it took. */
export interface Row extends Result {
	name: string;
	items: number;
}

/** What the runs against a slow PostPress have shown. */
export interface WaitingRow {
	name: string;
	items: number;
	/** Over how many LinkedIn accounts the items were spread. */
	accounts: number;
	/** Milliseconds. */
	wall: number;
	/** Milliseconds if nothing but PostPress's answers took time. */
	ideal: number;
	inFlight: number;
}

/** Everything that was measured; a part that was left out is empty. */
export interface Report {
	/** The version of n8n, or `engine` for n8n's engine alone. */
	n8n: string;
	node: string;
	machine: string;
	/** By contender, in the order of the table. */
	comparison: Row[];
	growth: Row[];
	waiting: WaitingRow[];
	/** Milliseconds that PostPress waits before it answers in `waiting`. */
	latency: number;
	load?: { inN8n: LoadTime; alone: LoadTime };
}

/** A heading, columns, and lines of text. */
export interface TextTable {
	title: string;
	head: string[];
	rows: string[][];
	/** What the numbers mean, below the table. */
	note: string;
}

/** Something that has to hold. */
export interface Check {
	passed: boolean;
	text: string;
}

const WARM =
	'The code is warm, and nothing reads a database: compare these numbers with each other over time; only the real n8n tells how the nodes compare.';

const ms = (value: number) => `${value.toFixed(2)} ms`;
const s = (value: number) => `${(value / 1000).toFixed(1)} s`;
const mb = (value: number) => `${Math.round(value)} MB`;
const kb = (value: number) => `${Math.round(value)} KB`;
const times = (value: number, of: number) => (value / of).toFixed(2);
const count = (value: number) => value.toLocaleString('en');

/** The machine, without its name. */
export function describeMachine(): string {
	const cpus = os.cpus();
	return `${cpus.length} × ${cpus[0].model.trim()}, ${os.platform()}`;
}

/** The report as tables, for the screen and for the documentation. */
export function tablesOf(report: Report): TextTable[] {
	return [comparisonTable(report), growthTable(report), waitingTable(report), loadTable(report)]
		.filter((table) => table !== undefined)
		.filter(({ rows }) => rows.length > 0);
}

function comparisonTable({ comparison, n8n }: Report): TextTable {
	const [first, second] = comparison;
	const isReal = n8n !== 'engine';
	return {
		title: `${count(first?.items ?? 0)} items, three parameter expressions an item`,
		head: [
			'',
			'CPU an item',
			'least – most',
			...comparison.slice(0, 2).map(({ name }) => `to ${name}`),
			'wall time',
			'requests in flight',
			...(isReal ? ['peak memory', 'memory an item'] : ['evaluations an item']),
		],
		rows: comparison.map((row) => [
			row.name,
			ms(row.cpu),
			`${row.least.toFixed(2)} – ${row.most.toFixed(2)}`,
			times(row.cpu, first.cpu),
			...(second ? [times(row.cpu, second.cpu)] : []),
			s(row.wall),
			count(row.inFlight),
			...(isReal ? [mb(row.peak), kb(row.memory)] : [row.evaluations.toFixed(1)]),
		]),
		note: [
			`Medians of ${first?.rounds} rounds in turn; load average ${first?.load.toFixed(1)}.`,
			'CPU: user and system time of the n8n process, less that of the same workflow with the node disabled.',
			'Wall time: of the node alone; PostPress answers at once.',
			...(isReal ? [] : [WARM]),
		].join(' '),
	};
}

function growthTable({ growth }: Report): TextTable {
	return {
		title: 'More items',
		head: [
			'',
			'items',
			'CPU an item',
			'least – most',
			'wall time',
			'peak memory',
			'memory an item',
		],
		rows: growth.map((row) => [
			row.name,
			count(row.items),
			ms(row.cpu),
			`${row.least.toFixed(2)} – ${row.most.toFixed(2)}`,
			s(row.wall),
			mb(row.peak),
			kb(row.memory),
		]),
		note: `Medians of ${growth[0]?.rounds} rounds in turn; load average ${growth[0]?.load.toFixed(1)}. In a run of 100 items the code is still cold, and the start-up of n8n varies by as much as the items cost.`,
	};
}

function waitingTable({ waiting, latency }: Report): TextTable {
	return {
		title: `PostPress answers after ${latency} ms`,
		head: ['', 'items', 'accounts', 'wall time', 'ideal', 'requests in flight'],
		rows: waiting.map((row) => [
			row.name,
			count(row.items),
			count(row.accounts),
			s(row.wall),
			s(row.ideal),
			count(row.inFlight),
		]),
		note: 'Ideal: only the answers take time, one after the other for each account. The other nodes send everything at once, whatever LinkedIn thinks of that.',
	};
}

function loadTable({ load }: Report): TextTable | undefined {
	if (!load) return undefined;
	const row = (name: string, time: LoadTime) => [
		name,
		`${time.median.toFixed(1)} ms`,
		`${time.least.toFixed(1)} – ${time.most.toFixed(1)}`,
	];
	return {
		title: 'Loading the node and its credential in a new process',
		head: ['', 'median', 'least – most'],
		rows: [
			row('n8n-workflow is loaded, as in n8n', load.inN8n),
			row('with n8n-workflow', load.alone),
		],
		note: 'Wall time of `require`.',
	};
}

/** What has to hold; only of the parts that were measured. */
export function checksOf({ n8n, comparison, growth, waiting, load }: Report): Check[] {
	const checks: Check[] = [];
	const atMost = (value: number, most: number, text: string, unit = '') =>
		checks.push({
			passed: value <= most,
			text: `${text}: ${value.toFixed(2)}${unit} (at most ${most.toFixed(2)}${unit})`,
		});

	const byName = (name: string) => comparison.find((row) => row.name === name);
	const own = byName('PostPress');
	const http = byName('HTTP Request node');
	const stock = byName('stock declarative node');
	if (own && http && n8n !== 'engine') {
		atMost(own.cpu / http.cpu, 0.8, 'CPU an item, to the HTTP Request node');
		atMost(own.memory, http.memory, 'memory an item', ' KB');
	}
	// With warm code n8n's own work, the same for both, weighs more.
	const most = n8n === 'engine' ? 0.7 : 0.45;
	if (own && stock) atMost(own.cpu / stock.cpu, most, 'CPU an item, to a stock declarative node');

	const [small, large] = growth.filter(({ items }) => items >= 1_000);
	if (small && large) {
		atMost(
			large.cpu / small.cpu,
			1.1,
			`CPU an item at ${count(large.items)} items, to ${count(small.items)}`,
		);
	}
	const widest = waiting.filter(({ accounts }) => accounts > 1).at(-1);
	if (widest) {
		const over = (widest.wall - widest.ideal) / 1000;
		atMost(over, 2, `wall time on ${widest.accounts} accounts, over the ideal`, ' s');
	}
	if (load) atMost(load.inN8n.median, 10, 'load time', ' ms');
	return checks;
}
