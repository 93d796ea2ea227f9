import { importExamples, readExamples } from '../../harness/app/examples';
import { byId, openWorkflow } from '../../harness/editor/editor';
import { eventually } from '../../harness/eventually';
import { startEditorBench } from './support/editorBench';

const STICKY = 'n8n-nodes-base.stickyNote';
const examples = readExamples();

const bench = startEditorBench();

beforeAll(async () => {
	await importExamples(bench.rest, bench.credential, bench.sandbox.url);
}, 120_000);

test('importing them again adds none and changes none', async () => {
	const before = await bench.rest.workflows();
	const again = await importExamples(bench.rest, bench.credential, bench.sandbox.url);
	expect(again.size).toBe(examples.length);
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

describe('n8n 3.0', () => {
	interface Report {
		report: {
			instanceResults: Array<{ ruleId: string }>;
			workflowResults: Array<{ ruleId: string }>;
		};
	}
	/** What n8n itself says would break. */
	const wouldBreak = async () =>
		(await bench.rest.get<Report>('breaking-changes/report?version=v3')).report;

	test('breaks no example, and loads the node', async () => {
		const { workflowResults, instanceResults } = await wouldBreak();
		expect(workflowResults).toEqual([]);
		expect(instanceResults.map(({ ruleId }) => ruleId)).not.toContain('unverified-packages-v3');
	});

	test('breaks what uses something that it removes', async () => {
		const [{ workflow }] = examples;
		const value = '={{ $getPairedItem() }}';
		const note = { ...workflow.nodes[0], parameters: { content: value } };
		const { id } = await bench.rest.createWorkflow({
			name: 'Outdated',
			nodes: [note],
			connections: {},
		});
		const { workflowResults } = await wouldBreak();
		await bench.rest.deleteWorkflow(id);
		expect(workflowResults).toMatchObject([{ ruleId: 'get-paired-item-v3' }]);
	});
});
