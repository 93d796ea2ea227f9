/** Packs the package as `npm publish` would, unpacks it elsewhere and looks at what a user of n8n would get. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import Table from 'cli-table3';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const MAX_DIST_BYTES = 120_000;
const MAX_PACKAGE_BYTES = 180_000;

const KINDS: Array<[kind: string, pattern: RegExp]> = [
	['code', /^dist\/(?:nodes|credentials)\/.+\.js$/],
	['codex', /^dist\/nodes\/[^/]+\/[^/]+\.node\.json$/],
	['icons', /^dist\/(?:nodes|credentials)\/.+\.svg$/],
	['output previews', /^dist\/nodes\/[^/]+\/__schema__\/.+\.json$/],
	['manifest', /^package\.json$/],
	['documents', /^(?:README\.md|LICENSE|CHANGELOG\.md)$/],
];
const REQUIRED = ['package.json', 'README.md', 'LICENSE'];

const LIFECYCLE_SCRIPTS =
	/^(?:(?:pre|post)?(?:install|uninstall|publish|pack|prepare|version)|prepublishOnly|dependencies)$/;

/** What n8n lends to a community node; everything else would be missing there. */
const MODULES_OF_N8N = ['n8n-workflow', 'luxon'];

interface Manifest {
	dependencies?: object;
	optionalDependencies?: object;
	bundledDependencies?: string[];
	bundleDependencies?: string[];
	peerDependencies?: Record<string, string>;
	scripts?: Record<string, string>;
	n8n: { nodes: string[]; credentials: string[] };
}

const root = path.resolve(__dirname, '..');
const problems: string[] = [];

function run(command: string, args: string[], cwd: string) {
	const { status, stdout, stderr, error } = spawnSync(command, args, {
		cwd,
		encoding: 'utf8',
		shell: process.platform === 'win32',
	});
	if (status !== 0) {
		throw new Error(`${command} ${args.join(' ')} failed:\n${error?.message ?? stdout + stderr}`);
	}
}

function packAndUnpack(folder: string) {
	run('npm', ['pack', '--pack-destination', folder], root);
	const tarball = fs.readdirSync(folder).find((name) => name.endsWith('.tgz'));
	if (!tarball) throw new Error('npm pack left no tarball');
	run('tar', ['-xzf', tarball], folder);
	return { unpacked: path.join(folder, 'package'), tarball: path.join(folder, tarball) };
}

function listFiles(folder: string) {
	return fs
		.readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => path.join(entry.parentPath, entry.name))
		.map((file) => ({
			name: path.relative(folder, file).split(path.sep).join('/'),
			bytes: fs.statSync(file).size,
		}));
}

type PackedFile = ReturnType<typeof listFiles>[number];

const total = (files: PackedFile[]) => files.reduce((sum, { bytes }) => sum + bytes, 0);
const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
const kindOf = ({ name }: PackedFile) => KINDS.find(([, pattern]) => pattern.test(name))?.[0];
const isEmpty = (value: object | undefined) => !value || Object.keys(value).length === 0;

function checkFiles(files: PackedFile[]) {
	for (const file of files.filter((one) => !kindOf(one))) {
		problems.push(`${file.name} must not be in the package`);
	}
	const names = new Set(files.map(({ name }) => name));
	for (const name of REQUIRED.filter((one) => !names.has(one))) {
		problems.push(`${name} is missing from the package`);
	}
}

function checkSizes(files: PackedFile[]) {
	const dist = total(files.filter(({ name }) => name.startsWith('dist/')));
	for (const [what, bytes, limit] of [
		['dist/', dist, MAX_DIST_BYTES],
		['the package', total(files), MAX_PACKAGE_BYTES],
	] as const) {
		if (bytes >= limit) {
			problems.push(`${what} is ${kilobytes(bytes)} unpacked, the limit is ${kilobytes(limit)}`);
		}
	}
	return dist;
}

function checkManifest(manifest: Manifest) {
	for (const field of [
		'dependencies',
		'optionalDependencies',
		'bundledDependencies',
		'bundleDependencies',
	] as const) {
		if (!isEmpty(manifest[field])) problems.push(`package.json must have no ${field}`);
	}
	if (JSON.stringify(manifest.peerDependencies) !== '{"n8n-workflow":"*"}') {
		problems.push('package.json must have {"n8n-workflow": "*"} as its only peer dependency');
	}
	for (const name of Object.keys(manifest.scripts ?? {})) {
		if (LIFECYCLE_SCRIPTS.test(name))
			problems.push(`package.json has the lifecycle script "${name}"`);
	}
}

function checkRegistration({ n8n }: Manifest, files: PackedFile[]) {
	for (const [suffix, registered] of [
		['.node.js', n8n.nodes],
		['.credentials.js', n8n.credentials],
	] as const) {
		const packed = files.map(({ name }) => name).filter((name) => name.endsWith(suffix));
		for (const name of packed.filter((one) => !registered.includes(one))) {
			problems.push(`${name} is not registered under "n8n" in package.json`);
		}
		for (const name of registered.filter((one) => !packed.includes(one))) {
			problems.push(`${name} is registered under "n8n" in package.json, but is not in the package`);
		}
	}
}

/** Runs inside a process of its own, in the unpacked package: `require` as n8n does it, then look at the class. */
const LOAD = `
	const { existsSync } = require('node:fs');
	const { basename, dirname, resolve } = require('node:path');
	const file = resolve(process.argv[1]);
	const name = basename(file).split('.')[0];
	const Class = require(file)[name];
	if (typeof Class !== 'function') throw new Error('it exports no class ' + name);
	const instance = new Class();
	const described = instance.description ?? instance;
	if (!described.name) throw new Error('class ' + name + ' has no name for n8n');
	for (const icon of Object.values(typeof described.icon === 'string' ? { icon: described.icon } : described.icon ?? {})) {
		const drawing = resolve(dirname(file), icon.replace(/^file:/, ''));
		if (!existsSync(drawing)) throw new Error('its icon is missing: ' + icon);
	}
	process.stdout.write(described.name);
`;

function loadRegistered({ n8n }: Manifest, unpacked: string, modules: string) {
	for (const name of MODULES_OF_N8N) {
		fs.symlinkSync(path.join(root, 'node_modules', name), path.join(modules, name), 'junction');
	}
	return [...n8n.nodes, ...n8n.credentials].map((file) => {
		const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', LOAD, file], {
			cwd: unpacked,
			encoding: 'utf8',
			env: { ...process.env, NODE_PATH: modules },
		});
		if (status === 0) return { file, name: stdout };
		const reason = /^\w*Error: .+$/m.exec(stderr)?.[0] ?? stderr.trim();
		problems.push(`${file} does not load: ${reason}`);
		return { file, name: 'does not load' };
	});
}

/** The half of n8n's scan (@n8n/scan-community-package) that reads the tarball; lint-published.ts does the other. */
async function scan(unpacked: string) {
	const eslint = new ESLint({
		cwd: unpacked,
		allowInlineConfig: false,
		overrideConfigFile: true,
		overrideConfig: [
			n8nCommunityNodesPlugin.configs.recommended,
			{ rules: { 'no-console': 'error' } },
			{ files: ['**/*.json'], languageOptions: { parser: tseslint.parser } },
		] as ESLint.Options['overrideConfig'],
	});
	for (const { filePath, messages } of await eslint.lintFiles(['**/*.js', 'package.json'])) {
		for (const { line, message, ruleId } of messages) {
			const name = path.relative(unpacked, filePath);
			problems.push(`n8n's scan, ${name}:${line}: ${message} (${ruleId})`);
		}
	}
}

function report(
	files: PackedFile[],
	dist: number,
	tarball: string,
	loaded: Array<{ file: string; name: string }>,
) {
	const style = { head: [], border: [], compact: true };
	const right = { hAlign: 'right' as const };
	const sizes = new Table({
		head: ['In the package', 'Files', 'Unpacked', 'Limit'],
		style,
		colAligns: ['left', 'right', 'right', 'right'],
	});
	for (const kind of [...KINDS.map(([name]) => name), undefined]) {
		const ofKind = files.filter((file) => kindOf(file) === kind);
		if (ofKind.length > 0)
			sizes.push([kind ?? 'NOT ALLOWED', ofKind.length, kilobytes(total(ofKind)), '']);
	}
	const inDist = files.filter(({ name }) => name.startsWith('dist/')).length;
	sizes.push(['dist/', inDist, kilobytes(dist), kilobytes(MAX_DIST_BYTES)]);
	sizes.push(['all', files.length, kilobytes(total(files)), kilobytes(MAX_PACKAGE_BYTES)]);
	sizes.push(['tarball', { content: '1', ...right }, kilobytes(fs.statSync(tarball).size), '']);
	console.log(sizes.toString());

	const classes = new Table({ head: ['Registered with n8n', 'Name there'], style });
	for (const { file, name } of loaded) classes.push([file, name]);
	console.log(classes.toString());
}

async function main() {
	const folder = fs.realpathSync(
		fs.mkdtempSync(path.join(os.tmpdir(), 'n8n-nodes-postpress-pack-')),
	);
	try {
		const { unpacked, tarball } = packAndUnpack(folder);
		const modules = path.join(folder, 'modules');
		fs.mkdirSync(modules);
		const manifest = JSON.parse(
			fs.readFileSync(path.join(unpacked, 'package.json'), 'utf8'),
		) as Manifest;
		const files = listFiles(unpacked);

		checkFiles(files);
		const dist = checkSizes(files);
		checkManifest(manifest);
		checkRegistration(manifest, files);
		const loaded = loadRegistered(manifest, unpacked, modules);
		await scan(unpacked);

		report(files, dist, tarball, loaded);
	} finally {
		fs.rmSync(folder, { recursive: true, force: true });
	}
	for (const problem of problems) console.error(`✗ ${problem}`);
	if (problems.length > 0) process.exitCode = 1;
	else console.log('The package holds what n8n needs and nothing else.');
}

void main();
