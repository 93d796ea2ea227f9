import { boxOf, contains, overlap, runsBehind, wiresOf, withLabel } from './canvas';
import nodeTypes from './nodeTypes.json';
import { isNote, isTrigger, type Example, type ExampleNode } from './workflow';

/** Looks at one example; says what is wrong with it. */
type Rule = (example: Example) => string[];

/**
 * n8n's own nodes that an example may use, by type: the name that n8n gives a new one, and the versions that both
 * n8n 2.8.4 and 2.41.1 have. Read from `dist/types/nodes.json` of n8n-nodes-base and @n8n/n8n-nodes-langchain.
 */
const KNOWN: Record<string, { name: string; versions: number[] } | undefined> = nodeTypes;
/**
 * What only newer versions have, and why it is used all the same: an older n8n cannot run such a node, and says so.
 * The form asks for an account of n8n from 2.6 on; with an older one the names of people would lie open.
 */
const NEWER = ['n8n-nodes-base.formTrigger 2.6'];
/** A node as the tool of an agent has the versions of the node. */
const known = (type: string) => KNOWN[type] ?? KNOWN[type.replace(/Tool$/, '')];
const POSTPRESS = 'n8n-nodes-postpress.postPress';
/** The screen that a canvas is fitted into, without n8n's own bars, and the smallest zoom that can be read. */
const SCREEN = { width: 1350, height: 740 };
const SMALLEST_ZOOM = 0.55;

const wordsOf = (node: ExampleNode) => String(node.parameters.content).split(/\s+/).length;
const contentOf = (node: ExampleNode) => String(node.parameters.content);

const file: Rule = ({ name, active, nodes, connections, pinData = {} }) => {
	const names = nodes.map((node) => node.name);
	const ends = Object.values(connections).flatMap((kinds) =>
		Object.values(kinds).flatMap((outputs) => outputs.flatMap((output) => output ?? [])),
	);
	const meant = [...Object.keys(connections), ...ends.map(({ node }) => node)];
	return [
		!name.startsWith('PostPress: ') && 'its name does not begin with "PostPress: "',
		active === true && 'it is active',
		new Set(names).size < names.length && 'two nodes have one name',
		new Set(nodes.map(({ id }) => id)).size < nodes.length && 'two nodes have one id',
		...[...meant, ...Object.keys(pinData)].map(
			(one) => !names.includes(one) && `there is no node "${one}"`,
		),
		...nodes.map((node) => {
			const isReached =
				isNote(node) ||
				isTrigger(node) ||
				ends.some((end) => end.node === node.name) ||
				Object.keys(connections[node.name] ?? {}).some((kind) => kind !== 'main');
			return !isReached && `no wire leads to "${node.name}"`;
		}),
	].filter((finding) => finding !== false);
};

const notes: Rule = ({ nodes }) => {
	const [overview, ...sections] = nodes.filter(isNote);
	if (!overview) return ['it has no note'];
	const content = contentOf(overview);
	const names = nodes.map(({ name }) => name);
	const count = wordsOf(overview);
	return [
		overview.parameters.color !== undefined && 'the overview is not yellow',
		(count < 100 || count > 300) && `the overview has ${count} words, not 100 to 300`,
		...['## ', 'How it works', 'Set up'].map(
			(part) => !content.includes(part) && `the overview has no "${part}"`,
		),
		...[...content.matchAll(/\bIn (?:the two )?((?:\*[^*]+\*(?:, | and )?)+)/g)]
			.flatMap(([, list]) => [...list.matchAll(/\*([^*]+)\*/g)])
			// A page of n8n itself.
			.filter(([, name]) => name !== 'Data tables')
			.map(([, name]) => !names.includes(name) && `the overview names a node "${name}"`),
		...sections.flatMap((note) => [
			wordsOf(note) >= 50 && `"${note.name}" has ${wordsOf(note)} words, not less than 50`,
			note.parameters.color === undefined && `"${note.name}" is as yellow as the overview`,
		]),
	].filter((finding) => finding !== false);
};

const names: Rule = ({ nodes }) =>
	nodes.flatMap(({ name, type }) => {
		const given = type.startsWith(POSTPRESS) ? 'PostPress' : (known(type)?.name ?? type);
		return name.replace(/\s*\d+$/, '') === given
			? [`"${name}" still has the name of its type`]
			: [];
	});

const canvas: Rule = (example) => {
	const placed = example.nodes.map((node) => ({ node, box: boxOf(node, example) }));
	const notes = placed.filter(({ node }) => isNote(node));
	const nodes = placed.filter(({ node }) => !isNote(node));
	const findings: string[] = [];
	for (const [group, what] of [
		[notes, 'notes'],
		[nodes, 'nodes'],
	] as const) {
		group.forEach(({ node, box }, index) => {
			for (const other of group.slice(index + 1)) {
				if (overlap(box, other.box)) {
					findings.push(`the ${what} "${node.name}" and "${other.node.name}" overlap`);
				}
			}
		});
	}
	for (const { node, box } of nodes) {
		for (const note of notes) {
			if (overlap(note.box, withLabel(box)) && !contains(note.box, box)) {
				findings.push(`"${node.name}" lies half in the note "${note.node.name}"`);
			}
		}
	}
	for (const wire of wiresOf(example)) {
		for (const { node, box } of nodes) {
			if (node.name !== wire.from && node.name !== wire.to && runsBehind(wire, box)) {
				findings.push(`the wire from "${wire.from}" to "${wire.to}" runs behind "${node.name}"`);
			}
		}
	}
	const right = Math.max(...placed.map(({ box }) => box.x + box.width));
	const bottom = Math.max(...placed.map(({ box }) => box.y + box.height));
	const left = Math.min(...placed.map(({ box }) => box.x));
	const top = Math.min(...placed.map(({ box }) => box.y));
	const zoom = Math.min(SCREEN.width / (right - left), SCREEN.height / (bottom - top));
	if (zoom < SMALLEST_ZOOM) {
		findings.push(`fitted at 1440 × 900 it is shown at ${Math.round(zoom * 100)} %: too small`);
	}
	return findings;
};

const types: Rule = ({ nodes }) =>
	nodes
		.filter(({ type }) => !type.startsWith(POSTPRESS))
		.flatMap(({ name, type, typeVersion }) =>
			known(type)?.versions.includes(typeVersion) || NEWER.includes(`${type} ${typeVersion}`)
				? []
				: [`"${name}": ${type} ${typeVersion} is not known in the oldest and the newest n8n`],
		);

const nothingValid: Rule = ({ nodes }) => {
	const text = JSON.stringify(nodes.map(({ parameters }) => parameters));
	return [
		...[/acc_[a-z]+_\w+/, /talent\/hire\/\d+/, /pp_(?:live|test)_\w+/, /\b[0-9a-f]{32}\b/].map(
			(pattern) => pattern.test(text) && `"${pattern.exec(text)?.[0]}" looks valid`,
		),
		/\$env\b|process\.env/.test(text) && "it reads n8n's environment",
		...nodes.flatMap(({ name, type, parameters, credentials }) => [
			// n8n's editor shows a choice that takes the place of another credential, and does not save it.
			credentials !== undefined && `"${name}" has a credential`,
			...['accountId', 'hiringProjectId', 'listId'].map((field) => {
				if (!type.startsWith(POSTPRESS)) return false;
				const { value = '' } = (parameters[field] ?? {}) as { value?: string };
				return value !== '' && !value.startsWith('=') && `"${name}" has a ${field}`;
			}),
		]),
	].filter((finding) => finding !== false);
};

export const RULES: Rule[] = [file, notes, names, canvas, types, nothingValid];

/** The nodes that every intake of an ATS has, from "Words" to "Settle". */
const SHARED = [
	'Words',
	'Accounts',
	'Overtaken',
	'Overtaken in doubt',
	'Same record',
	'What is known',
	'Translate',
	'Doubts',
	'Decide',
	'Settle',
];

/**
 * n8n finds a sub-workflow by an id that no import keeps, so intakes carry their common part themselves.
 *
 * @param intakes the intakes of an ATS, by file
 * @returns where one of them differs from the first
 */
export function differences(intakes: Array<{ file: string; example: Example }>): string[] {
	const [first, ...others] = intakes;
	const partOf = ({ nodes, connections }: Example, name: string) => {
		const { position: _, ...node } = nodes.find((one) => one.name === name) ?? { position: 0 };
		const text = JSON.stringify([node, name === 'Settle' ? 0 : connections[name]]);
		return text.replace(/"id":"[^"]*"/g, '');
	};
	return others.flatMap(({ file, example }) =>
		SHARED.filter((name) => partOf(example, name) !== partOf(first.example, name)).map(
			(name) => `${file}: "${name}" is not as in ${first.file}`,
		),
	);
}
