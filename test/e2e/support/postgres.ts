import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from '../../../harness/freePort';
import { startService, type Service } from './service';

const BIN = '/usr/lib/postgresql/15/bin';

/** Starts Debian's PostgreSQL on a free port, with an empty cluster; user and database are `postgres`. */
export async function startPostgres(): Promise<Service> {
	const account = accountForPostgres();
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'n8n-postpress-postgres-'));
	if (account) fs.chownSync(folder, account.uid, account.gid);
	const data = path.join(folder, 'data');
	const inFolder = { ...account, cwd: folder };
	execFileSync(
		path.join(BIN, 'initdb'),
		['--pgdata', data, '--username=postgres', '--auth=trust', '--no-sync', '--encoding=UTF8'],
		{ ...inFolder, stdio: 'pipe' },
	);

	const port = await freePort();
	const settings = [
		...['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'max_connections=100'],
		// n8n asks for times in UTC without saying so.
		...['-c', 'timezone=UTC', '-c', 'listen_addresses=127.0.0.1'],
		...['-c', `unix_socket_directories=${folder}`],
	];
	const stop = await startService(
		[path.join(BIN, 'postgres'), '-D', data, '-p', `${port}`, ...settings],
		{ ...inFolder, log: path.join(folder, 'postgres.log') },
		() =>
			execFileSync(path.join(BIN, 'pg_isready'), ['-h', '127.0.0.1', '-p', `${port}`], {
				stdio: 'pipe',
			}),
	);
	return {
		port,
		async stop() {
			await stop();
			fs.rmSync(folder, { recursive: true, force: true });
		},
	};
}

/** PostgreSQL refuses to run as root; its Debian package has made an account for it. */
function accountForPostgres(): { uid: number; gid: number } | undefined {
	if (process.getuid?.() !== 0) return undefined;
	const id = (flag: string) =>
		Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }).trim());
	return { uid: id('-u'), gid: id('-g') };
}
