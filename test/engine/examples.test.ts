import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INode, INodeProperties, INodeType } from 'n8n-workflow';

import { startEngine, type Engine, type WorkflowJson } from '../../harness/engine';

const FOLDER = join(__dirname, '../../examples');
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
const POSTPRESS = 'n8n-nodes-postpress.postPress';

const examples = FILES.map((file) => {
	const { nodes } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as WorkflowJson;
	return { file, nodes };
});
const postPressNodes = examples.flatMap(({ file, nodes }) =>
	nodes.filter(({ type }) => type.startsWith(POSTPRESS)).map((node) => ({ file, node })),
);

let engine: Engine;

beforeAll(async () => {
	engine = await startEngine();
});
afterAll(() => engine.stop());

/** What a node of the description lacks, and what it would show of these parameters. */
function lookAt(node: INode) {
	const { NodeHelpers } = engine.n8n.workflow;
	const { PostPress } = engine.load<{ PostPress: new () => INodeType }>(
		'dist/nodes/PostPress/PostPress.node.js',
	);
	const { description } = new PostPress();
	const { properties } = description;
	const issues = NodeHelpers.getNodeParametersIssues(properties, node, description)?.parameters;
	// A tool's own parameters, and n8n's Request Options, are none of the node.
	const {
		descriptionType: _,
		toolDescription: __,
		requestOptions: ___,
		...parameters
	} = node.parameters;
	const shown = NodeHelpers.getNodeParameters(
		properties,
		parameters,
		true,
		false,
		node,
		description,
	);
	const known = properties.find(({ name }) => name === 'options')?.options as INodeProperties[];
	return { issues, parameters, shown: shown ?? {}, options: known.map(({ name }) => name) };
}

describe.each(postPressNodes)('$file, $node.name', ({ file, node }) => {
	const isTool = node.type === `${POSTPRESS}Tool`;
	/** Can send nothing: a preview needs no credential, and never fails. */
	const isPreview = node.parameters.previewOnly === true && file === 'mcp.json';

	test('lacks its account and nothing else, which n8n flags; or has it from the item', () => {
		const { value } = node.parameters.accountId as { value: string };
		const lacking = Object.keys(lookAt(node).issues ?? {});
		expect(lacking).toEqual(value.startsWith('=') ? [] : ['accountId']);
	});

	test('has no parameter and no option that the node does not know', () => {
		const { parameters, shown, options } = lookAt(node);
		expect(Object.keys(shown)).toEqual(expect.arrayContaining(Object.keys(parameters)));
		expect(options).toEqual(
			expect.arrayContaining(Object.keys((parameters.options ?? {}) as object)),
		);
		expect(node.typeVersion).toBe(1);
		expect(node.credentials).toBeUndefined();
	});

	test('sends nothing on a first click', () => {
		if (file === 'queue.json') return;
		expect(node.parameters.previewOnly).toBe(true);
	});

	test('tells what has failed', () => {
		// What fails as a tool is told to the model.
		if (isTool) {
			expect(node.onError).toBeUndefined();
			expect(node.parameters.toolDescription).toMatch(/cannot be undone/);
		} else if (!isPreview) expect(node.onError).toMatch(/^continue/);
	});
});

test.each(examples)('$file holds no secret, and no credential', ({ nodes }) => {
	const text = JSON.stringify(nodes);
	expect(text).not.toMatch(/pp_(live|test)_|[0-9a-f]{32}|apiKey"|password"|accessToken/i);
	expect(nodes.filter(({ credentials }) => credentials)).toEqual([]);
});

test('the index of the examples names every one of them, and no picture that is not there', () => {
	const index = readFileSync(join(FOLDER, 'README.md'), 'utf8');
	for (const file of FILES) expect(index).toContain(`(${file})`);
	for (const [, path] of index.matchAll(/\]\((\.\.?\/[^)]+|docs\/[^)]+)\)/g)) {
		expect(() => readFileSync(join(FOLDER, path))).not.toThrow();
	}
});
