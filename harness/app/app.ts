import path from 'node:path';
import { freePort } from '../freePort';
import { answers, startProcess, type N8nProcess } from './process';
import { N8nRest } from './rest';
import { environmentOf } from './settings';

/** What an n8n is started with. */
export interface AppOptions {
	/** The folder that n8n is installed in. */
	folder: string;
	userFolder: string;
	/** Wanted port; another one if it is taken. Default: any. */
	port?: number;
	/** More environment. */
	env?: NodeJS.ProcessEnv;
}

/** An n8n that is running, with its owner signed in. */
export interface App {
	readonly url: string;
	readonly rest: N8nRest;
	readonly process: N8nProcess;
}

/** Starts n8n, sets up its owner where there is none, and signs in. */
export async function startApp({ folder, userFolder, port, env }: AppOptions): Promise<App> {
	const place = { folder, userFolder, port: await freePort(port), brokerPort: await freePort() };
	const url = `http://127.0.0.1:${place.port}`;
	const process = await startProcess({
		folder,
		env: { ...environmentOf(place), ...env },
		log: path.join(userFolder, 'n8n.log'),
		// Older versions call themselves ready before they answer anything else.
		isReady: async () =>
			(await answers(`${url}/healthz/readiness`)) && (await answers(`${url}/rest/settings`)),
	});
	try {
		const rest = new N8nRest(url);
		await rest.signIn();
		return { url, rest, process };
	} catch (error) {
		await process.kill();
		throw error;
	}
}
