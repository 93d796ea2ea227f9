const { spawn } = require('node:child_process');
const { existsSync, rmSync } = require('node:fs');
const { readdir, readFile, rename, writeFile } = require('node:fs/promises');
const path = require('node:path');
const { dest, parallel, series, src, watch } = require('gulp');
const prettier = require('prettier');

// Everything is put together beside dist/ and moved there last: a build that fails leaves the last good one alone,
// and a test that runs meanwhile never sees half of one.
const staging = `.dist-${process.pid}`;
const outdated = `${staging}-outdated`;
const clean = async () => {
	for (const folder of [staging, outdated]) rmSync(folder, { recursive: true, force: true });
};
process.on('exit', clean);

const sources = ['nodes/**', 'credentials/**'];
const assets = [
	'nodes/**/*.svg',
	'credentials/**/*.svg',
	'nodes/**/*.node.json', // codex
	'nodes/**/__schema__/**/*.json',
];

const compile = () =>
	spawn(
		process.execPath,
		[require.resolve('typescript/bin/tsc'), '--outDir', staging, '--pretty'],
		{ stdio: 'inherit' },
	);

// The compiler indents with four spaces: a tenth of the package. Published code is formatted as its source is,
// but more tightly.
const format = async () => {
	const options = {
		...(await prettier.resolveConfig('index.js')),
		parser: 'babel',
		arrowParens: 'avoid',
		trailingComma: 'none',
		semi: false,
		printWidth: 160,
		bracketSpacing: false,
	};
	const files = await readdir(staging, { recursive: true });
	await Promise.all(
		files
			.filter((name) => name.endsWith('.js'))
			.map(async (name) => {
				const file = path.join(staging, name);
				const code = withoutInterop(await readFile(file, 'utf8'));
				await writeFile(file, await prettier.format(code, options));
			}),
	);
};

// What the compiler adds for default imports, for tools that list exports without running the code, and for
// functions that use `this`, of which there are none here.
const withoutInterop = (code) =>
	code
		.replace('Object.defineProperty(exports, "__esModule", { value: true });\n', '')
		.replace(/^(exports\.\w+ = )+void 0;\n/m, '')
		.replace(/\(0, (\w+_1\.\w+)\)\(/g, '$1(');

const copyAssets = () => src(assets, { base: '.', encoding: false }).pipe(dest(staging));

const tightenJson = async () => {
	const files = await readdir(staging, { recursive: true });
	await Promise.all(
		files
			.filter((name) => name.endsWith('.json'))
			.map(async (name) => {
				const file = path.join(staging, name);
				await writeFile(file, JSON.stringify(JSON.parse(await readFile(file, 'utf8'))));
			}),
	);
};

const replaceDist = async () => {
	if (existsSync('dist')) await rename('dist', outdated);
	await rename(staging, 'dist');
	await clean();
};

const build = series(clean, compile, parallel(format, copyAssets), tightenJson, replaceDist);

exports.build = build;
exports.default = build;
exports.watch = () => watch(sources, { ignoreInitial: false }, build);
