const { transform, transformIgnorePatterns } = require('./jest.config');

/**
 * Tests in the real n8n: each file starts one of its own, two at a time. A file shares nothing with another but what
 * globalSetup has made.
 * @type {import('jest').Config}
 */
module.exports = {
	roots: ['<rootDir>/test/e2e'],
	testMatch: ['<rootDir>/test/e2e/**/*.test.ts'],
	testEnvironment: '<rootDir>/test/e2e/support/environment.js',
	globalSetup: '<rootDir>/test/e2e/support/globalSetup.ts',
	globalTeardown: '<rootDir>/test/e2e/support/globalTeardown.ts',
	transform,
	transformIgnorePatterns,
	cacheDirectory: '<rootDir>/node_modules/.cache/jest-e2e',
	testTimeout: 60_000,
	maxWorkers: 2,
};
