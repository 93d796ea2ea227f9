import fs from 'node:fs';
import { startApp } from '../../../scripts/n8n/app';
import { wantedVersion } from '../../../scripts/n8n/folders';
import { packAndInstall } from '../../../scripts/n8n/installNode';
import { ensureN8n } from '../../../scripts/n8n/installN8n';
import { sayer } from '../../../scripts/n8n/say';
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
