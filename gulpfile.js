const { spawn } = require('node:child_process');
const { rename, rm } = require('node:fs/promises');
const { dest, series, src, watch } = require('gulp');

// Everything is put together beside dist/ and moved there last: a build that fails leaves the last good one alone.
const staging = '.dist';

const sources = ['nodes/**', 'credentials/**'];
const assets = [
	'nodes/**/*.svg',
	'credentials/**/*.svg',
	'nodes/**/*.node.json', // codex
	'nodes/**/__schema__/**/*.json',
];

const clean = () => rm(staging, { recursive: true, force: true });

const compile = () =>
	spawn(
		process.execPath,
		[require.resolve('typescript/bin/tsc'), '--outDir', staging, '--pretty'],
		{ stdio: 'inherit' },
	);

const copyAssets = () => src(assets, { base: '.', encoding: false }).pipe(dest(staging));

const replaceDist = async () => {
	await rm('dist', { recursive: true, force: true });
	await rename(staging, 'dist');
};

const build = series(clean, compile, copyAssets, replaceDist);

exports.build = build;
exports.default = build;
exports.watch = () => watch(sources, { ignoreInitial: false }, build);
