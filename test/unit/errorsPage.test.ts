import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { errorsPage } from '../../scripts/errors-page';

it('docs/errors.md says what the catalogue says (npx tsx scripts/errors-page.ts)', () => {
	const page = readFileSync(join(__dirname, '../../docs/errors.md'), 'utf8');
	expect(page).toBe(errorsPage());
});
