import path from 'node:path';
import { devDependencies } from '../../package.json';
import { engineFolder } from './folders';
import { installOnce, type Say } from './installOnce';

/**
 * Installs n8n's engine alone into the cache, once: n8n-core with the n8n-workflow that it names.
 *
 * @param version of n8n-core
 * @returns the folder
 */
export async function ensureEngine(version: string, say: Say): Promise<string> {
	const { 'reflect-metadata': reflectMetadata } = devDependencies;
	const installation = {
		name: `n8n's engine ${version}`,
		folder: engineFolder(version),
		cost: 'half a minute and 0.3 GB',
		dependencies: { 'n8n-core': version, 'reflect-metadata': reflectMetadata },
		proof: path.join('node_modules', 'n8n-core', 'package.json'),
		reads: 700,
	};
	return await installOnce(installation, say);
}
