import { byId, NodeDetails, openWorkflow } from '../../harness/editor/editor';
import { eventually } from '../../harness/eventually';
import { NodePanel } from '../../harness/editor/nodePanel';
import { chain, items, manualTrigger } from '../../harness/app/workflows';
import { startEditorBench } from './support/editorBench';

const AMARA = {
	candidate_id: 7,
	name: 'Amara Okafor',
	linkedin_profile: 'https://www.linkedin.com/in/amara-okafor-94f4dbb7',
};

const bench = startEditorBench();

test("the README's first workflow, step by step", async () => {
	const page = await bench.openPage();
	const ats = chain('First workflow', [manualTrigger(), items([AMARA])]);
	const { id } = await bench.rest.createWorkflow(ats);
	await openWorkflow(page, bench.url, id);

	// 1. The node, behind that of the ATS.
	const panel = await NodePanel.openBehindLast(page);
	await (await panel.find('postpress', 'PostPress')).click();
	await panel.add('Reject an applicant');
	const details = new NodeDetails(page);
	await details.executePrevious();

	// 2. Preview Only.
	await details.addOption('Preview Only', 'previewOnly');
	await details.toggle('previewOnly');

	// 3. to 6. Account, User, Hiring Project, Reason, message.
	const accounts = await details.openList('accountId');
	await accounts.pick('Hannah Keller');
	await details.mode('userId', 'By Public Profile');
	await details.drag('linkedin_profile', 'userId');
	await byId(details.panel, 'resource-locator-userId')
		.getByText('{{ $json.linkedin_profile }}')
		.waitFor();
	const projects = await details.openList('hiringProjectId');
	await projects.pick('Security Engineer');
	await details.choose('reason', 'More Qualified Candidates');
	await details.toggle('notifyApplicant');
	await details.write('rejectionMessage', 'Thank you for your time.');
	await details.execute();
	expect(await details.items()).toMatchObject([
		{
			preview: true,
			method: 'POST',
			body: {
				action: 'rejectApplicant',
				reason: 'MORE_QUALIFIED_CANDIDATES',
				rejection_notification: { message: 'Thank you for your time.' },
			},
		},
	]);
	expect(bench.sandbox.performed).toEqual([]);

	// 7. Delay Between Requests, error output.
	await details.addOption('Delay Between Requests (Seconds)', 'delayBetweenRequests');
	// A person enters 60, and then waits for about a minute between the look-up and the rejection.
	await details.write('delayBetweenRequests', '1');
	await details.openSettings();
	await details.choose('onError', 'Continue (using error output)');
	await details.openParameters();

	// 8. For real, with one person.
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
