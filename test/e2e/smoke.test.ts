import type { Page } from 'playwright-core';
import { byId as byTestId, openNode, openWorkflow } from '../../harness/editor/editor';
import { eventually } from '../../harness/eventually';
import {
	addCandidate,
	chain,
	items,
	manualTrigger,
	node,
	postPress,
} from '../../harness/app/workflows';
import { byId } from '../../harness/locators';
import { startEditorBench } from './support/editorBench';
import { runOf } from './support/runs';

// What has to work in every version of n8n that is supported: `npm run test:floor` runs it in the oldest as well.

const AMARA = 'AEMAAmjLnnyu-oiJ1QYk3061kB-2-tYnlFTa63S8iQzy';
const WRONG = 'ACwAAqCx4d4HV0wPXGBw1DRiUDQGDsrVxyh6sEF3myJA';

const bench = startEditorBench();
let page: Page;

beforeAll(async () => {
	page = await bench.openPage();
});

beforeEach(() => bench.sandbox.reset());

test('the panel shows the fields of an operation, and its list the accounts', async () => {
	const workflow = chain('Panel', [manualTrigger(), postPress(bench.credential)]);
	const { id } = await bench.rest.createWorkflow(workflow);
	await openWorkflow(page, bench.url, id);
	const details = await openNode(page, 'PostPress');
	expect(await details.visible()).toEqual(
		expect.arrayContaining(['resource', 'operation', 'previewOnly', 'accountId', 'userId']),
	);
	const accounts = await details.openList('accountId');
	await eventually(async () =>
		expect(await accounts.labels()).toContain('Hannah Keller (Recruiter)'),
	);
});

test('a run sends who was performed to one output, and who was refused to the other', async () => {
	const parameters = addCandidate('', {
		userId: byId('={{ $json.person }}'),
		options: { delayBetweenRequests: 0 },
	});
	const workflow = chain('Run', [
		manualTrigger(),
		items([{ person: AMARA }, { person: WRONG }]),
		postPress(bench.credential, parameters, { onError: 'continueErrorOutput' }),
		node('Performed', 'n8n-nodes-base.noOp'),
	]);
	const outputs = workflow.connections.PostPress as { main: object[][] };
	outputs.main.push([{ node: 'Refused', type: 'main', index: 0 }]);
	workflow.nodes.push(node('Refused', 'n8n-nodes-base.noOp'));
	const { id } = await bench.rest.createWorkflow(workflow);
	await openWorkflow(page, bench.url, id);
	const [, run] = await runOf(bench.rest, id, () =>
		byTestId(page, 'execute-workflow-button').click(),
	);
	expect(run.output('Performed')).toMatchObject([{ outcome: 'performed', user_id: AMARA }]);
	expect(run.output('Refused')).toMatchObject([
		{
			person: WRONG,
			error: {
				outcome: 'not_sent',
				type: 'client/validation',
				message: expect.stringContaining('belongs to Sales Navigator'),
			},
		},
	]);
	expect(bench.sandbox.performed).toMatchObject([{ userId: AMARA }]);
});
