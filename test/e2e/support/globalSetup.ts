import fs from 'node:fs';
import { startApp } from '../../../harness/app/app';
import { wantedVersion } from '../../../harness/install/folders';
import { packAndInstall } from '../../../harness/install/installNode';
import { ensureN8n } from '../../../harness/install/installN8n';
import { sayer } from '../../../harness/say';
import { ensureDebianPackages } from './debian';
import { newShared, publish } from './shared';

/** Installs what is missing, and makes a user folder that every test file starts from. */
export default async function globalSetup(): Promise<void> {
	const say = sayer(process.stderr);
	ensureDebianPackages(say);
	const version = wantedVersion();
	const folder = await ensureN8n(version, say);
	const shared = newShared(folder, version);
	publish(shared);
	fs.mkdirSync(shared.template);
	await packAndInstall(shared.template);
	say('A new n8n makes its database …');
	const app = await startApp({ folder, userFolder: shared.template });
	await app.process.stop();
}
