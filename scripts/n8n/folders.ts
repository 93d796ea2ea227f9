import os from 'node:os';
import path from 'node:path';

/** The version of n8n that the tests know. */
export const KNOWN_VERSION = '2.41.1';

/** The version of n8n to run: `N8N_VERSION`, or the one that the tests know. */
export function wantedVersion(env: NodeJS.ProcessEnv = process.env): string {
	const version = env.N8N_VERSION?.trim() || KNOWN_VERSION;
	if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) {
		throw new Error(
			`N8N_VERSION must be a full version such as ${KNOWN_VERSION}, not "${version}".`,
		);
	}
	return version;
}

/** Where everything is kept that outlives a checkout. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
	const caches =
		env.XDG_CACHE_HOME ||
		(process.platform === 'win32' && env.LOCALAPPDATA) ||
		path.join(os.homedir(), '.cache');
	return path.join(caches, 'n8n-nodes-postpress');
}

/** Where a version of n8n is installed. */
export const n8nFolder = (version: string) => path.join(cacheFolder(), `n8n-${version}`);

/** The user folder of `npm run n8n`; one for each version, since n8n cannot go back to an older database. */
export const userFolderOf = (version: string) => path.join(cacheFolder(), `user-${version}`);

/** The root of this checkout. */
export const root = path.resolve(__dirname, '..', '..');
