import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './folders';
import { runNpm } from './npm';

/** Packs this package as `npm publish` would; dist/ must have been built. */
export async function packNode(folder: string): Promise<string> {
	const log = path.join(folder, 'pack.log');
	await runNpm(['pack', '--pack-destination', folder, '--ignore-scripts'], root, log);
	fs.rmSync(log);
	const tarball = fs.readdirSync(folder).find((name) => name.endsWith('.tgz'));
	if (!tarball) throw new Error('npm pack left no tarball');
	return path.join(folder, tarball);
}

/**
 * Installs a packed community node into a user folder of n8n, as n8n itself does after it has fetched
 * the tarball (CommunityPackagesService.downloadPackage): unpack, drop what only development needs,
 * note it in nodes/package.json. A node without dependencies needs no `npm install`.
 */
export function installNode(tarball: string, userFolder: string): void {
	const nodes = path.join(userFolder, '.n8n', 'nodes');
	const { name, version } = manifestIn(tarball);
	const folder = path.join(nodes, 'node_modules', name);
	fs.rmSync(folder, { recursive: true, force: true });
	fs.mkdirSync(folder, { recursive: true });
	execFileSync('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);

	const file = path.join(folder, 'package.json');
	const manifest = readJson(file);
	if (Object.keys((manifest.dependencies as object | undefined) ?? {}).length > 0) {
		throw new Error(`${name} has dependencies; a verified community node has none`);
	}
	for (const part of ['devDependencies', 'peerDependencies', 'optionalDependencies']) {
		delete manifest[part];
	}
	writeJson(file, manifest);
	writeJson(path.join(nodes, 'package.json'), {
		name: 'installed-nodes',
		private: true,
		dependencies: { [name]: version },
	});
}

/** Packs this package and installs it into a user folder. */
export async function packAndInstall(userFolder: string): Promise<void> {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'n8n-nodes-postpress-pack-'));
	try {
		installNode(await packNode(folder), userFolder);
	} finally {
		fs.rmSync(folder, { recursive: true, force: true });
	}
}

function manifestIn(tarball: string): { name: string; version: string } {
	const text = execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], {
		encoding: 'utf8',
	});
	return JSON.parse(text) as { name: string; version: string };
}

const readJson = (file: string) =>
	JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;

const writeJson = (file: string, value: unknown) =>
	fs.writeFileSync(file, JSON.stringify(value, null, 2));
