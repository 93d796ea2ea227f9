import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');

/** The version of n8n-core that the engine runs in: another than this checkout's in `npm run test:floor`. */
export const engineVersion: string = (
	JSON.parse(
		readFileSync(
			join(process.env.ENGINE_FOLDER ?? ROOT, 'node_modules', 'n8n-core', 'package.json'),
			'utf8',
		),
	) as { version: string }
).version;

const isBefore = (version: string) =>
	engineVersion.localeCompare(version, 'en', { numeric: true }) < 0;

/**
 * `test` for what n8n does from a version on. In older ones the test is skipped, with the reason in its name.
 *
 * @param reason what older versions do instead, or lack
 */
export const testSince = (version: string, reason: string) =>
	skippedIf(isBefore(version), `before ${version} ${reason}`);

/**
 * `test` for what n8n does but for some versions, in which the test is skipped, with the reason in its name.
 *
 * @param from the first of these versions
 * @param to the first version after them
 * @param reason what they do instead
 */
export const testBut = (from: string, to: string, reason: string) =>
	skippedIf(!isBefore(from) && isBefore(to), `from ${from} and before ${to} ${reason}`);

function skippedIf(isSkipped: boolean, reason: string): jest.It {
	if (!isSkipped) return test;
	const named = (name: string) => `${name} [n8n ${reason}]`;
	const skip = ((name: string, run?: jest.ProvidesCallback) => {
		test.skip(named(name), run);
	}) as jest.It;
	skip.each = ((table: readonly unknown[]) => (name: string, run: () => void) => {
		test.skip.each(table)(named(name), run);
	}) as jest.Each;
	return skip;
}

/** For tests of an expression that fails for one item alone, in a continue mode. */
export const testFailingExpression = testSince('2.39.0', 'fails the whole run then');

/** For tests of what a tool that n8n's engine runs tells the model when it fails. */
export const testFailingTool = (via: 'engine' | 'supplyData') =>
	via === 'engine' ? testSince('2.25.0', 'ends the execution when a tool fails') : test;

/** Whether n8n says why it refuses to start a workflow. */
export const SAYS_WHY = !isBefore('2.27.0');

/** Whether n8n evaluates expressions even where the editor offers none; a patched 1.123 does not. */
export const EVALUATES_EVERYWHERE = !isBefore('2.0.0') && isBefore('2.11.0');

/** For tests of a workflow that n8n refuses to start. */
export const testRefusedStart = testSince('2.27.0', 'does not say why');
