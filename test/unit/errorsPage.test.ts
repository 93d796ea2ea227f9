import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');

it('docs/errors.md says what the catalogue says (npx tsx scripts/errors-page.ts)', () => {
	const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');
	const script = ['--import', 'tsx', 'scripts/errors-page.ts', '--print'];
	expect(page).toBe(execFileSync(process.execPath, script, { cwd: root, encoding: 'utf8' }));
});
