/**
 * Shows the queue in the real n8n: sixty people come in, are approved and sent, n8n is killed in the
 * middle and started again. Ends with the table of the queue beside what the local PostPress has done;
 * exit code 1 if the two disagree.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { styleText } from 'node:util';
import { Listr } from 'listr2';
import { startSandbox, type Sandbox } from '../sandbox';
import { startApp, type App } from '../harness/app/app';
import {
	CREDENTIAL_NAME,
	CREDENTIAL_TYPE,
	readExamples,
	withCredentials,
} from '../harness/app/examples';
import {
	ACCOUNTS,
	importQueue,
	openAccount,
	QUEUE,
	SET_UP,
	WORDS,
	type QueueRow,
} from '../harness/app/queue';
import type { SavedWorkflow } from '../harness/app/rest';
import { Tables } from '../harness/app/tables';
import { eventually } from '../harness/eventually';
import { wantedVersion } from '../harness/install/folders';
import { packAndInstall } from '../harness/install/installNode';
import { ensureN8n } from '../harness/install/installN8n';
import { sayer } from '../harness/say';
import { contradictions, summary } from './queueBooks';
import { accounts, listFor, people } from './queuePeople';

/** Seconds. The queue as it is imported runs every 10 minutes and pauses for half a minute. */
const WAITS = { every: 3, lease: 20, pause: 0, delayBetweenRequests: 0.2 };

/** Milliseconds that the local PostPress takes to answer. */
const LATENCY = 400;

/** After so many people n8n is killed. */
const KILL_AFTER = 20;

/** How long a step may take, in milliseconds. */
const PATIENCE = 120_000;

/** What the steps set up. */
interface Demo {
	folder: string;
	userFolder: string;
	sandbox: Sandbox;
	app: App;
	queue: SavedWorkflow;
}

interface Step {
	title: string;
	output: string;
}

const demo = {} as Demo;
/** What the form for lists asks for. */
const FORM_LOGIN = { user: 'sales', password: 'open-sesame' };

const tables = () => new Tables(demo.app.rest);
const rows = () => tables().rows<QueueRow>(QUEUE);

const steps: Array<{ title: string; task: (_: unknown, step: Step) => Promise<void> }> = [
	{
		title: 'Starting a local PostPress and n8n, with the node installed in it',
		async task(_, step) {
			demo.userFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'n8n-postpress-demo-'));
			await packAndInstall(demo.userFolder);
			demo.sandbox = await startSandbox({ latencyMs: LATENCY });
			// One is refused; of one the answer is lost, after the action was performed.
			demo.sandbox.fail({ kind: 'apiError', type: 'invalid_recipient' }, { userId: people[6].id });
			demo.sandbox.fail({ kind: 'drop', when: 'after' }, { userId: people[40].id });
			demo.app = await startApp(demo);
			step.title = `n8n is at ${demo.app.url}, a local PostPress behind it`;
		},
	},
	{
		title: 'Importing the queue, and running its "Set up"',
		async task(_, step) {
			const { sandbox, app } = demo;
			const { apiKey, url: baseUrl } = sandbox;
			const { rest } = app;
			const credential = await rest.saveCredential(CREDENTIAL_NAME, CREDENTIAL_TYPE, {
				apiKey,
				baseUrl,
			});
			demo.queue = await importQueue(rest, credential, 'queue.json', { baseUrl, ...WAITS });
			await rest.execute(demo.queue.id, SET_UP);
			await eventually(async () => {
				const known = await tables().rows(ACCOUNTS);
				if (known.length < accounts.length) throw new Error('"Set up" has not ended');
			}, PATIENCE);
			for (const { id } of accounts) await openAccount(tables(), id, { needs_approval: true });
			step.title = `The tables are there; ${accounts.length} accounts at work, ${WAITS.every} s between two runs in place of 10 minutes`;
		},
	},
	{
		title: `Two lists with ${people.length} people are handed in, some of them twice`,
		async task(_, step) {
			await publishForm();
			let lines = 0;
			for (const [index, { name }] of accounts.entries()) {
				// A word of the table says which account saves the leads of the form.
				await tables().delete(WORDS, { source: 'leads' });
				await tables().insert(WORDS, [
					{ source: 'leads', kind: 'account', word: '*', means: name },
				]);
				const list = listFor(index);
				lines += list.lines;
				await handIn(list.csv);
				await eventually(async () => {
					const { length } = await rows();
					if (length < lines) throw new Error(`${length} of ${lines} rows are in the queue`);
				}, PATIENCE);
			}
			await demo.app.rest.publish(demo.queue);
			step.title = `${lines} lines about ${people.length} people came in through the form and wait for approval; nothing is sent`;
		},
	},
	{
		title: 'Somebody approves all of them',
		async task() {
			if (demo.sandbox.performed.length > 0) throw new Error('Somebody was sent without approval');
			await tables().update(QUEUE, { status: 'to_approve' }, { status: 'waiting' });
		},
	},
	{
		title: 'Sending',
		async task(_, step) {
			const isSending = async () => (await rows()).some(({ status }) => status === 'sending');
			await until(
				step,
				async () => demo.sandbox.performed.length >= KILL_AFTER && (await isSending()),
			);
			await demo.app.process.kill();
			step.title = `${demo.sandbox.performed.length} people sent; n8n was killed in the middle (SIGKILL)`;
		},
	},
	{
		title: 'Starting n8n again',
		async task(_, step) {
			demo.app = await startApp(demo);
			const sending = (await rows()).filter(({ status }) => status === 'sending');
			step.title = `n8n is back; ${sending.length} rows were being sent when it died`;
		},
	},
	{
		title: 'Sending the rest',
		async task(_, step) {
			await until(step, async () =>
				(await rows()).every(({ status }) => !/waiting|sending/.test(status)),
			);
			step.title = `Sent the rest: ${summary(await rows())}`;
		},
	},
	{
		title: 'A person looks at who is unknown, and says "send again"',
		async task(_, step) {
			const before = demo.sandbox.performed.length;
			const unknown = (await rows()).filter(({ status }) => status === 'unknown');
			await tables().update(QUEUE, { status: 'unknown' }, { status: 'waiting' });
			await until(step, async () =>
				(await rows()).every(({ status }) => !/waiting|sending/.test(status)),
			);
			const again = demo.sandbox.performed.length - before;
			step.title = `${unknown.length} were unknown and sent again: ${again} had not been done, ${unknown.length - again} had, and were not done twice`;
		},
	},
];

/** Publishes the form through which lists come in. */
async function publishForm(): Promise<void> {
	const { rest } = demo.app;
	const form = readExamples().find(({ file }) => file === 'leads-list.json');
	if (!form) throw new Error('There is no leads-list.json');
	const login = await rest.saveCredential('Leads form', 'httpBasicAuth', FORM_LOGIN);
	await rest.publish(await rest.createWorkflow(withCredentials(form.workflow, [login])));
}

/** Hands in a file, as the page of the form does. */
async function handIn(csv: string): Promise<void> {
	const { user, password } = FORM_LOGIN;
	const body = new FormData();
	body.set('field-0', new Blob([csv], { type: 'text/csv' }), 'leads.csv');
	body.set('field-1', '');
	const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
	const answer = await fetch(`${demo.app.url}/form/postpress-leads`, {
		method: 'POST',
		headers: { authorization },
		body,
	});
	if (!answer.ok) throw new Error(`The form answers ${answer.status}: ${await answer.text()}`);
}

/** Shows how far it is until it is over. */
async function until(step: Step, isOver: () => Promise<boolean> | boolean): Promise<void> {
	await eventually(async () => {
		step.output = summary(await rows());
		if (!(await isOver())) throw new Error(`It is not over: ${step.output}`);
	}, PATIENCE);
}

async function main(): Promise<void> {
	demo.folder = await ensureN8n(wantedVersion(), sayer());
	await new Listr(steps, { registerSignalListeners: false }).run();
	const found = await rows();
	const { performed } = demo.sandbox;
	const problems = contradictions(found, performed, people);
	console.log(`
The table of the queue:      ${summary(found)}
The local PostPress counts:  ${performed.length} actions, on ${new Set(performed.map(({ userId }) => userId)).size} people
`);
	for (const { person_name, status, result } of found.filter((row) => row.status === 'refused')) {
		console.log(`${person_name}: ${status}. ${result}\n`);
	}
	if (problems.length === 0) {
		console.log(
			styleText('green', 'Nothing was performed twice, and the queue and PostPress agree.'),
		);
	} else {
		console.log(styleText('red', 'The queue and PostPress do not agree:'));
		for (const problem of problems) console.log(`  ${problem}`);
		process.exitCode = 1;
	}
}

async function end(): Promise<void> {
	await demo.app?.process.stop();
	await demo.sandbox?.close();
	if (demo.userFolder) fs.rmSync(demo.userFolder, { recursive: true, force: true });
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
	process.once(signal, () => void end().finally(() => process.exit(130)));
}

main()
	.catch((error: unknown) => {
		console.error(error);
		process.exitCode = 1;
	})
	.finally(end);
