import { importExamples, readExamples } from '../../harness/app/examples';
import { byId, openWorkflow } from '../../harness/editor/editor';
import { eventually } from '../../harness/eventually';
import { startEditorBench } from './support/editorBench';

const STICKY = 'n8n-nodes-base.stickyNote';
const examples = readExamples();

const bench = startEditorBench();

beforeAll(async () => {
	await importExamples(bench.rest, bench.credential);
}, 120_000);

test('importing them again adds none and changes none', async () => {
	const before = await bench.rest.workflows();
	expect(await importExamples(bench.rest, bench.credential)).toBe(examples.length);
	expect(await bench.rest.workflows()).toEqual(before);
});

test.each(examples)('$file uses only nodes that this n8n has', async ({ workflow }) => {
	const { name, value } = bench.rest.session;
	const response = await fetch(`${bench.url}/types/nodes.json`, {
		headers: { cookie: `${name}=${value}` },
	});
	const known = ((await response.json()) as Array<{ name: string }>).map((type) => type.name);
	expect(known).toEqual(expect.arrayContaining(workflow.nodes.map(({ type }) => type)));
});

test.each(examples)('$file opens in the editor, with all of its nodes', async ({ workflow }) => {
	const saved = (await bench.rest.workflows()).find(({ name }) => name === workflow.name);
	const page = await bench.openPage();
	await openWorkflow(page, bench.url, String(saved?.id));
	const names = workflow.nodes.filter(({ type }) => type !== STICKY).map(({ name }) => name);
	const shown = byId(page, 'canvas-node');
	await eventually(async () => {
		const seen = await shown.evaluateAll((nodes) =>
			nodes.map((one) => one.getAttribute('data-node-name')),
		);
		expect(seen).toEqual(expect.arrayContaining(names));
	});
	await page.close();
});
