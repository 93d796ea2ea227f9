import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Does some work while no other process does; a lock whose owner has died does not count. */
export async function withLock(
	file: string,
	onWait: () => void,
	work: () => Promise<void>,
): Promise<void> {
	for (let waiting = false; !take(file); ) {
		if (!waiting) onWait();
		waiting = true;
		await sleep(500);
	}
	const release = () => fs.rmSync(file, { force: true });
	process.once('exit', release);
	try {
		await work();
	} finally {
		process.off('exit', release);
		release();
	}
}

function take(file: string): boolean {
	try {
		fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
		if (!isHeld(file)) fs.rmSync(file, { force: true });
		return false;
	}
}

function isHeld(file: string): boolean {
	try {
		process.kill(Number(fs.readFileSync(file, 'utf8')), 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
