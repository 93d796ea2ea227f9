import { isNote, isTrigger, type Example, type ExampleNode } from './workflow';

/** A rectangle on the canvas, in pixels at 100 %. */
export interface Box {
	x: number;
	y: number;
	width: number;
	height: number;
}

type Point = [x: number, y: number];

/** A wire between two nodes, as points along its way. */
export interface Wire {
	from: string;
	to: string;
	points: Point[];
}

// How n8n 2.41 draws: measured at the paths in its editor.
const NODE = 96;
const AGENT = 256;
const SUB_NODE = 80;
const ROOM_FOR_A_HANDLE = 32;
/** The name below a node. */
const LABEL = 40;
/** How far a wire that runs back goes beside and below the node. */
const BESIDE = 40;
const BELOW = 130;

/** The rectangle that a node, or a note, takes up. */
export function boxOf(node: ExampleNode, { connections, nodes }: Example): Box {
	const [x, y] = node.position;
	if (isNote(node)) {
		const { width = 240, height = 160 } = node.parameters as { width?: number; height?: number };
		return { x, y, width, height };
	}
	const own = connections[node.name] ?? {};
	if (Object.keys(own).some((kind) => kind !== 'main')) {
		return { x, y, width: SUB_NODE, height: SUB_NODE };
	}
	const isServed = nodes.some(({ name }) =>
		Object.entries(connections[name] ?? {}).some(
			([kind, outputs]) => kind !== 'main' && outputs.flat().some((end) => end?.node === node.name),
		),
	);
	const handles = Math.max(outputsOf(node, connections), inputsOf(node, connections));
	const height = NODE + Math.max(0, handles - 3) * ROOM_FOR_A_HANDLE;
	return { x, y, width: isServed ? AGENT : NODE, height };
}

/** A node with the name below it. */
export const withLabel = ({ x, y, width, height }: Box): Box => ({
	x,
	y,
	width,
	height: height + LABEL,
});

const outputsOf = ({ name, type }: ExampleNode, connections: Example['connections']) =>
	Math.max(connections[name]?.main?.length ?? 1, /\.(if|splitInBatches)$/.test(type) ? 2 : 1);

const inputsOf = ({ name }: ExampleNode, connections: Example['connections']) =>
	Math.max(
		1,
		...Object.values(connections)
			.flatMap(({ main = [] }) => main.flat())
			.map((end) => (end?.node === name ? end.index + 1 : 1)),
	);

/** How far below the top of a node its nth handle lies. */
const handleAt = (height: number, count: number, index: number) =>
	height / 2 + (index - (count - 1) / 2) * ROOM_FOR_A_HANDLE;

/** The main wires of a workflow, as n8n draws them. */
export function wiresOf(example: Example): Wire[] {
	const { nodes, connections } = example;
	const nodeOf = (name: string) => nodes.find((node) => node.name === name);
	return nodes.flatMap((source) =>
		(connections[source.name]?.main ?? []).flatMap((ends, output) =>
			(ends ?? []).flatMap((end) => {
				const target = nodeOf(end.node);
				if (!target) return [];
				const [from, to] = [boxOf(source, example), boxOf(target, example)];
				const start: Point = [
					from.x + from.width + (isTrigger(source) ? 8 : 16),
					from.y + handleAt(from.height, outputsOf(source, connections), output),
				];
				const goal: Point = [
					to.x,
					to.y + handleAt(to.height, inputsOf(target, connections), end.index),
				];
				return [{ from: source.name, to: target.name, points: wayOf(start, goal) }];
			}),
		),
	);
}

/** Forward in a curve; back around the node and below it. */
function wayOf(start: Point, goal: Point): Point[] {
	const [[x, y], [toX, toY]] = [start, goal];
	if (x - 20 <= toX) {
		const bend = Math.max(0, (toX - x) / 2);
		return alongCurve(start, [x + bend, y], [toX - bend, toY], goal);
	}
	const below = y + BELOW;
	return alongLines([
		start,
		[x + BESIDE, y],
		[x + BESIDE, below],
		[toX - BESIDE, below],
		[toX - BESIDE, toY],
		goal,
	]);
}

function alongCurve(...[a, b, c, d]: [Point, Point, Point, Point]): Point[] {
	return Array.from({ length: 101 }, (_, step): Point => {
		const t = step / 100;
		const at = (axis: 0 | 1) =>
			(1 - t) ** 3 * a[axis] +
			3 * (1 - t) ** 2 * t * b[axis] +
			3 * (1 - t) * t ** 2 * c[axis] +
			t ** 3 * d[axis];
		return [at(0), at(1)];
	});
}

function alongLines(corners: Point[]): Point[] {
	return corners.slice(1).flatMap(([x, y], index) => {
		const [fromX, fromY] = corners[index];
		const steps = Math.max(1, Math.ceil(Math.hypot(x - fromX, y - fromY) / 8));
		return Array.from(
			{ length: steps + 1 },
			(_, step): Point => [
				fromX + ((x - fromX) * step) / steps,
				fromY + ((y - fromY) * step) / steps,
			],
		);
	});
}

export const overlap = (a: Box, b: Box) =>
	a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

export const contains = (a: Box, b: Box) =>
	a.x <= b.x && a.y <= b.y && b.x + b.width <= a.x + a.width && b.y + b.height <= a.y + a.height;

/** Whether a wire runs behind a rectangle. */
export const runsBehind = ({ points }: Wire, { x, y, width, height }: Box) =>
	points.some(([px, py]) => px > x && px < x + width && py > y && py < y + height);
