import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import fs from 'node:fs';
import { eventually } from '../../../harness/eventually';

/** A server of somebody else's that a test needs. */
export interface Service {
	readonly port: number;
	stop(): Promise<void>;
}

/** Starts a program that serves, and waits until it does. */
export async function startService(
	[program, ...args]: string[],
	{ log, ...options }: SpawnOptions & { log: string },
	isReady: () => Promise<unknown> | unknown,
): Promise<() => Promise<void>> {
	const output = fs.openSync(log, 'a');
	const child = spawn(program, args, { ...options, stdio: ['ignore', output, output] });
	fs.closeSync(output);
	const ended = new Promise<void>((resolve) => {
		child.once('exit', () => resolve());
		child.once('error', () => resolve());
	});
	const lastWay = () => child.kill('SIGKILL');
	process.once('exit', lastWay);
	const stop = async () => {
		process.off('exit', lastWay);
		// PostgreSQL understands it as "at once, but in order".
		if (isRunning(child)) child.kill('SIGINT');
		await ended;
	};
	try {
		await eventually(async () => {
			if (!isRunning(child))
				throw new Error(`${program} has ended: ${fs.readFileSync(log, 'utf8')}`);
			await isReady();
		}, 30_000);
	} catch (error) {
		await stop();
		throw error;
	}
	return stop;
}

const isRunning = ({ exitCode, signalCode }: ChildProcess) =>
	exitCode === null && signalCode === null;
