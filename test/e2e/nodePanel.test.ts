import type { Page } from 'playwright-core';
import { chain, manualTrigger } from '../../harness/app/workflows';
import { byId, NodeDetails, openWorkflow } from '../../harness/editor/editor';
import { iconOf, NodePanel } from '../../harness/editor/nodePanel';
import { startEditorBench } from './support/editorBench';

const ACTIONS = {
	'Candidate Actions': ['Add a candidate to a pipeline', 'Change the stage of a candidate'],
	'Applicant Actions': ['Add an applicant to a pipeline', 'Reject an applicant'],
	'Lead Actions': ['Save a lead'],
};

const bench = startEditorBench();

test('who searches for its name, for LinkedIn or an ATS finds the node, with five actions under three headings', async () => {
	const page = await bench.openPage();
	const panel = await NodePanel.open(page, bench.url);
	for (const words of ['linkedin recruiter', 'sales navigator', 'reject', 'ATS']) {
		await panel.find(words, 'PostPress');
	}
	const entry = await panel.find('postpress', 'PostPress');
	expect(await entry.innerText()).toContain(
		'Act on people in LinkedIn Recruiter and Sales Navigator',
	);
	await entry.click();
	expect(await panel.actions()).toEqual(ACTIONS);
	await page.close();
});

test.each([
	['light', 'postpress.svg'],
	['dark', 'postpress.dark.svg'],
])('the icon fits the %s theme', async (theme, file) => {
	const page = await bench.openPage({ dark: theme === 'dark' });
	const panel = await NodePanel.open(page, bench.url);
	const entry = await panel.find('postpress', 'PostPress');
	expect(await iconOf(entry)).toMatch(new RegExp(`/n8n-nodes-postpress/.*/${file}$`));
	await page.close();
});

describe('an action', () => {
	let page: Page;

	beforeAll(async () => {
		page = await bench.openPage();
		await openWorkflow(
			page,
			bench.url,
			(await bench.rest.createWorkflow(chain('Actions', [manualTrigger()]))).id,
		);
	});
	afterAll(() => page.close());

	test.each(Object.values(ACTIONS).flat())(
		'"%s" adds a node that performs it, with the only credential chosen',
		async (action) => {
			const panel = await NodePanel.openHere(page);
			await (await panel.find('postpress', 'PostPress')).click();
			await panel.add(action);

			const details = new NodeDetails(page);
			const [what, who] = [await details.chosen('operation'), await details.chosen('resource')];
			expect(EXPECTED[action]).toEqual([who, what]);
			expect(
				await byId(details.panel, 'node-credentials-select').locator('input').inputValue(),
			).toBe(bench.credential.name);
			await details.close();
		},
	);
});

const EXPECTED: Record<string, [resource: string, operation: string]> = {
	'Add a candidate to a pipeline': ['Candidate', 'Add to Pipeline'],
	'Change the stage of a candidate': ['Candidate', 'Change Stage'],
	'Add an applicant to a pipeline': ['Applicant', 'Add to Pipeline'],
	'Reject an applicant': ['Applicant', 'Reject'],
	'Save a lead': ['Lead', 'Save'],
};
