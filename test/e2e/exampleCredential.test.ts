import { CREDENTIAL_TYPE } from '../../harness/app/examples';
import { eventually } from '../../harness/eventually';
import { POSTPRESS } from '../../harness/app/workflows';
import { byId, openNode, openWorkflow } from '../../harness/editor/editor';
import { startEditorBench } from './support/editorBench';
import { readExample } from './support/examples';

const bench = startEditorBench();

test('a credential that is chosen in one node of an example is saved, and is that of all nodes of its kind', async () => {
	const { apiKey, url: baseUrl } = bench.sandbox;
	const data = { apiKey, baseUrl };
	const newest = await bench.rest.saveCredential('My newest key', CREDENTIAL_TYPE, data);
	const { id } = await bench.rest.createWorkflow(readExample('queue.json'));
	const page = await bench.openPage();
	await openWorkflow(page, bench.url, id);
	const { panel } = await openNode(page, 'Add candidate');
	const select = byId(panel, 'node-credentials-select');
	// n8n fills in the newest one, for this node alone, as soon as it knows of it.
	await eventually(async () =>
		expect(await select.locator('input').inputValue()).toBe(newest.name),
	);
	const mine = bench.credential;
	await select.click();
	await page
		.locator('.el-select-dropdown__item:visible')
		.getByText(mine.name, { exact: true })
		.click();
	await eventually(async () => {
		const { nodes } = await bench.rest.workflow(id);
		const asking = nodes.filter(({ type }) => type === POSTPRESS);
		const chosen = asking.map(({ credentials }) => credentials?.postPressApi?.id);
		expect(chosen).toEqual(Array(5).fill(mine.id));
	}, 20_000);
	await page.close();
});
