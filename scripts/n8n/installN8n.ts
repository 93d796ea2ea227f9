import fs from 'node:fs';
import path from 'node:path';
import { cacheFolder, n8nFolder } from './folders';
import { withLock } from './lock';
import { runNpm, type NpmProgress } from './npm';

/** Says one line; a line that replaces the one before it has `done: false`. */
export type Say = (text: string, done?: boolean) => void;

/** About how many answers npm reads for the whole of n8n: descriptions and packages. */
const READS = 4_700;

/**
 * Installs a version of n8n into the cache, once. What was interrupted goes on the next time with
 * what npm has fetched so far.
 *
 * @returns the folder
 */
export async function ensureN8n(version: string, say: Say): Promise<string> {
	const folder = n8nFolder(version);
	if (isInstalled(folder)) return folder;
	fs.mkdirSync(cacheFolder(), { recursive: true });
	const onWait = () => say(`Another command is installing n8n ${version}: waiting for it.`);
	await withLock(`${folder}.lock`, onWait, async () => {
		if (!isInstalled(folder)) await install(version, folder, say);
	});
	return folder;
}

/** The file that starts n8n. */
export const n8nBinary = (folder: string) => path.join(folder, 'node_modules', 'n8n', 'bin', 'n8n');

async function install(version: string, folder: string, say: Say): Promise<void> {
	say(`Installing n8n ${version} into ${folder}: three to ten minutes and 2.8 GB, once.`);
	fs.mkdirSync(folder, { recursive: true });
	const log = path.join(folder, 'install.log');
	fs.rmSync(log, { force: true });
	// npm would take a folder above this one for its root if this one had no package.json.
	const manifest = { private: true, dependencies: { n8n: version } };
	fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest, null, 2));

	// Install scripts stay off: one optional client of a message broker compiles and downloads.
	await step('fetching and unpacking', say, (onProgress) =>
		runNpm(
			['install', '--ignore-scripts', '--omit=dev', '--prefer-offline', '--package-lock=true'],
			folder,
			log,
			onProgress,
		),
	);
	await step('building the database driver', say, () =>
		runNpm(['rebuild', 'sqlite3', '--ignore-scripts=false'], folder, log),
	);
	fs.writeFileSync(stampOf(folder), JSON.stringify(surroundings()));
}

async function step(
	what: string,
	say: Say,
	work: (onProgress: (progress: NpmProgress) => void) => Promise<unknown>,
): Promise<void> {
	const started = Date.now();
	say(`  ${what} …`, false);
	await work(({ read, seconds }) => {
		const percent = Math.min(99, Math.round((100 * read) / READS));
		say(`  ${what} … about ${percent} %, ${seconds} s`, false);
	});
	say(`  ${what}: done in ${Math.round((Date.now() - started) / 1000)} s`);
}

const stampOf = (folder: string) => path.join(folder, 'installed.json');

/** The driver of the database is built for one kind of machine. */
const surroundings = () => ({ platform: `${process.platform}-${process.arch}` });

function isInstalled(folder: string): boolean {
	try {
		const stamp = JSON.parse(fs.readFileSync(stampOf(folder), 'utf8')) as { platform: string };
		return stamp.platform === surroundings().platform && fs.existsSync(n8nBinary(folder));
	} catch {
		return false;
	}
}
