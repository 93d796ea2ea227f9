import path from 'node:path';
import { n8nFolder } from './folders';
import { installOnce, type Say } from './installOnce';

export type { Say } from './installOnce';

/** n8n 1.123 names an address outside of npm's registry; later versions of n8n take this package themselves. */
const OVERRIDES = { xlsx: 'npm:@e965/xlsx@0.20.3' };

const BINARY = path.join('node_modules', 'n8n', 'bin', 'n8n');

/** The file that starts n8n. */
export const n8nBinary = (folder: string) => path.join(folder, BINARY);

/**
 * Installs a version of n8n into the cache, once.
 *
 * @returns the folder
 */
export async function ensureN8n(version: string, say: Say): Promise<string> {
	const installation = {
		name: `n8n ${version}`,
		folder: n8nFolder(version),
		cost: 'three to ten minutes and 2.8 GB',
		dependencies: { n8n: version },
		overrides: OVERRIDES,
		proof: BINARY,
		reads: 4_700,
		afterwards: {
			'building the database driver': ['rebuild', 'sqlite3', '--ignore-scripts=false'],
		},
	};
	return await installOnce(installation, say);
}
