import os from 'node:os';
import path from 'node:path';

/** The version of n8n that the tests know. */
export const KNOWN_VERSION = '2.41.1';

/** The oldest versions of n8n-core that the node supports: of n8n 1.123, and of the first n8n 2 that has the queue's tables. */
export const FLOOR_VERSIONS = ['1.122.48', '2.8.1'];

/** The version that an environment variable asks for. */
export function wantedVersion(
	variable = 'N8N_VERSION',
	byDefault = KNOWN_VERSION,
	env: NodeJS.ProcessEnv = process.env,
): string {
	const version = env[variable]?.trim() || byDefault;
	if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) {
		throw new Error(`${variable} must be a full version such as ${byDefault}, not "${version}".`);
	}
	return version;
}

/** The oldest n8n that the node supports, as a whole. */
export const OLDEST_VERSION = '1.123.81';

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

/** Where a version of n8n's engine alone is installed. */
export const engineFolder = (version: string) => path.join(cacheFolder(), `n8n-core-${version}`);

/** The user folder of `npm run n8n`; one for each version, since n8n cannot go back to an older database. */
export const userFolderOf = (version: string) => path.join(cacheFolder(), `user-${version}`);

/** The root of this checkout. */
export const root = path.resolve(__dirname, '..', '..');
