import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** Where an n8n listens, and what it knows. */
export interface Place {
	/** Where n8n is installed. */
	folder: string;
	userFolder: string;
	port: number;
	/** Port on which n8n speaks to its own task runners. */
	brokerPort: number;
}

/** The environment of a local n8n: nobody is asked, and nothing is fetched or reported. */
export function environmentOf({ folder, userFolder, port, brokerPort }: Place): NodeJS.ProcessEnv {
	return {
		...ownEnvironment(),
		N8N_USER_FOLDER: userFolder,
		N8N_ENCRYPTION_KEY: encryptionKeyOf(userFolder),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: '127.0.0.1',
		N8N_PORT: String(port),
		N8N_EDITOR_BASE_URL: `http://127.0.0.1:${port}`,
		WEBHOOK_URL: `http://127.0.0.1:${port}/`,
		N8N_SECURE_COOKIE: 'false',
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		GENERIC_TIMEZONE: 'Europe/Berlin',

		N8N_DISABLED_MODULES: ASKING_MODULES.filter((name) => hasModule(folder, name)).join(),
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_DIAGNOSTICS_CONFIG_FRONTEND: '',
		N8N_DIAGNOSTICS_CONFIG_BACKEND: '',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
	};
}

/** They ask n8n's servers for a list every few hours. */
const ASKING_MODULES = ['mcp-registry'];

/** n8n does not start with the name of a module that it does not have. */
function hasModule(folder: string, name: string): boolean {
	const modules = path.join('@n8n', 'backend-common', 'dist', 'modules', 'modules.config.js');
	return fs.readFileSync(path.join(folder, 'node_modules', modules), 'utf8').includes(`'${name}'`);
}

/** What this process has, less whatever the machine sets for another n8n; this Node comes first in PATH. */
function ownEnvironment(): NodeJS.ProcessEnv {
	const others = /^(N8N|EXECUTIONS|DB|QUEUE|WEBHOOK|CREDENTIALS|npm)_|^(NODE_ENV|NODE_OPTIONS)$/;
	const env = Object.fromEntries(
		Object.entries(process.env).filter(([name]) => !others.test(name)),
	);
	const folders = [path.dirname(process.execPath), env.PATH];
	return { ...env, PATH: folders.filter(Boolean).join(path.delimiter) };
}

/**
 * The key with which an n8n encrypts its credentials. It has to be the same from the very first start
 * of a user folder, whoever starts it.
 */
export function encryptionKeyOf(userFolder: string): string {
	const file = path.join(userFolder, 'encryption-key');
	try {
		return fs.readFileSync(file, 'utf8');
	} catch {
		const key = randomBytes(24).toString('base64url');
		fs.mkdirSync(userFolder, { recursive: true });
		fs.writeFileSync(file, key, { mode: 0o600 });
		return key;
	}
}
