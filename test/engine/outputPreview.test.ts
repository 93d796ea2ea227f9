import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IDataObject } from 'n8n-workflow';

import { performed } from '../../harness/engine';
import { operationSamples } from './support/operations';
import { startRig } from './support/rig';

/** Folder that n8n looks into for the previews of typeVersion 1 (n8n-core, output-schema-resolver). */
const PREVIEWS = join(__dirname, '../../dist/nodes/PostPress/__schema__/v1.0.0');

const rig = startRig();

/** What n8n shows of some JSON before the node has run: its names, in this order, and their types. */
interface Preview {
	type: string;
	properties?: Record<string, Preview>;
}

function previewOf(value: unknown): Preview {
	if (typeof value !== 'object') return { type: typeof value };
	const entries = Object.entries(value as IDataObject);
	const properties = Object.fromEntries(entries.map(([name, own]) => [name, previewOf(own)]));
	return { type: 'object', properties };
}

describe('the output preview', () => {
	it.each(operationSamples)('of $resource: $operation is what comes out', async (sample) => {
		const { resource, operation, parameters } = sample;
		const file = join(PREVIEWS, resource, `${operation}.json`);
		const { version, ...schema } = JSON.parse(readFileSync(file, 'utf8')) as Preview & {
			version: number;
		};
		const { result } = await rig.run({ parameters });
		// As text: a table shows the columns in this order.
		expect(JSON.stringify(schema)).toBe(JSON.stringify(previewOf(performed(result)[0].json)));
		expect(version).toBe(1);
	});
});
