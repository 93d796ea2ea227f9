import type { Page } from 'playwright-core';
import { openNode, openWorkflow, type NodeDetails } from '../../harness/editor/editor';
import { eventually } from '../../harness/eventually';
import { CREDENTIAL_TYPE } from '../../harness/app/examples';
import type { SavedCredential, WorkflowNode } from '../../harness/app/rest';
import {
	addCandidate,
	chain,
	items,
	manualTrigger,
	postPress,
	SALES_ACCOUNT,
} from '../../harness/app/workflows';
import { locator } from '../../harness/locators';
import { startEditorBench } from './support/editorBench';

const AMARA = 'AEMAAmjLnnyu-oiJ1QYk3061kB-2-tYnlFTa63S8iQzy';

const bench = startEditorBench();
let page: Page;

beforeAll(async () => {
	page = await bench.openPage();
});

beforeEach(() => bench.sandbox.reset());

/** Opens a node with these parameters, after the trigger and whatever is to run before it. */
async function open(
	parameters: Record<string, unknown>,
	more: { before?: WorkflowNode[]; credential?: SavedCredential } = {},
): Promise<NodeDetails> {
	const { before = [], credential = bench.credential } = more;
	const sending = postPress(credential, parameters);
	const workflow = chain('Execution', [manualTrigger(), ...before, sending]);
	const { id } = await bench.rest.createWorkflow(workflow);
	await openWorkflow(page, bench.url, id);
	return await openNode(page, 'PostPress');
}

test('a node filled in by dropdown performs the action and shows the answer', async () => {
	const details = await open({});

	const accounts = await details.openList('accountId');
	await eventually(async () =>
		expect(await accounts.labels()).toEqual([
			'Hannah Keller (Recruiter)',
			'Marcus Adeyemi (Sales Navigator)',
			'Elena Rossi (Recruiter, Sales Navigator)',
			'Oskar Nyström (Recruiter): needs to be reconnected',
			'Mei Tan (no seat)',
		]),
	);
	await accounts.pick('Hannah Keller');

	const projects = await details.openList('hiringProjectId');
	await eventually(async () => expect((await projects.labels()).length).toBeGreaterThan(5));
	await projects.search('engineer');
	await eventually(async () => {
		const labels = await projects.labels();
		expect(labels).toContain('Security Engineer');
		expect(labels.filter((label) => !/engineer/i.test(label))).toEqual([]);
	});
	await projects.pick('Security Engineer');

	await details.mode('userId', 'By URL');
	await details.type('userId', `https://www.linkedin.com/talent/profile/${AMARA}`);
	await eventually(async () => expect(await details.isFlagged('userId')).toBe(false));
	await details.execute();

	const [item] = await details.items();
	expect(item).toMatchObject({
		success: true,
		api: 'recruiter',
		action: 'addCandidateToPipeline',
		user_id: AMARA,
	});
	expect(bench.sandbox.performed).toHaveLength(1);
	expect(bench.sandbox.performed[0]).toMatchObject({ userId: AMARA });
});

test('without an account the list of projects says what is missing', async () => {
	const details = await open({});
	const projects = await details.openList('hiringProjectId');
	expect(await projects.reason()).toContain('Choose the account first');
});

describe('a list that cannot be read says why, and what to do, in plain text:', () => {
	test('a wrong key', async () => {
		const data = { apiKey: 'pp_test_wrong', baseUrl: bench.sandbox.url };
		const wrong = await bench.rest.saveCredential('A wrong key', CREDENTIAL_TYPE, data);
		const details = await open({}, { credential: wrong });
		const reason = await (await details.openList('accountId')).reason();
		expect(reason).toMatch(
			/^Invalid credentials: The provided credentials are invalid\. \w[^<>\n]+\.$/,
		);
		// n8n's own link to the credential.
		await page.getByText('Check your credential').first().waitFor();
	});

	test('an account that may not see its projects', async () => {
		const denied = { kind: 'apiError', type: 'insufficient_permissions' } as const;
		bench.sandbox.fail(denied, { operation: 'listSearchParameters', times: 'always' });
		// Answers are remembered for a minute: an account that no other test reads the projects of.
		const details = await open({ accountId: locator('id', 'acc_denied') });
		expect(await (await details.openList('hiringProjectId')).reason()).toBe(
			'Insufficient permissions: Valid authentication but insufficient permissions to perform the request (parameter "Account"). Ask the administrator of your LinkedIn contract for the right to do this, or choose another account.',
		);
	});

	test('an account that has to be connected again', async () => {
		const ended = { kind: 'apiError', type: 'disconnected_account' } as const;
		bench.sandbox.fail(ended, { operation: 'listSearchParameters', times: 'always' });
		const lead = { resource: 'lead', operation: 'save', accountId: locator('id', SALES_ACCOUNT) };
		const details = await open(lead);
		expect(await (await details.openList('listId')).reason()).toBe(
			'Disconnected account: The account is disconnected from the provider service (parameter "Account"). Reconnect the account in PostPress, then run this item again.',
		);
	});
});

test('an action that is refused shows what the API said, what to do, the type and the request', async () => {
	bench.sandbox.fail({ kind: 'apiError', type: 'feature_not_subscribed' });
	const details = await open(addCandidate(AMARA));
	await details.execute();
	const error = await details.error();
	expect(error).toContain('Feature not subscribed');
	expect(error).toContain('has not been subscribed or authenticated properly');
	expect(error).toContain('Choose an account with a Recruiter seat');
	expect(error).toContain('errors/feature_not_subscribed');
	expect(error).toMatch(/Request ID: req_\d+/);
	expect(error).not.toContain(bench.sandbox.apiKey);
	expect(bench.sandbox.performed).toEqual([]);
});

test('text of the API is shown as text, never as HTML', async () => {
	const title = '<img src=x onerror="document.title=1"><b>Bold</b>';
	bench.sandbox.fail({ kind: 'apiError', type: 'invalid_recipient', title, detail: title });
	const details = await open(addCandidate(AMARA));
	await details.execute();
	expect(await details.error()).toContain('<b>Bold</b>');
	expect(await details.output.locator('img[src="x"], b').count()).toBe(0);
});

test('an ID of the wrong product is refused before anything is sent', async () => {
	const details = await open(addCandidate('ACwAAqCx4d4HV0wPXGBw1DRiUDQGDsrVxyh6sEF3myJA'));
	await details.execute();
	expect(await details.error()).toContain('belongs to Sales Navigator');
	expect(bench.sandbox.requests).toEqual([]);
});

test('a person given by public profile is looked up first', async () => {
	const parameters = addCandidate('', {
		userId: locator('publicProfile', 'https://www.linkedin.com/in/amara-okafor-94f4dbb7'),
	});
	const details = await open(parameters);
	await details.execute();
	expect(await details.items()).toMatchObject([{ success: true, user_id: AMARA }]);
	expect(bench.sandbox.performed).toMatchObject([{ userId: AMARA }]);
});

test('a preview shows the request and sends nothing', async () => {
	const details = await open(addCandidate(AMARA, { previewOnly: true }));
	await details.execute();
	const items = await details.items();
	expect(items).toMatchObject([
		{ summary: expect.stringMatching(/^Would add AE/) as string, preview: true, method: 'POST' },
	]);
	expect(JSON.stringify(items)).not.toContain(bench.sandbox.apiKey);
	expect(bench.sandbox.requests).toEqual([]);
});

describe('what the output pane says by itself', () => {
	const PREVIEW = /^Preview Only is on: this node says what would happen/;
	const PACE = /^More than 20 people, with a pause of less than 30 seconds between them/;

	test('after a preview: that nothing was sent, for as long as the switch is on', async () => {
		const details = await open(addCandidate(AMARA, { previewOnly: true }));
		expect(await details.hints()).toEqual([]);
		await details.execute();
		await details.items();
		expect(await details.hints()).toEqual([expect.stringMatching(PREVIEW)]);
		await details.toggle('previewOnly');
		await eventually(async () => expect(await details.hints()).toEqual([]));
	});

	test('before a run over many people: how LinkedIn may take such a pace', async () => {
		const people = Array.from({ length: 21 }, (_, index) => ({ person: `AEMAA${index}` }));
		const parameters = addCandidate('', {
			userId: locator('id', '={{ $json.person }}'),
			options: {},
		});
		const details = await open(parameters, { before: [items(people)] });
		const says = (texts: RegExp[]) =>
			eventually(async () =>
				expect(await details.hints()).toEqual(texts.map((text) => expect.stringMatching(text))),
			);
		await details.executePrevious();
		await says([PACE]);
		await details.toggle('previewOnly');
		await says([]);
		await details.toggle('previewOnly');
		await says([PACE]);
		await details.addOption('Delay Between Requests', 'delayBetweenRequests');
		await says([PACE]);
		await details.write('delayBetweenRequests', '60');
		await page.keyboard.press('Tab');
		await says([]);
		expect(bench.sandbox.requests).toEqual([]);
	});
});

test('what is left empty is named, and nothing runs', async () => {
	const details = await open({});
	await details.execute();
	const message = page.getByText('Workflow execution cannot start').first();
	await message.waitFor();
	for (const name of ['Account', 'User', 'Hiring Project']) {
		await page.getByText(`Parameter "${name}" is required`).first().waitFor();
	}
	expect(bench.sandbox.requests).toEqual([]);
});
