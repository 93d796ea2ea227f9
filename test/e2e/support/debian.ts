import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import type { Say } from '../../../harness/install/installN8n';

/** Programs that the tests use, and the Debian packages that bring them. */
const NEEDED: Array<[program: string, debianPackage: string]> = [
	['/usr/bin/chromium', 'chromium'],
	['/usr/bin/faketime', 'faketime'],
	['/usr/bin/openssl', 'openssl'],
	['/usr/bin/redis-server', 'redis-server'],
	['/usr/lib/postgresql/15/bin/postgres', 'postgresql-15'],
];

/** Installs the programs that are missing, where that can be done without asking. */
export function ensureDebianPackages(say: Say): void {
	const missing = NEEDED.filter(([program]) => !fs.existsSync(program)).map(([, name]) => name);
	if (missing.length === 0) return;
	const command = `apt-get install -y --no-install-recommends ${missing.join(' ')} fonts-liberation`;
	if (process.getuid?.() !== 0)
		throw new Error(`Missing: ${missing.join(', ')}. As root: ${command}`);
	say(`Installing ${missing.join(', ')} …`);
	run('apt-get', ['update']);
	const [program, ...args] = command.split(' ');
	run(program, args);
}

function run(program: string, args: string[]): void {
	const { status, stderr, error } = spawnSync(program, args, {
		encoding: 'utf8',
		env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
	});
	if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`);
}
