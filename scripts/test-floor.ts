// npm run test:floor: what has to work in the oldest versions of n8n that the node supports: the engine suite in
// n8n's engine alone, and the smoke test in the whole of n8n. `FLOOR=<version of n8n-core>` is the suite in that one.
import { spawn } from 'node:child_process';
import { FLOOR_VERSIONS, OLDEST_VERSION, wantedVersion } from '../harness/install/folders';
import { ensureEngine } from '../harness/install/installEngine';
import { sayer } from '../harness/say';

const say = sayer();

async function main(): Promise<void> {
	const { FLOOR } = process.env;
	const versions = FLOOR ? [wantedVersion('FLOOR', FLOOR)] : FLOOR_VERSIONS;
	for (const version of versions) note(await engineSuite(version));
	if (!FLOOR) note(await smokeTest());
}

const note = (code: number) => {
	process.exitCode = process.exitCode || code;
};

async function engineSuite(version: string): Promise<number> {
	const folder = await ensureEngine(version, say);
	say(`The engine suite in n8n-core ${version}:`);
	// Versions before 2.41 leave timers behind that would keep Jest waiting.
	return await jest(['--forceExit', 'test/engine'], { ENGINE_FOLDER: folder });
}

async function smokeTest(): Promise<number> {
	say(`The smoke test in n8n ${OLDEST_VERSION}:`);
	const args = ['-c', 'jest.e2e.config.js', 'smoke.test.ts'];
	return await jest(args, { N8N_VERSION: OLDEST_VERSION });
}

/** Runs Jest, and returns its exit code. */
async function jest(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
	const command = [require.resolve('jest/bin/jest'), ...args, ...process.argv.slice(2)];
	const child = spawn(process.execPath, command, {
		stdio: 'inherit',
		env: { ...process.env, ...env },
	});
	return await new Promise<number>((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', (code) => resolve(code ?? 1));
	});
}

main().catch((error: Error) => {
	console.error(error.message);
	process.exitCode = 1;
});
