/**
 * Takes the pictures for the documents from the real editor: npm run screenshots. They lie in docs/images, and
 * are not part of the package. Names of pictures behind it take only these: npm run screenshots -- example-agent
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { startSandbox } from '../sandbox';
import { openPage, startBrowser } from '../harness/editor/browser';
import { CredentialDialog } from '../harness/editor/credentialDialog';
import { byId, NodeDetails, openNode, openWorkflow } from '../harness/editor/editor';
import { eventually } from '../harness/eventually';
import { NodePanel } from '../harness/editor/nodePanel';
import {
	addCandidate,
	chain,
	items,
	manualTrigger,
	node,
	postPress,
	RECRUITER_ACCOUNT,
} from '../harness/app/workflows';
import { fromList, locator } from '../harness/locators';
import { importQueue } from '../harness/app/queue';
import { startApp, type App } from '../harness/app/app';
import {
	CREDENTIAL_NAME,
	CREDENTIAL_TYPE,
	readExamples,
	withCredentials,
} from '../harness/app/examples';
import { root, wantedVersion } from '../harness/install/folders';
import { packAndInstall } from '../harness/install/installNode';
import { ensureN8n } from '../harness/install/installN8n';
import type { SavedCredential, WorkflowFile } from '../harness/app/rest';
import { sayer } from '../harness/say';
import { seedQueue } from './queueSamples';

const IMAGES = path.join(root, 'docs', 'images');
const LOOK = { width: 1400, height: 1000, scale: 1.25 };
/** The messages that fly in at the corner, and the button that lies over the foot of a canvas. */
const RUN_BUTTON = ':has(> [data-test-id="execute-workflow-button"])';
const HIDDEN = `.el-notification, ${RUN_BUTTON}, ${RUN_BUTTON} ~ * { visibility: hidden }`;
const AMARA = 'AEMAAmjLnnyu-oiJ1QYk3061kB-2-tYnlFTa63S8iQzy';
const DANIEL = 'ACwAALX6RhJjMij9P7CKGdkuqgAsxPlvOCZnl0xGK-BD';

/** The five operations, filled in; the name of each is that of its picture. */
const OPERATIONS: Record<string, (details: NodeDetails) => Promise<void>> = {
	'Add a candidate to a pipeline': fillIn({ project: 'Senior Backend Engineer', person: AMARA }),
	'Change the stage of a candidate': fillIn({
		project: 'Senior Backend Engineer',
		person: AMARA,
		newStage: 'Replied',
	}),
	'Add an applicant to a pipeline': fillIn({ project: 'Product Designer', person: AMARA }),
	'Reject an applicant': async (details) => {
		await fillIn({ project: 'Product Designer', person: AMARA })(details);
		await details.choose('reason', 'More Qualified Candidates');
		await details.toggle('notifyApplicant');
		await details.write('rejectionMessage', 'Thank you for your interest in joining our team.');
	},
	'Save a lead': fillIn({ account: 'Marcus Adeyemi', list: 'Logistics, DACH', lead: DANIEL }),
};

const say = sayer();

/** Whether a picture is wanted. */
const wants = (name: string) => process.argv.length === 2 || process.argv.includes(name, 2);

async function main(): Promise<void> {
	const userFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'n8n-postpress-screenshots-'));
	const folder = await ensureN8n(wantedVersion(), say);
	await packAndInstall(userFolder);
	const sandbox = await startSandbox({ strictPeople: true });
	const app = await startApp({ folder, userFolder });
	const browser = await startBrowser();
	fs.mkdirSync(IMAGES, { recursive: true });
	try {
		const { apiKey, url: baseUrl } = sandbox;
		const data = { apiKey, baseUrl };
		const credential = await app.rest.saveCredential(CREDENTIAL_NAME, CREDENTIAL_TYPE, data);
		const page = await openPage(browser, app, LOOK);

		if (wants('node-panel')) await nodePanel(page, app);
		for (const [action, fill] of Object.entries(OPERATIONS)) {
			if (wants(pictureOf(action))) await operation(page, app, action, fill);
		}
		if (wants('preview')) await preview(page, app, credential);
		if (wants('credential')) await credentialDialog(page, app, data);
		if (wants('error-panel')) await errorPanel(page, app, credential);
		if (wants('error-output')) await errorOutput(page, app, credential);
		for (const { file, workflow } of readExamples()) {
			const name = `example-${path.basename(file, '.json')}`;
			if (wants(name)) await canvas(page, app, withCredentials(workflow, [credential]), name);
		}
		if (wants('queue-page')) await queuePage(page, app, credential, baseUrl);
	} finally {
		await browser.close();
		await app.process.stop();
		await sandbox.close();
		fs.rmSync(userFolder, { recursive: true, force: true });
	}
}

async function nodePanel(page: Page, app: App): Promise<void> {
	const panel = await NodePanel.open(page, app.url);
	await (await panel.find('postpress', 'PostPress')).click();
	await panel.actions();
	await save(byId(page, 'node-creator').first(), 'node-panel');
}

async function operation(
	page: Page,
	app: App,
	action: string,
	fill: (details: NodeDetails) => Promise<void>,
): Promise<void> {
	const panel = await NodePanel.open(page, app.url);
	await (await panel.find('postpress', 'PostPress')).click();
	await panel.add(action);
	const details = new NodeDetails(page);
	await fill(details);
	await save(parametersOf(details), pictureOf(action));
}

const pictureOf = (action: string) => action.toLowerCase().replaceAll(' ', '-');

/** Fills in what an operation needs, by dropdown where there is one. */
function fillIn(wanted: {
	account?: string;
	project?: string;
	list?: string;
	person?: string;
	lead?: string;
	newStage?: string;
}) {
	return async (details: NodeDetails): Promise<void> => {
		const { account = 'Hannah Keller', project, list, person, lead, newStage } = wanted;
		const user = lead ? 'leadUserId' : 'userId';
		await pick(details, 'accountId', account);
		if (project) await pick(details, 'hiringProjectId', project);
		if (list) await pick(details, 'listId', list);
		await details.mode(user, 'By ID');
		await details.type(user, lead ?? person ?? '');
		await eventually(async () => {
			if (await details.isFlagged(user)) throw new Error('The person is not taken over yet');
		});
		if (newStage) await details.choose('newStage', newStage);
	};
}

async function pick(details: NodeDetails, parameter: string, label: string): Promise<void> {
	const list = await details.openList(parameter);
	await list.pick(label);
}

/** What a preview says of three people, one of whom cannot be sent. */
async function preview(page: Page, app: App, credential: SavedCredential): Promise<void> {
	await page.setViewportSize({ width: 1400, height: 800 });
	const people = [
		{ first_name: 'Amara', linkedin: 'https://www.linkedin.com/in/amara-okafor-94f4dbb7' },
		{ first_name: 'Jonas', linkedin: 'https://www.linkedin.com/in/jonas-lindqvist' },
		{ first_name: '', linkedin: 'https://www.linkedin.com/in/priya-raghunathan' },
	];
	const parameters = {
		resource: 'applicant',
		operation: 'reject',
		previewOnly: true,
		accountId: { ...fromList(RECRUITER_ACCOUNT), cachedResultName: 'Hannah Keller (Recruiter)' },
		userId: locator('publicProfile', '={{ $json.linkedin }}'),
		hiringProjectId: { ...fromList('1430911712'), cachedResultName: 'Product Designer' },
		reason: 'MORE_QUALIFIED_CANDIDATES',
		notifyApplicant: true,
		rejectionMessage: '=Dear {{ $json.first_name }}, thank you for your time.',
	};
	const workflow = chain('Preview', [
		manualTrigger(),
		items(people),
		postPress(credential, parameters),
	]);
	await openWorkflow(page, app.url, (await app.rest.createWorkflow(workflow)).id);
	const details = await openNode(page, 'PostPress');
	await details.execute();
	await details.output.getByText('Table', { exact: true }).click();
	await details.output.getByText('Would not be sent').first().waitFor();
	await save(details.panel, 'preview');
}

async function credentialDialog(page: Page, app: App, data: Record<string, string>): Promise<void> {
	const dialog = await CredentialDialog.create(page, app.url, 'PostPress API');
	await dialog.fill({ apiKey: data.apiKey });
	await save(byId(page, 'editCredential-modal').first(), 'credential');
}

async function errorPanel(page: Page, app: App, credential: SavedCredential): Promise<void> {
	await page.setViewportSize({ width: 1500, height: 480 });
	const parameters = addCandidate('AEMAAnobody');
	const workflow = chain('Refused', [manualTrigger(), postPress(credential, parameters)]);
	await openWorkflow(page, app.url, (await app.rest.createWorkflow(workflow)).id);
	const details = await openNode(page, 'PostPress');
	await details.execute();
	await details.error();
	await save(details.output, 'error-panel');
}

async function errorOutput(page: Page, app: App, credential: SavedCredential): Promise<void> {
	await page.setViewportSize({ width: 1900, height: 720 });
	const people = [AMARA, 'AEMAAnobody', DANIEL];
	const workflow = chain('Error output', [
		manualTrigger(),
		node(
			'People',
			'n8n-nodes-base.code',
			{ jsCode: `return ${JSON.stringify(people.map((person) => ({ json: { person } })))};` },
			{ typeVersion: 2 },
		),
		postPress(credential, addCandidate('', { userId: locator('id', '={{ $json.person }}') }), {
			onError: 'continueErrorOutput',
		}),
	]);
	await openWorkflow(page, app.url, (await app.rest.createWorkflow(workflow)).id);
	const details = await openNode(page, 'PostPress');
	await details.execute();
	await details.output.getByText('Error Branch').first().click();
	await details.output.getByText('Table', { exact: true }).click();
	await details.output.getByText('errors/resource_not_found').first().waitFor();
	await save(details.panel, 'error-output');
}

async function canvas(page: Page, app: App, workflow: WorkflowFile, name: string): Promise<void> {
	await page.setViewportSize({ width: 1440, height: 900 });
	await openWorkflow(page, app.url, (await app.rest.createWorkflow(workflow)).id);
	await byId(page, 'zoom-to-fit').click();
	await save(page.locator('.vue-flow').first(), name);
}

/** The page of the queue, with people who wait for approval. */
async function queuePage(
	page: Page,
	app: App,
	credential: SavedCredential,
	baseUrl: string,
): Promise<void> {
	await page.setViewportSize({ width: 760, height: 1000 });
	const queue = await importQueue(app.rest, credential, 'queue.json', { baseUrl });
	await seedQueue(app.rest, queue.id);
	await app.rest.publish(await importQueue(app.rest, credential, 'queue-page.json', { baseUrl }));
	await page.goto(`${app.url}/form/postpress-queue`);
	await page.getByRole('button', { name: 'Allow access' }).click();
	await page.locator('select').first().selectOption('To approve');
	await page.getByRole('button', { name: 'Show' }).click();
	await page.waitForURL(/form-waiting/);
	await page.locator('select').nth(1).selectOption('Approve');
	await save(page.locator('form').first(), 'queue-page');
}

/** The column of the parameters, between input and output. */
const parametersOf = (details: NodeDetails) => details.panel.locator('.node-settings').first();

async function save(what: Locator, name: string): Promise<void> {
	const page = what.page();
	await page.mouse.move(0, 0);
	await page
		.locator(':focus')
		.evaluateAll((focused) => focused.forEach((element) => (element as unknown as Focus).blur()));
	const file = path.join(IMAGES, `${name}.png`);
	await what.screenshot({
		path: file,
		animations: 'disabled',
		caret: 'hide',
		style: HIDDEN,
	});
	say(path.relative(root, file));
}

/** What an element of a page can do; this project does not have the types of pages. */
interface Focus {
	blur(): void;
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
