// npm run test:floor: the engine suite in the oldest n8n that the node supports, or in the version in `FLOOR`.
import { spawn } from 'node:child_process';
import { FLOOR_VERSION, wantedVersion } from '../harness/install/folders';
import { ensureEngine } from '../harness/install/installEngine';
import { sayer } from '../harness/say';

async function main(): Promise<void> {
	const version = wantedVersion('FLOOR', FLOOR_VERSION);
	const say = sayer();
	const folder = await ensureEngine(version, say);
	say(`The engine suite in n8n-core ${version}:`);
	const jest = spawn(
		process.execPath,
		// Versions before 2.41 leave timers behind that would keep Jest waiting.
		[require.resolve('jest/bin/jest'), '--forceExit', 'test/engine', ...process.argv.slice(2)],
		{ stdio: 'inherit', env: { ...process.env, ENGINE_FOLDER: folder } },
	);
	process.exitCode = await new Promise<number>((resolve, reject) => {
		jest.once('error', reject);
		jest.once('exit', (code) => resolve(code ?? 1));
	});
}

main().catch((error: Error) => {
	console.error(error.message);
	process.exitCode = 1;
});
