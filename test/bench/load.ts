import { execFileSync } from 'node:child_process';
import path from 'node:path';

import { root } from '../../harness/install/folders';
import { median } from './measure';

const PROCESSES = 15;

/** How long a new process takes to load the node and the credential, in milliseconds. */
export interface LoadTime {
	median: number;
	least: number;
	most: number;
}

/**
 * Loads the built package in new processes, one after the other.
 * @param inN8n whether n8n-workflow is there already, and Luxon with it, as it is in n8n
 */
export function measureLoad(inN8n: boolean): LoadTime {
	const files = ['nodes/PostPress/PostPress.node.js', 'credentials/PostPressApi.credentials.js'];
	const script = [
		...(inN8n ? ['n8n-workflow', 'luxon'] : []).map((name) => `require('${name}');`),
		'const start = performance.now();',
		...files.map((file) => `require(${JSON.stringify(path.join(root, 'dist', file))});`),
		'console.log(performance.now() - start);',
	].join('\n');
	const times = Array.from({ length: PROCESSES }, () =>
		Number(execFileSync(process.execPath, ['-e', script], { cwd: root, encoding: 'utf8' })),
	);
	return { median: median(times), least: Math.min(...times), most: Math.max(...times) };
}
