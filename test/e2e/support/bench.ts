import fs from 'node:fs';
import path from 'node:path';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../sandbox';
import { startApp, type App } from '../../../harness/app/app';
import { CREDENTIAL_NAME, CREDENTIAL_TYPE } from '../../../harness/app/examples';
import type { N8nRest, SavedCredential } from '../../../harness/app/rest';
import { onFailure } from './evidence';
import { shared } from './shared';

/** An n8n with this node, and a local PostPress behind its credential. */
export interface Bench {
	readonly url: string;
	readonly rest: N8nRest;
	readonly sandbox: Sandbox;
	/** The credential "PostPress account". */
	readonly credential: SavedCredential;
	readonly userFolder: string;
	/** Everything that n8n has printed. */
	log(): string;
	/** Ends n8n and starts it again on the same user folder. */
	restart(): Promise<void>;
	stop(): Promise<void>;
}

/** What a bench is started with; everything may be left out. */
export interface BenchOptions {
	/** More environment of n8n. */
	env?: NodeJS.ProcessEnv;
	/** How the local PostPress behaves. */
	sandbox?: SandboxOptions;
}

/** Starts an n8n of its own for a test file. */
export async function startBench(options: BenchOptions = {}): Promise<Bench> {
	const { folder, n8n, template } = shared();
	const userFolder = fs.mkdtempSync(path.join(folder, 'user-'));
	fs.cpSync(template, userFolder, { recursive: true });
	fs.rmSync(path.join(userFolder, 'n8n.log'), { force: true });
	const sandbox = await startSandbox(options.sandbox);
	const start = () => startApp({ folder: n8n, userFolder, env: options.env });

	let app: App;
	let credential: SavedCredential;
	try {
		app = await start();
		const { apiKey, url: baseUrl } = sandbox;
		const data = { apiKey, baseUrl };
		credential = await app.rest.saveCredential(CREDENTIAL_NAME, CREDENTIAL_TYPE, data);
	} catch (error) {
		await sandbox.close();
		throw error;
	}
	const log = () => fs.readFileSync(path.join(userFolder, 'n8n.log'), 'utf8');
	const forget = onFailure((to) => {
		fs.writeFileSync(path.join(to, 'n8n.log'), log());
		fs.writeFileSync(path.join(to, 'requests.json'), JSON.stringify(sandbox.requests, null, 2));
	});

	return {
		get url() {
			return app.url;
		},
		get rest() {
			return app.rest;
		},
		sandbox,
		credential,
		userFolder,
		log,
		async restart() {
			await app.process.stop();
			app = await start();
		},
		async stop() {
			forget();
			await app.process.stop();
			await sandbox.close();
		},
	};
}
