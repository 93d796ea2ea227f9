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
const REJECTION = ['previewOnly', ...PERSON_IN_PROJECT, 'reason', 'notifyApplicant'];
const NOTIFICATION = ['rejectionMessage', 'sendNotificationAt'];

interface Operation {
	/** What the panel calls it, and what n8n stores. */
	names: [resource: string, operation: string];
	values: [resource: string, operation: string];
	/** What stands under the node on the canvas. */
	subtitle: string;
	/** What can be seen below Resource and Operation. */
	seen: string[];
	/** What is flagged as long as it is empty. */
	flagged: string[];
	/** What is chosen from the start. */
	chosen: Record<string, string>;
}

const OPERATIONS: Operation[] = [
	{
		names: ['Candidate', 'Add to Pipeline'],
		values: ['candidate', 'addToPipeline'],
		subtitle: 'add candidate',
		seen: ['previewOnly', ...PERSON_IN_PROJECT, 'stage'],
		flagged: PERSON_IN_PROJECT,
		chosen: { stage: 'Uncontacted' },
	},
	{
		names: ['Candidate', 'Change Stage'],
		values: ['candidate', 'changeStage'],
		subtitle: 'move candidate',
		seen: ['previewOnly', ...PERSON_IN_PROJECT, 'newStage'],
		flagged: [...PERSON_IN_PROJECT, 'newStage'],
		chosen: { newStage: '' },
	},
	{
		names: ['Applicant', 'Add to Pipeline'],
		values: ['applicant', 'addToPipeline'],
		subtitle: 'add applicant',
		seen: ['previewOnly', ...PERSON_IN_PROJECT, 'stage'],
		flagged: PERSON_IN_PROJECT,
		chosen: { stage: 'Uncontacted' },
	},
	{
		names: ['Applicant', 'Reject'],
		values: ['applicant', 'reject'],
		subtitle: 'reject applicant',
		seen: REJECTION,
		flagged: [...PERSON_IN_PROJECT, 'reason'],
		chosen: { reason: '' },
	},
	{
		names: ['Lead', 'Save'],
		values: ['lead', 'save'],
		subtitle: 'save lead',
		seen: ['previewOnly', 'accountId', 'leadUserId', 'listId'],
		flagged: ['accountId', 'leadUserId'],
		chosen: {},
	},
];

const bench = startEditorBench();
let page: Page;
let details: NodeDetails;

beforeAll(async () => {
	page = await bench.openPage();
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

describe('a new node', () => {
	const untouched = Array.from({ length: 6 }, (_, index) => `PostPress ${index + 1}`);

	beforeAll(async () => {
		const nodes = untouched.map((name) => ({ ...postPress(bench.credential), id: name, name }));
		const workflow = chain('Fields', [manualTrigger(), ...nodes]);
		await openWorkflow(page, bench.url, (await bench.rest.createWorkflow(workflow)).id);
	});
	beforeEach(async () => {
		details = await openNode(page, String(untouched.shift()));
	});
	afterEach(() => details.close());

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
		for (const { names, seen, flagged, chosen } of OPERATIONS) {
			await switchTo(...names);
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
		await eventually(async () => expect(await fields()).toEqual([...REJECTION, ...NOTIFICATION]));
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

		for (const { names } of OPERATIONS) {
			await switchTo(...names);
			expect(await details.typed('accountId')).toBe('acc_1');
			// The person of a lead is a parameter of its own: Sales Navigator has other addresses.
			if (names[0] === 'Lead') continue;
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
});

/** A node for each operation, named so that it is found on the canvas. */
const nodesOf = (
	operations: Array<Pick<Operation, 'values'> & { name: string }>,
	parameters: Record<string, unknown>,
) =>
	operations.map(({ name, values: [resource, operation] }) => ({
		...postPress(bench.credential, { resource, operation, ...parameters }),
		...{ id: name, name },
	}));

describe.each([
	[1280, 720],
	[1440, 900],
])('in a window of %i × %i', (width, height) => {
	const options = {
		alreadyPerformedIsSuccess: true,
		delayBetweenRequests: 10,
		idempotencyKey: 'row 1',
		includeInputFields: true,
		maxRetries: 2,
		retryWait: 1,
	};

	test('the panel of each operation shows its fields from side to side, and cuts no label', async () => {
		const window = await bench.openPage({ width, height });
		const named = OPERATIONS.map((one) => ({ ...one, name: one.subtitle }));
		const nodes = nodesOf(named, { options, notifyApplicant: true });
		const workflow = chain('Panels', [manualTrigger(), ...nodes]);
		await openWorkflow(window, bench.url, (await bench.rest.createWorkflow(workflow)).id);
		for (const { name, seen } of named) {
			const panel = await openNode(window, name);
			const notification = seen === REJECTION ? NOTIFICATION : [];
			const all = ['resource', 'operation', ...seen, ...notification, ...Object.keys(options)];
			await eventually(async () => expect(await panel.visible()).toEqual(all));
			expect(await panel.cut(all)).toEqual([]);
			expect(await cutTexts(byId(panel.panel, 'node-parameters'))).toEqual([]);
			await panel.close();
		}
		await window.close();
	});
});

test('the canvas says under the node what it does, and whether that is a preview, to the end', async () => {
	const nodes = [false, true].flatMap((previewOnly) => {
		const mark = previewOnly ? 'Preview: ' : '';
		const named = OPERATIONS.map((one) => ({ ...one, name: mark + one.subtitle }));
		return nodesOf(named, { previewOnly });
	});
	const workflow = chain('Subtitles', [manualTrigger(), ...nodes]);
	await openWorkflow(page, bench.url, (await bench.rest.createWorkflow(workflow)).id);
	for (const { name } of nodes) {
		const node = byId(nodeOnCanvas(page, name), 'canvas-default-node');
		// Its name, and below it the subtitle.
		expect((await node.innerText()).split('\n').filter(Boolean)).toEqual([name, name]);
		expect(await cutTexts(node)).toEqual([]);
	}
});
