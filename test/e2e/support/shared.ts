import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** What all test files share: made before the first, removed after the last. */
export interface Shared {
	folder: string;
	/** The folder that n8n is installed in. */
	n8n: string;
	version: string;
	/** A user folder with an empty database, an owner, and the node installed from its tarball. */
	template: string;
}

const VARIABLE = 'POSTPRESS_E2E';

export function newShared(n8n: string, version: string): Shared {
	const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'n8n-postpress-e2e-')));
	return { folder, n8n, version, template: path.join(folder, 'template') };
}

export function publish(shared: Shared): void {
	process.env[VARIABLE] = JSON.stringify(shared);
}

export function shared(): Shared {
	return JSON.parse(process.env[VARIABLE] ?? '') as Shared;
}
