import { byId, NodeDetails, openNode, openWorkflow } from '../../harness/editor/editor';
import { eventually } from '../../harness/eventually';
import { NodePanel } from '../../harness/editor/nodePanel';
import { chain, items, manualTrigger } from '../../harness/app/workflows';
import { startEditorBench } from './support/editorBench';

const AMARA = {
	candidate_id: 7,
	name: 'Amara Okafor',
	linkedin_profile: 'https://www.linkedin.com/in/amara-okafor-94f4dbb7',
};

const JONAS = {
	candidate_id: 8,
	name: 'Jonas Lindqvist',
	linkedin_profile: 'https://www.linkedin.com/in/jonas-lindqvist',
};

const bench = startEditorBench();

test("the README's first workflow, step by step", async () => {
	const page = await bench.openPage();
	const ats = chain('First workflow', [manualTrigger(), items([AMARA, JONAS])]);
	const { id } = await bench.rest.createWorkflow(ats);
	await openWorkflow(page, bench.url, id);

	// 1. and 2. The node, behind that of the ATS, and its people.
	const panel = await NodePanel.openBehindLast(page);
	await (await panel.find('postpress', 'PostPress')).click();
	await panel.add('Reject an applicant');
	const details = new NodeDetails(page);
	await details.executePrevious();

	// 3. Preview Only.
	await details.toggle('previewOnly');

	// 4. to 8. Account, User, Hiring Project, Reason, message, and what would happen.
	const accounts = await details.openList('accountId');
	await accounts.pick('Hannah Keller');
	await details.mode('userId', 'Profile');
	await details.drag('linkedin_profile', 'userId');
	await byId(details.panel, 'resource-locator-userId')
		.getByText('{{ $json.linkedin_profile }}')
		.waitFor();
	// What it comes to appears below it, and moves the fields that follow.
	await details.parameter('userId').getByText(AMARA.linkedin_profile).waitFor();
	// The editor of an expression closes when it is left, which moves them again, under the mouse.
	await details.panel.getByText('Parameters', { exact: true }).click();
	const projects = await details.openList('hiringProjectId');
	await projects.pick('Security Engineer');
	await details.choose('reason', 'More Qualified Candidates');
	await details.toggle('notifyApplicant');
	await details.write('rejectionMessage', 'Thank you for your time.');
	await details.execute();
	await details.output.getByText('Table', { exact: true }).click();
	const sentences = details.output.getByText(
		/^Would reject \S+ \(public profile\) .*More Qualified Candidates.*“Thank you for your time\.”/,
	);
	await eventually(async () => {
		expect(await sentences.allInnerTexts()).toEqual([
			expect.stringContaining('amara-okafor-94f4dbb7'),
			expect.stringContaining('jonas-lindqvist'),
		]);
	});
	expect(bench.sandbox.requests.filter(({ method }) => method === 'POST')).toEqual([]);

	// Go live: 1. and 2. Delay Between Requests, error output.
	await details.addOption('Delay Between Requests', 'delayBetweenRequests');
	await details.write('delayBetweenRequests', '60');
	await details.openSettings();
	await details.choose('onError', 'Continue (using error output)');
	await details.openParameters();

	// 3. For real, with one person.
	await details.close();
	const limit = await NodePanel.openBefore(page, 'Reject an applicant');
	await (await limit.find('limit', 'Limit')).click();
	await byId(details.panel, 'parameter-input-maxItems').waitFor();
	await details.close();
	await openNode(page, 'Reject an applicant');
	await details.toggle('previewOnly');
	await details.execute();
	await eventually(() => expect(bench.sandbox.performed).toHaveLength(1));
	expect(bench.sandbox.performed).toMatchObject([
		{
			userId: 'AEMAAmjLnnyu-oiJ1QYk3061kB-2-tYnlFTa63S8iQzy',
			body: {
				action: 'rejectApplicant',
				rejection_notification: { message: 'Thank you for your time.' },
			},
		},
	]);
	await eventually(async () => {
		expect(await details.items()).toMatchObject([{ success: true, action: 'rejectApplicant' }]);
	});
	await details.close();
	await byId(page, 'canvas-node').filter({ hasText: 'Reject an applicant' }).waitFor();
	await page.close();
}, 120_000);
