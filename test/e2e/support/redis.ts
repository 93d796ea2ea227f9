import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { freePort } from '../../../harness/freePort';
import { startService, type Service } from './service';
import { shared } from './shared';

/** Starts Debian's Redis on a free port; it keeps nothing on disk. */
export async function startRedis(): Promise<Service> {
	const folder = fs.mkdtempSync(path.join(shared().folder, 'redis-'));
	const port = await freePort();
	const args = ['--bind', '127.0.0.1', '--port', `${port}`, '--save', '', '--dir', folder];
	const stop = await startService(
		['/usr/bin/redis-server', ...args],
		{ log: path.join(folder, 'redis.log') },
		() => execFileSync('/usr/bin/redis-cli', ['-p', `${port}`, 'ping'], { stdio: 'pipe' }),
	);
	return { port, stop };
}
