import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { n8nBinary } from '../install/installN8n';

const START_TIMEOUT = 180_000;
const STOP_TIMEOUT = 20_000;
const LINES_SHOWN = 20;

/** How one process of n8n is started. */
export interface ProcessOptions {
	/** The folder that n8n is installed in. */
	folder: string;
	/** `start`, `worker`, `webhook` and what goes with it. */
	args?: string[];
	env: NodeJS.ProcessEnv;
	/** Everything that n8n prints is added to this file. */
	log: string;
	/** Whether n8n is ready, asked again and again. */
	isReady: () => Promise<boolean>;
}

/** One process of n8n that is running. */
export interface N8nProcess {
	readonly pid: number;
	readonly log: string;
	/** Settled when the process has ended, whatever the reason. */
	readonly ended: Promise<void>;
	/** Ends it as a service manager would, and by force if that takes too long. */
	stop(): Promise<void>;
	/** Ends it at once, in the middle of what it does. */
	kill(): Promise<void>;
}

/** Starts a process of n8n and waits until it is ready. */
export async function startProcess(options: ProcessOptions): Promise<N8nProcess> {
	const { folder, args = ['start'], env, log, isReady } = options;
	const output = fs.openSync(log, 'a');
	const child = spawn(
		process.execPath,
		['--require', path.join(__dirname, 'endWithParent.js'), n8nBinary(folder), ...args],
		// A group of its own: a Ctrl-C in the terminal comes to us alone, and what n8n starts ends with it.
		{ cwd: path.dirname(log), env, stdio: ['ignore', output, output], detached: true },
	);
	fs.closeSync(output);
	const ended = new Promise<void>((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', () => resolve());
	});
	const started: N8nProcess = {
		pid: child.pid ?? 0,
		log,
		ended,
		async stop() {
			signal(child, 'SIGTERM');
			await Promise.race([ended, sleep(STOP_TIMEOUT, undefined, { ref: false })]);
			await started.kill();
		},
		async kill() {
			signalGroup(child, 'SIGKILL');
			await ended;
		},
	};
	const lastWay = () => signalGroup(child, 'SIGKILL');
	process.once('exit', lastWay);
	void ended.then(() => process.off('exit', lastWay));

	try {
		await untilReady(child, ended, isReady);
	} catch (error) {
		await started.kill();
		throw new Error(`${(error as Error).message}\n${tail(log)}\nThe whole log: ${log}`);
	}
	return started;
}

/** Whether something answers an address with success. */
export async function answers(url: string): Promise<boolean> {
	try {
		const { ok } = await fetch(url, { signal: AbortSignal.timeout(5_000) });
		return ok;
	} catch {
		return false;
	}
}

async function untilReady(
	child: ChildProcess,
	ended: Promise<void>,
	isReady: () => Promise<boolean>,
): Promise<void> {
	let gone = false;
	void ended.then(() => (gone = true));
	const deadline = Date.now() + START_TIMEOUT;
	while (!(await isReady())) {
		if (gone) throw new Error(`n8n ended with ${child.exitCode ?? child.signalCode}:`);
		if (Date.now() > deadline) throw new Error(`n8n was not ready after ${START_TIMEOUT} ms:`);
		await sleep(100);
	}
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
	if (child.exitCode === null && child.signalCode === null) child.kill(name);
}

/** n8n and the task runners that it has started. */
function signalGroup(child: ChildProcess, name: NodeJS.Signals): void {
	try {
		if (child.pid) process.kill(process.platform === 'win32' ? child.pid : -child.pid, name);
	} catch {
		// They have ended.
	}
}

function tail(log: string): string {
	const lines = fs.readFileSync(log, 'utf8').trimEnd().split('\n');
	return lines
		.slice(-LINES_SHOWN)
		.map((line) => `  | ${line}`)
		.join('\n');
}
