import type { TopLevelSpec } from 'vega-lite';

import type { Report } from './report';

const OWN = 'PostPress';
const COLOURS = { own: '#1f6feb', other: '#9aa4b2', ideal: '#d97706' };

type Panel = Extract<TopLevelSpec, { hconcat: unknown }>['hconcat'][number];

/** Draws a report. @returns SVG */
export async function plot(report: Report): Promise<string> {
	// Both are ES modules that wait for others while they load: only import() can take them.
	const { compile } = await import('vega-lite');
	const { parse, View } = await import('vega');
	const { spec } = compile({
		background: 'white',
		padding: 16,
		config: {
			font: 'system-ui, -apple-system, Segoe UI, sans-serif',
			axis: { labelFontSize: 12, titleFontSize: 12, titleFontWeight: 'normal', grid: true },
			title: { fontSize: 14, anchor: 'start', subtitleFontSize: 12, subtitleColor: '#555' },
			view: { stroke: null },
		},
		hconcat: [costPanel(report), growthPanel(report), waitingPanel(report)],
		spacing: 48,
	});
	return await new View(parse(spec), { renderer: 'none' }).toSVG();
}

/** Bars: what an item costs with each node; a line from the least to the most. */
function costPanel({ comparison }: Report): Panel {
	const values = comparison.map(({ name, cpu, least, most }) => ({
		name,
		cpu,
		least,
		most,
		label: `${cpu.toFixed(1)} ms`,
		colour: name.startsWith(OWN) ? COLOURS.own : COLOURS.other,
	}));
	const y = {
		field: 'name',
		type: 'nominal',
		sort: null,
		title: null,
		axis: { labelLimit: 240, grid: false },
	} as const;
	return {
		title: { text: 'CPU time an item', subtitle: 'median and range of the rounds, milliseconds' },
		width: 260,
		height: 170,
		data: { values },
		layer: [
			{
				mark: { type: 'bar', height: 26 },
				encoding: {
					y,
					x: { field: 'cpu', type: 'quantitative', title: null },
					color: { field: 'colour', type: 'nominal', scale: null },
				},
			},
			{
				mark: { type: 'rule', color: '#333' },
				encoding: { y, x: { field: 'least', type: 'quantitative' }, x2: { field: 'most' } },
			},
			{
				mark: { type: 'text', align: 'left', dx: 6, fontSize: 12, baseline: 'middle' },
				encoding: {
					y,
					x: { value: 4 },
					text: { field: 'label' },
					color: { value: 'white' },
				},
			},
		],
	};
}

/** A line: what an item costs in small and large runs of PostPress. */
function growthPanel({ growth }: Report): Panel {
	const values = growth
		.filter(({ name }) => name === OWN)
		.map(({ items, cpu }) => ({ items, cpu }));
	return {
		title: { text: 'CPU time an item, by run', subtitle: 'PostPress, milliseconds' },
		width: 220,
		height: 170,
		data: { values },
		mark: { type: 'line', point: { size: 70, color: COLOURS.own }, color: COLOURS.own },
		encoding: {
			x: {
				field: 'items',
				type: 'quantitative',
				scale: { type: 'log' },
				axis: { values: values.map(({ items }) => items), format: ',', grid: false },
				title: 'items in one run',
			},
			y: { field: 'cpu', type: 'quantitative', title: null, scale: { zero: true } },
		},
	};
}

/** Bars against ticks: how long PostPress takes on several accounts, and how long it would at best. */
function waitingPanel({ waiting, latency }: Report): Panel {
	const values = waiting
		.filter(({ name }) => name.startsWith(OWN))
		.map(({ accounts, wall, ideal }) => ({
			accounts: `${accounts}`,
			wall: wall / 1000,
			ideal: ideal / 1000,
			label: `${(wall / 1000).toFixed(1)} s`,
		}));
	const x = { field: 'accounts', type: 'nominal', sort: null, title: 'accounts' } as const;
	return {
		title: {
			text: `Wall time of 100 items, ${latency} ms an answer`,
			subtitle: 'PostPress, seconds; the orange line is the ideal',
		},
		width: 220,
		height: 170,
		data: { values },
		layer: [
			{
				mark: { type: 'bar', width: 40, color: COLOURS.own },
				encoding: {
					x: { ...x, axis: { labelAngle: 0 } },
					y: { field: 'wall', type: 'quantitative', title: null },
				},
			},
			{
				mark: { type: 'tick', thickness: 3, width: 52, color: COLOURS.ideal },
				encoding: { x, y: { field: 'ideal', type: 'quantitative' } },
			},
			{
				mark: { type: 'text', dy: -8, fontSize: 12 },
				encoding: { x, y: { field: 'wall', type: 'quantitative' }, text: { field: 'label' } },
			},
		],
	};
}
