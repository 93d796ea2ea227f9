import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { performed } from '../../harness/engine';
import { operationSamples } from './support/operations';
import { startRig } from './support/rig';

/** Folder that n8n looks into for the previews of typeVersion 1 (n8n-core, output-schema-resolver). */
const PREVIEWS = join(__dirname, '../../dist/nodes/PostPress/__schema__/v1.0.0');

const rig = startRig();

describe('the output preview', () => {
	it.each(operationSamples)('of $resource: $operation is what comes out', async (sample) => {
		const { resource, operation, parameters } = sample;
		const file = join(PREVIEWS, resource, `${operation}.json`);
		const schema = JSON.parse(readFileSync(file, 'utf8')) as {
			properties: Record<string, { type: string }>;
		};
		const { result } = await rig.run({ parameters });
		const types = Object.entries(performed(result)[0].json).map(([name, value]) => [
			name,
			{ type: typeof value },
		]);
		expect(schema.properties).toEqual(Object.fromEntries(types));
	});
});
