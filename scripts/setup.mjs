// Called first by every npm script: installs what is missing, and is done at once when nothing is.
// Plain JavaScript without dependencies, because it runs before there are any.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;
const LOG_LINES_SHOWN = 30;
const NPM_TIMEOUT_MS = 30 * 60_000;
const LOCK_EXPIRES_MS = 40 * 60_000;

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const inRoot = (...parts) => path.join(root, ...parts);
const lockFile = inRoot('package-lock.json');
const stampFile = inRoot('node_modules', '.cache', 'setup.json');
const isWindows = process.platform === 'win32';
// The Node that n8n's engine needs, as the dev dependency `node` brings it; npm scripts find it first in PATH.
const ownNode = inRoot('node_modules', 'node', 'bin', isWindows ? 'node.exe' : 'node');

const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const majorOf = (version) => Number(version.replace(/^v/, '').split('.')[0]);
const say = (text) => console.error(text);

class SetupError extends Error {}

function readJson(file) {
	try {
		return JSON.parse(fs.readFileSync(file, 'utf8'));
	} catch {
		return undefined;
	}
}

function currentState() {
	return {
		lock: sha256(fs.readFileSync(lockFile)),
		platform: `${process.platform}-${process.arch}`,
	};
}

function isReady() {
	const stamp = readJson(stampFile);
	const { lock, platform } = currentState();
	if (!stamp || stamp.lock !== lock || stamp.platform !== platform) return false;
	return stamp.node === 'system' ? systemNodeWillDo() : fs.existsSync(ownNode);
}

/** Whether node_modules holds what the lock file asks for, however it came there (`npm ci`, `npm install` …). */
function isInstalled() {
	const wanted = readJson(lockFile).packages;
	const installed = (readJson(inRoot('node_modules', '.package-lock.json')) ?? {}).packages;
	if (!installed) return false;
	return Object.entries(wanted).every(([location, { version, optional, devOptional }]) => {
		if (location === '') return true;
		const found = installed[location];
		return found ? found.version === version : Boolean(optional || devOptional);
	});
}

function ownNodeWorks() {
	const { version } = readJson(inRoot('node_modules', 'node', 'package.json')) ?? {};
	const { stdout } = spawnSync(ownNode, ['--version'], { encoding: 'utf8' });
	return Boolean(version) && stdout?.trim() === `v${version}`;
}

const neededMajor = () => majorOf(readJson(inRoot('package.json')).devDependencies.node);
const systemNodeWillDo = () => majorOf(process.version) >= neededMajor();

/** npm as the user started it, and run by the user's own Node: the one in node_modules may be about to go. */
function npmCommand() {
	const { npm_execpath: cli, npm_node_execpath: node } = process.env;
	const ofTheUser = [node, process.execPath].find(
		(file) => file && !file.startsWith(inRoot('node_modules')),
	);
	if (cli && /npm-cli\.[cm]?js$/.test(cli) && ofTheUser) return [ofTheUser, [cli]];
	return ['npm', []];
}

function environmentWithoutOwnBinaries() {
	const env = { ...process.env };
	const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH');
	env[key] = env[key]
		.split(path.delimiter)
		.filter((folder) => !folder.startsWith(inRoot('node_modules')))
		.join(path.delimiter);
	return env;
}

/** Settings in somebody's ~/.npmrc must not change what is installed here. */
const npmSettings = [
	'--include=dev',
	'--bin-links=true',
	'--package-lock=true',
	'--engine-strict=false',
	'--legacy-peer-deps=false',
	'--strict-peer-deps=false',
	'--install-strategy=hoisted',
	'--global=false',
	'--prefer-offline',
	'--fetch-retry-mintimeout=2000',
	'--fetch-retry-maxtimeout=10000',
	'--loglevel=warn',
	'--no-audit',
	'--no-fund',
];

function runNpm(what, args, log) {
	const [command, before] = npmCommand();
	const started = Date.now();
	const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
	const file = fs.openSync(log, 'a');
	fs.writeSync(file, `\n$ npm ${args.join(' ')}\n`);

	return new Promise((resolve, reject) => {
		const child = spawn(command, [...before, ...args, ...npmSettings], {
			cwd: root,
			env: environmentWithoutOwnBinaries(),
			stdio: ['ignore', file, file],
			shell: isWindows && command === 'npm',
			timeout: NPM_TIMEOUT_MS,
		});
		const onTerminal = process.stderr.isTTY;
		if (onTerminal) process.stderr.write(`  ${what} …`);
		else say(`  ${what} …`);
		const ticker = setInterval(
			() => {
				if (onTerminal) process.stderr.write(`\r  ${what} … ${seconds()}`);
				else say(`  ${what} … ${seconds()} so far`);
			},
			onTerminal ? 1_000 : 15_000,
		);
		const finish = (problem) => {
			clearInterval(ticker);
			fs.closeSync(file);
			if (onTerminal) process.stderr.write('\r\x1b[K');
			say(`  ${what}: ${problem ? 'failed after' : 'done in'} ${seconds()}`);
			if (problem) reject(new SetupError(problem));
			else resolve();
		};
		child.on('error', (error) => finish(`npm could not be started: ${error.message}`));
		child.on('close', (code, signal) => finish(code === 0 ? '' : explainNpm(log, code ?? signal)));
	});
}

const NPM_PROBLEMS = [
	[
		/package\.json and package-lock\.json .*are in sync/,
		'package.json and package-lock.json do not agree. Run `npm install` once, then the same command again.',
	],
	[
		/ENOTFOUND|EAI_AGAIN|ENETUNREACH|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT/,
		'npm could not reach its registry. Check the network connection (or the proxy in your npm settings), then run the same command again.',
	],
	[
		/SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|CERT_/,
		'npm does not trust the certificate of its registry. Behind a company proxy, name its certificate with `npm config set cafile <file>`, then run the same command again.',
	],
	[/ENOSPC/, 'The disk is full: about 1.5 GB are needed.'],
	[/EACCES|EPERM|EROFS/, 'npm may not write here. Check who owns this folder and the npm cache.'],
];

function explainNpm(log, code) {
	const lines = fs.readFileSync(log, 'utf8').trimEnd().split('\n');
	const firstError = lines.findIndex((line) => /^npm (?:error|ERR!)/.test(line));
	const shown =
		firstError < 0
			? lines.slice(-LOG_LINES_SHOWN)
			: lines.slice(firstError, firstError + LOG_LINES_SHOWN);
	const [, advice = 'The log says why.'] =
		NPM_PROBLEMS.find(([pattern]) => pattern.test(shown.join('\n'))) ?? [];
	return [
		'',
		...shown.map((line) => `  | ${line}`),
		'',
		`Set-up failed: npm ended with ${code}. ${advice}`,
		`The whole log: ${log}`,
	].join('\n');
}

async function install() {
	const log = path.join(
		fs.mkdtempSync(path.join(os.tmpdir(), 'n8n-nodes-postpress-setup-')),
		'npm.log',
	);
	const missing = !isInstalled();
	say(
		missing
			? 'Setting up: this takes one to three minutes and 1.2 GB, once.'
			: 'Setting up: some seconds, once.',
	);
	const wantedNode = readJson(inRoot('package.json')).devDependencies.node;
	if (missing) {
		// Without a network `npm ci` tries every package again and again before it gives up; one question is answered at once.
		await runNpm('asking the npm registry', ['view', `node@${wantedNode}`, 'version'], log);
		await runNpm('installing development dependencies (npm ci)', ['ci', '--ignore-scripts'], log);
	}

	let node = 'own';
	if (!ownNodeWorks()) {
		try {
			await runNpm(
				`fetching Node ${neededMajor()} for n8n's engine`,
				['rebuild', 'node', '--ignore-scripts=false'],
				log,
			);
			if (!ownNodeWorks())
				throw new SetupError(
					`\nSet-up failed: the Node ${neededMajor()} that npm fetched does not run on this machine (${process.platform}-${process.arch}). Install Node ${neededMajor()} or newer yourself, then run the same command again.`,
				);
		} catch (error) {
			if (!systemNodeWillDo()) throw error;
			say(`  going on with the Node that is installed here, ${process.version}`);
			fs.rmSync(path.dirname(ownNode), { recursive: true, force: true });
			node = 'system';
		}
	}
	fs.mkdirSync(path.dirname(stampFile), { recursive: true });
	fs.writeFileSync(stampFile, JSON.stringify({ ...currentState(), node }));
	fs.rmSync(path.dirname(log), { recursive: true });
	say('Set-up done.\n');
}

/** Two commands started side by side on a fresh clone must not both install. */
async function withLock(work) {
	const lock = path.join(os.tmpdir(), `n8n-nodes-postpress-${sha256(root).slice(0, 16)}.pid`);
	for (let waiting = false; ; ) {
		try {
			fs.writeFileSync(lock, String(process.pid), { flag: 'wx' });
			break;
		} catch (error) {
			if (error.code !== 'EEXIST') throw error;
			if (!isRunning(lock)) fs.rmSync(lock, { force: true });
			else if (!waiting) say('Another command is setting up already: waiting for it.');
			waiting = true;
			await new Promise((resolve) => setTimeout(resolve, 500));
		}
	}
	const release = () => fs.rmSync(lock, { force: true });
	process.once('exit', release);
	for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));
	await work();
}

function isRunning(lock) {
	try {
		if (Date.now() - fs.statSync(lock).mtimeMs > LOCK_EXPIRES_MS) return false;
		process.kill(Number(fs.readFileSync(lock, 'utf8')), 0);
		return true;
	} catch (error) {
		return error.code === 'EPERM';
	}
}

try {
	if (majorOf(process.version) < OLDEST_NODE) {
		throw new SetupError(
			`This needs Node ${OLDEST_NODE} or newer; here is Node ${process.version}.`,
		);
	}
	if (!isReady()) {
		await withLock(async () => {
			if (!isReady()) await install();
		});
	}
} catch (error) {
	if (!(error instanceof SetupError)) throw error;
	say(error.message);
	process.exitCode = 1;
}
