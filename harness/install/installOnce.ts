import fs from 'node:fs';
import path from 'node:path';
import { cacheFolder } from './folders';
import { withLock } from './lock';
import { runNpm, type NpmProgress } from './npm';

/** Says one line; a line that replaces the one before it has `done: false`. */
export type Say = (text: string, done?: boolean) => void;

/** Something of npm's that is kept in a folder of its own. */
export interface Installation {
	/** For the user: "n8n 2.41.1". */
	name: string;
	folder: string;
	/** How long it takes and how much room, for the user. */
	cost: string;
	dependencies: Record<string, string>;
	/** What is installed in place of packages further down, as npm's `overrides`. */
	overrides?: Record<string, string>;
	/** A file in the folder that is there in the end. */
	proof: string;
	/** About how many answers npm reads: descriptions and packages. */
	reads: number;
	/** What is left to do when all packages are there: npm's arguments by what the user is told. */
	afterwards?: Record<string, string[]>;
}

/**
 * Installs something into the cache, once. What was interrupted goes on the next time with what npm has
 * fetched so far.
 *
 * @returns the folder
 */
export async function installOnce(installation: Installation, say: Say): Promise<string> {
	const { name, folder } = installation;
	if (isInstalled(installation)) return folder;
	fs.mkdirSync(cacheFolder(), { recursive: true });
	const onWait = () => say(`Another command is installing ${name}: waiting for it.`);
	await withLock(`${folder}.lock`, onWait, async () => {
		if (!isInstalled(installation)) await install(installation, say);
	});
	return folder;
}

async function install(installation: Installation, say: Say): Promise<void> {
	const { name, folder, cost, dependencies, overrides, reads, afterwards = {} } = installation;
	say(`Installing ${name} into ${folder}: ${cost}, once.`);
	fs.mkdirSync(folder, { recursive: true });
	const log = path.join(folder, 'install.log');
	fs.rmSync(log, { force: true });
	// npm would take a folder above this one for its root if this one had no package.json.
	const manifest = { private: true, dependencies, overrides };
	fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest, null, 2));

	// Install scripts stay off: one optional client of a message broker compiles and downloads.
	const options = ['--ignore-scripts', '--omit=dev', '--prefer-offline', '--package-lock=true'];
	await step('fetching and unpacking', reads, say, (onProgress) =>
		runNpm(['install', ...options], folder, log, onProgress),
	);
	for (const [what, args] of Object.entries(afterwards)) {
		await step(what, undefined, say, () => runNpm(args, folder, log));
	}
	fs.writeFileSync(stampOf(folder), JSON.stringify(surroundings()));
}

async function step(
	what: string,
	reads: number | undefined,
	say: Say,
	work: (onProgress: (progress: NpmProgress) => void) => Promise<unknown>,
): Promise<void> {
	const started = Date.now();
	say(`  ${what} …`, false);
	await work(({ read, seconds }) => {
		const percent = reads && Math.min(99, Math.round((100 * read) / reads));
		say(`  ${what} … ${percent === undefined ? '' : `about ${percent} %, `}${seconds} s`, false);
	});
	say(`  ${what}: done in ${Math.round((Date.now() - started) / 1000)} s`);
}

const stampOf = (folder: string) => path.join(folder, 'installed.json');

/** Some packages are built for one kind of machine. */
const surroundings = () => ({ platform: `${process.platform}-${process.arch}` });

function isInstalled({ folder, proof }: Installation): boolean {
	try {
		const stamp = JSON.parse(fs.readFileSync(stampOf(folder), 'utf8')) as { platform: string };
		return stamp.platform === surroundings().platform && fs.existsSync(path.join(folder, proof));
	} catch {
		return false;
	}
}
