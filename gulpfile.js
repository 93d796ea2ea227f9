const { spawn } = require('node:child_process');
const { existsSync, rmSync } = require('node:fs');
const { rename } = require('node:fs/promises');
const { dest, series, src, watch } = require('gulp');

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

const copyAssets = () => src(assets, { base: '.', encoding: false }).pipe(dest(staging));

const replaceDist = async () => {
	if (existsSync('dist')) await rename('dist', outdated);
	await rename(staging, 'dist');
	await clean();
};

const build = series(clean, compile, copyAssets, replaceDist);

exports.build = build;
exports.default = build;
exports.watch = () => watch(sources, { ignoreInitial: false }, build);
