/**
 * Opens the real n8n with this node in it: n8n from the cache, the node installed from its tarball as
 * n8n installs a community node, a credential for a local PostPress, and the example workflows.
 */
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { startSandbox, type Sandbox } from '../sandbox';
import { startApp, type App } from '../harness/app/app';
import { CREDENTIAL_NAME, CREDENTIAL_TYPE, importExamples } from '../harness/app/examples';
import { userFolderOf, wantedVersion } from '../harness/install/folders';
import { freePort } from '../harness/freePort';
import { packAndInstall } from '../harness/install/installNode';
import { ensureN8n } from '../harness/install/installN8n';
import { OWNER } from '../harness/app/rest';
import { sayer, strong } from '../harness/say';
import { seedQueue } from './queueSamples';

const usage = `n8n with this node in it, and a local PostPress behind it; nobody on LinkedIn is touched.

  --port <number>   port of n8n (default 5678, or a free one)
  --fresh           forget the workflows, credentials and executions of the last time
  --help            show this text

N8N_VERSION=<version> takes another version of n8n.`;

const SANDBOX_PORT = 4010;

const say = sayer();
const running: Array<{ close: () => Promise<void> }> = [];
let ending = false;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '5678' },
			fresh: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return console.log(usage);
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(signal, () => void end(0));
	}

	const version = wantedVersion();
	const userFolder = userFolderOf(version);
	const folder = await ensureN8n(version, say);
	if (values.fresh) fs.rmSync(userFolder, { recursive: true, force: true });
	fs.mkdirSync(userFolder, { recursive: true });

	say('Installing the node from its package …', false);
	await packAndInstall(userFolder);
	const sandbox = await startSandbox({
		port: await freePort(SANDBOX_PORT),
		controlRoutes: true,
		record: false,
		onAnswered: ({ method, path, answered }) =>
			say(`  PostPress: ${method} ${path} ${answered ?? ''}`),
	});
	running.push(sandbox);

	say(`Starting n8n ${version} …`, false);
	const app = await startApp({ folder, userFolder, port: Number(values.port) });
	running.push({ close: () => app.process.stop() });
	const { apiKey, url: baseUrl } = sandbox;
	const credential = await app.rest.saveCredential(CREDENTIAL_NAME, CREDENTIAL_TYPE, {
		apiKey,
		baseUrl,
	});
	const examples = await importExamples(app.rest, credential, baseUrl);
	await seedQueue(app.rest, examples.get('queue.json') ?? '');
	await app.rest.publish(await app.rest.workflow(examples.get('queue-page.json') ?? ''));
	tell(version, app, sandbox, examples.size);

	await app.process.ended;
	if (!ending) {
		console.error(`n8n has ended by itself. Its log: ${app.process.log}`);
		await end(1);
	}
}

function tell(version: string, app: App, sandbox: Sandbox, examples: number): void {
	say(`n8n ${version} is ready, with the PostPress node and ${examples} example workflow(s).

  ${strong('Open')}        ${app.url}/home/workflows
  ${strong('Sign in')}     ${OWNER.email}
  ${strong('Password')}    ${OWNER.password}
  ${strong('The queue')}   ${app.url}/form/postpress-queue, and in n8n under Data tables

  PostPress   ${sandbox.url}, a local one: nobody on LinkedIn is touched
  Control     ${new URL(sandbox.url).origin}/_sandbox/performed (sandbox/README.md tells more)
  Log of n8n  ${app.process.log}

Ctrl-C ends all of it. What you changed is there again the next time; to begin anew, with the examples
as they are now: npm run n8n -- --fresh
`);
}

async function end(code: number): Promise<void> {
	if (ending) return;
	ending = true;
	say('Ending n8n and the local PostPress …');
	await Promise.allSettled(running.map(({ close }) => close()));
	process.exit(code);
}

main().catch(async (error: Error) => {
	if (ending) return;
	say('');
	console.error(error.message);
	await end(1);
});
