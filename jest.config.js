/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	testMatch: ['<rootDir>/test/unit/**/*.test.ts', '<rootDir>/test/engine/**/*.test.ts'],
	transform: {
		'^.+\\.[jt]s$': [
			'@swc/jest',
			{
				jsc: { parser: { syntax: 'typescript' }, target: 'es2022', keepClassNames: true },
				module: { type: 'commonjs' },
				sourceMaps: 'inline',
			},
		],
	},
	// fastify-openapi-glue and its validator are ES modules, which jest cannot require as they stand.
	transformIgnorePatterns: ['/node_modules/(?!(@seriousme|fastify-openapi-glue)/)'],
	cacheDirectory: '<rootDir>/node_modules/.cache/jest',
	testTimeout: 30_000,
	maxWorkers: 2,
};
