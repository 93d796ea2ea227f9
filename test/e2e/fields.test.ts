import type { Page } from 'playwright-core';
import {
	byId,
	cutTexts,
	nodeOnCanvas,
	openNode,
	openWorkflow,
	type NodeDetails,
} from '../../harness/editor/editor';
import { eventually } from '../../harness/eventually';
import { chain, manualTrigger, postPress } from '../../harness/app/workflows';
import { startEditorBench } from './support/editorBench';

const PERSON_IN_PROJECT = ['accountId', 'userId', 'hiringProjectId'];
const REJECTION = [
	'previewOnly',
	...PERSON_IN_PROJECT,
	...['reason', 'notifyApplicant', 'rejectionMessage', 'sendNotificationAt'],
];
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
	await eventually(async () => expect(await fields()).toEqual(REJECTION));
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

/** What an operation is called under the node, and its fields below Resource and Operation. */
const PANELS: Array<
	[resource: string, operation: string, subtitle: string, seen: string[], more?: object]
> = [
	['candidate', 'addToPipeline', 'add candidate', PEOPLE_IN_PIPELINES],
	['candidate', 'changeStage', 'move candidate', ['previewOnly', ...PERSON_IN_PROJECT, 'newStage']],
	['applicant', 'addToPipeline', 'add applicant', PEOPLE_IN_PIPELINES],
	['applicant', 'reject', 'reject applicant', REJECTION, { notifyApplicant: true }],
	['lead', 'save', 'save lead', ['previewOnly', 'accountId', 'leadUserId', 'listId']],
];

describe.each([
	[1280, 720],
	[1440, 900],
])('in a window of %i × %i', (width, height) => {
	const OPTIONS = {
		alreadyPerformedIsSuccess: true,
		delayBetweenRequests: 10,
		idempotencyKey: 'row 1',
		includeInputFields: true,
		maxRetries: 2,
		retryWait: 1,
	};

	test('the panel of each operation shows its fields from side to side, and cuts no label', async () => {
		const window = await bench.openPage({ width, height });
		const nodes = PANELS.map(([resource, operation, subtitle, , more]) => ({
			...postPress(bench.credential, { resource, operation, options: OPTIONS, ...more }),
			...{ id: subtitle, name: subtitle },
		}));
		const workflow = chain('Panels', [manualTrigger(), ...nodes]);
		await openWorkflow(window, bench.url, (await bench.rest.createWorkflow(workflow)).id);
		for (const [, , name, seen] of PANELS) {
			const panel = await openNode(window, name);
			const all = ['resource', 'operation', ...seen, ...Object.keys(OPTIONS)];
			await eventually(async () => expect(await panel.visible()).toEqual(all));
			for (const field of all) expect([field, await panel.fits(field)]).toEqual([field, true]);
			expect(await cutTexts(byId(panel.panel, 'node-parameters'))).toEqual([]);
			await panel.close();
		}
		await window.close();
	});
});

test('the canvas says under the node what it does, and whether that is a preview, to the end', async () => {
	const nodes = ['', 'Preview: '].flatMap((mark) =>
		PANELS.map(([resource, operation, subtitle]) => ({
			...postPress(bench.credential, { resource, operation, previewOnly: mark !== '' }),
			...{ id: mark + subtitle, name: mark + subtitle },
		})),
	);
	const workflow = chain('Subtitles', [manualTrigger(), ...nodes]);
	await openWorkflow(page, bench.url, (await bench.rest.createWorkflow(workflow)).id);
	for (const { name } of nodes) {
		const node = byId(nodeOnCanvas(page, name), 'canvas-default-node');
		const texts = (await node.innerText()).split('\n').filter(Boolean);
		expect(texts).toEqual([name, name]);
		expect(await cutTexts(node)).toEqual([]);
	}
});
