import type { Page } from 'playwright-core';
import { openNode, openWorkflow, type NodeDetails } from '../../harness/editor/editor';
import { eventually } from '../../harness/eventually';
import { chain, manualTrigger, postPress } from '../../harness/app/workflows';
import { startEditorBench } from './support/editorBench';

const PERSON_IN_PROJECT = ['accountId', 'userId', 'hiringProjectId'];
const PEOPLE_IN_PIPELINES = ['previewOnly', ...PERSON_IN_PROJECT, 'stage'];

/** Per operation: what can be seen below Resource and Operation, and what is flagged as long as it is empty. */
const OPERATIONS: Array<
	[resource: string, operation: string, seen: string[], flagged: string[], chosen?: object]
> = [
	[
		'Candidate',
		'Add to Pipeline',
		PEOPLE_IN_PIPELINES,
		['accountId', 'userId', 'hiringProjectId'],
		{ stage: 'Uncontacted' },
	],
	[
		'Candidate',
		'Change Stage',
		['previewOnly', ...PERSON_IN_PROJECT, 'newStage'],
		[...PERSON_IN_PROJECT, 'newStage'],
		{ newStage: '' },
	],
	[
		'Applicant',
		'Add to Pipeline',
		PEOPLE_IN_PIPELINES,
		['accountId', 'userId', 'hiringProjectId'],
		{ stage: 'Uncontacted' },
	],
	[
		'Applicant',
		'Reject',
		['previewOnly', ...PERSON_IN_PROJECT, 'reason', 'notifyApplicant'],
		['accountId', 'userId', 'hiringProjectId', 'reason'],
		{ reason: '' },
	],
	[
		'Lead',
		'Save',
		['previewOnly', 'accountId', 'leadUserId', 'listId'],
		['accountId', 'leadUserId'],
	],
];

const bench = startEditorBench();
let page: Page;
let details: NodeDetails;

beforeAll(async () => {
	page = await bench.openPage();
});

beforeEach(async () => {
	const workflow = chain('Fields', [manualTrigger(), postPress(bench.credential)]);
	const { id } = await bench.rest.createWorkflow(workflow);
	await openWorkflow(page, bench.url, id);
	details = await openNode(page, 'PostPress');
});

async function switchTo(resource: string, operation: string): Promise<void> {
	if ((await details.chosen('resource')) !== resource) await details.choose('resource', resource);
	if ((await details.chosen('operation')) !== operation) {
		await details.choose('operation', operation);
	}
}

/** What can be seen below the choice of the operation. */
async function fields(): Promise<string[]> {
	const [resource, operation, ...others] = await details.visible();
	expect([resource, operation]).toEqual(['resource', 'operation']);
	return others;
}

/** n8n's own last entry; it sends the user to the HTTP Request node. */
const CUSTOM = 'Custom API Call';

test('resources and operations are offered in the order of the panel', async () => {
	expect(await details.entries('resource')).toEqual([
		expect.stringMatching(/^Candidate/),
		expect.stringMatching(/^Applicant/),
		expect.stringMatching(/^Lead/),
		CUSTOM,
	]);
	await details.choose('resource', 'Applicant');
	expect(await details.entries('operation')).toEqual([
		expect.stringMatching(/^Add to Pipeline/),
		expect.stringMatching(/^Reject/),
		CUSTOM,
	]);
});

test('each operation shows its fields and no others, and flags what is required and empty', async () => {
	for (const [resource, operation, seen, flagged, chosen = {}] of OPERATIONS) {
		await switchTo(resource, operation);
		await eventually(async () => expect(await fields()).toEqual(seen));
		await eventually(async () => {
			const marks = await Promise.all(seen.map((name) => details.isFlagged(name)));
			expect(seen.filter((_, index) => marks[index])).toEqual(flagged);
		});
		for (const [name, label] of Object.entries(chosen)) {
			expect(await details.chosen(name)).toBe(label);
		}
	}
});

test('the words for an applicant are asked for only where the applicant is notified', async () => {
	await switchTo('Applicant', 'Reject');
	expect(await fields()).not.toContain('rejectionMessage');
	await details.toggle('notifyApplicant');
	await eventually(async () =>
		expect(await fields()).toEqual([
			'previewOnly',
			'accountId',
			'userId',
			'hiringProjectId',
			'reason',
			'notifyApplicant',
			'rejectionMessage',
			'sendNotificationAt',
		]),
	);
	await eventually(async () => expect(await details.isFlagged('rejectionMessage')).toBe(true));
	expect(await details.isFlagged('sendNotificationAt')).toBe(false);
	await details.write('rejectionMessage', 'Thank you for your interest.');
	await eventually(async () => expect(await details.isFlagged('rejectionMessage')).toBe(false));
});

test('switching operations keeps what still applies', async () => {
	await switchTo('Candidate', 'Add to Pipeline');
	await details.mode('accountId', 'By ID');
	await details.type('accountId', 'acc_1');
	await details.mode('userId', 'By ID');
	await details.type('userId', 'AEMAA1');
	await details.mode('hiringProjectId', 'By ID');
	await details.type('hiringProjectId', '1483848495');
	await details.choose('stage', 'Replied');

	for (const [resource, operation] of OPERATIONS) {
		await switchTo(resource, operation);
		expect(await details.typed('accountId')).toBe('acc_1');
		// The person of a lead is a parameter of its own: Sales Navigator has other addresses.
		if (resource === 'Lead') continue;
		expect(await details.typed('userId')).toBe('AEMAA1');
		expect(await details.typed('hiringProjectId')).toBe('1483848495');
	}
});

test('a stage that was chosen stays; one that is only the default is not taken for a choice', async () => {
	await switchTo('Candidate', 'Add to Pipeline');
	await details.choose('stage', 'Replied');
	await switchTo('Applicant', 'Add to Pipeline');
	expect(await details.chosen('stage')).toBe('Replied');
	await switchTo('Candidate', 'Change Stage');
	expect(await details.chosen('newStage')).toBe('');
});

test('an address that is none of LinkedIn is flagged where it is typed', async () => {
	await switchTo('Candidate', 'Add to Pipeline');
	await details.mode('userId', 'By URL');
	await details.type('userId', 'https://www.example.com/profile/1');
	await eventually(async () => expect(await details.isFlagged('userId')).toBe(true));
	await details.type('userId', 'https://www.linkedin.com/talent/profile/AEMAA1');
	await eventually(async () => expect(await details.isFlagged('userId')).toBe(false));
});
