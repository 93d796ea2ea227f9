import { spawn } from 'node:child_process';
import fs from 'node:fs';

const LINES_SHOWN = 20;
const TIMEOUT = 40 * 60_000;

/** What is told of an npm that is at work. */
export interface NpmProgress {
	/** How many packages and descriptions npm has read, from its registry or its own cache. */
	read: number;
	seconds: number;
}

/**
 * Runs npm: the one that runs this script, else the one in PATH. Its output goes to a file.
 *
 * @throws Error with the end of the output
 */
export async function runNpm(
	args: string[],
	folder: string,
	log: string,
	onProgress: (progress: NpmProgress) => void = () => {},
): Promise<string> {
	const own = process.env.npm_execpath;
	const [command, before] = own?.endsWith('npm-cli.js') ? [process.execPath, [own]] : ['npm', []];
	const started = Date.now();
	let read = 0;
	let output = '';

	fs.appendFileSync(log, `\n$ npm ${args.join(' ')}\n`);
	const child = spawn(command, [...before, ...args, '--loglevel=http', '--no-audit', '--no-fund'], {
		cwd: folder,
		env: withoutSettingsOfProject(process.env),
		stdio: ['ignore', 'pipe', 'pipe'],
		shell: process.platform === 'win32' && command === 'npm',
		timeout: TIMEOUT,
	});
	child.stdout.on('data', (chunk: Buffer) => {
		output += chunk.toString();
		fs.appendFileSync(log, chunk);
	});
	child.stderr.on('data', (chunk: Buffer) => {
		read += chunk.toString().split('npm http').length - 1;
		fs.appendFileSync(log, chunk);
	});
	const report = () => onProgress({ read, seconds: Math.round((Date.now() - started) / 1000) });
	const ticker = setInterval(report, 1_000);
	const stop = () => child.kill('SIGTERM');
	process.once('exit', stop);
	try {
		const code = await new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
			child.on('error', reject);
			child.on('close', (exitCode, signal) => resolve(exitCode ?? signal));
		});
		if (code !== 0) {
			throw new Error(`npm ${args[0]} ended with ${code}:\n${tail(log)}\nThe whole log: ${log}`);
		}
		return output;
	} finally {
		clearInterval(ticker);
		process.off('exit', stop);
	}
}

/** npm hands the settings of this project to its scripts; they are not meant for other folders. */
function withoutSettingsOfProject(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	const settings = ['ignore_scripts', 'omit_lockfile_registry_resolved'].map(
		(name) => `npm_config_${name}`,
	);
	return Object.fromEntries(
		Object.entries(env).filter(([name]) => !settings.includes(name.toLowerCase())),
	);
}

function tail(log: string): string {
	const lines = fs
		.readFileSync(log, 'utf8')
		.trimEnd()
		.split('\n')
		.filter((line) => !line.startsWith('npm http'));
	return lines
		.slice(-LINES_SHOWN)
		.map((line) => `  | ${line}`)
		.join('\n');
}
