/**
 * Lints what is published the way n8n does: its own unchanged, strict ESLint config on nodes/, credentials/ and
 * package.json alone. `n8n-node lint` takes in every file of the folder it runs in, so it runs on a copy of just these.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const PUBLISHED = ['nodes', 'credentials', 'package.json'];
const NEEDED_TO_LINT = ['eslint.config.mjs', 'tsconfig.json'];
/** n8n's scanner ignores comments that switch rules on or off; so such a comment would only hide a finding from us. */
const INLINE_CONFIG = /eslint-(?:disable|enable)|\/\*\s*eslint\b/;

const root = path.resolve(__dirname, '..');
const fix = process.argv.includes('--fix');

const filesIn = (folder: string) =>
	fs
		.readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));

function inlineConfigs() {
	return ['nodes', 'credentials'].flatMap((folder) =>
		filesIn(path.join(root, folder)).flatMap((file) =>
			fs
				.readFileSync(path.join(root, folder, file), 'utf8')
				.split('\n')
				.flatMap((line, index) =>
					INLINE_CONFIG.test(line) ? [`${folder}/${file}:${index + 1}: ${line.trim()}`] : [],
				),
		),
	);
}

function stage(folder: string) {
	for (const name of [...PUBLISHED, ...NEEDED_TO_LINT]) {
		fs.cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
	}
	fs.symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
}

function takeFixesBack(folder: string) {
	for (const name of ['nodes', 'credentials']) {
		for (const file of filesIn(path.join(folder, name))) {
			const fixed = fs.readFileSync(path.join(folder, name, file));
			const original = path.join(root, name, file);
			if (!fs.readFileSync(original).equals(fixed)) fs.writeFileSync(original, fixed);
		}
	}
	fs.copyFileSync(path.join(folder, 'package.json'), path.join(root, 'package.json'));
}

/** Runs `n8n-node lint`; a warning fails it as an error does. */
function lint(folder: string) {
	const cli = path.join(root, 'node_modules', '@n8n', 'node-cli', 'bin', 'n8n-node.mjs');
	const { status, stdout, stderr } = spawnSync(
		process.execPath,
		[cli, 'lint', ...(fix ? ['--fix'] : [])],
		{
			cwd: folder,
			encoding: 'utf8',
			env: { ...process.env, npm_config_loglevel: 'error' },
		},
	);
	const output = `${stdout}${stderr}`.replaceAll(`${folder}${path.sep}`, '');
	const plain = stripVTControlCharacters(output);
	process.stdout.write(process.stdout.isTTY ? output : plain);
	return status === 0 && !/\d+ problems?/.test(plain);
}

/** Where a package finds the plug-in whose rules stand in n8n's config and in eslint.dev.config.mjs. */
const rulesSeenFrom = (folder: string) =>
	createRequire(path.join(root, folder, 'package.json')).resolve('eslint-plugin-n8n-nodes-base');

const problems: string[] = [];

if (rulesSeenFrom('.') !== rulesSeenFrom('node_modules/@n8n/node-cli')) {
	problems.push("eslint-plugin-n8n-nodes-base is not of the version that n8n's lint uses.");
}

const inline = inlineConfigs();
if (inline.length > 0) {
	problems.push(`ESLint comments stand in published code:\n  ${inline.join('\n  ')}`);
}

const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'n8n-nodes-postpress-lint-')));
try {
	stage(folder);
	if (!lint(folder)) problems.push('n8n-node lint found problems (warnings count).');
	if (fix) takeFixesBack(folder);
} finally {
	fs.rmSync(folder, { recursive: true, force: true });
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log('Published code: clean under the strict lint of n8n.');
