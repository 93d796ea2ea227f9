// For the whole repository, and for editors. What is published (nodes/, credentials/, package.json) is also linted
// with n8n's own unchanged eslint.config.mjs: see scripts/lint-published.ts.
import js from '@eslint/js';
import { globalIgnores } from 'eslint/config';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

const nodeGlobals = [
	'AbortController',
	'AbortSignal',
	'DOMException',
	'URL',
	'clearInterval',
	'console',
	'performance',
	'process',
	'setInterval',
	'setTimeout',
];
const commonJsGlobals = [...nodeGlobals, '__dirname', 'module', 'exports', 'require'];
const readonly = (names) => Object.fromEntries(names.map((name) => [name, 'readonly']));

export default tseslint.config(
	globalIgnores(['dist/', '.dist-*/', 'coverage/']),
	js.configs.recommended,
	{
		files: ['**/*.mjs'],
		languageOptions: { globals: readonly(nodeGlobals) },
	},
	{
		files: ['**/*.js'],
		languageOptions: { sourceType: 'commonjs', globals: readonly(commonJsGlobals) },
	},
	{
		files: ['**/*.ts'],
		extends: [tseslint.configs.recommended],
		languageOptions: {
			parserOptions: { project: 'tsconfig.dev.json', tsconfigRootDir: import.meta.dirname },
		},
		rules: {
			// As TypeScript does it: a name that begins with _ says that it is not used.
			'@typescript-eslint/no-unused-vars': [
				'error',
				{ argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
			],
			// The built node comes without types: require it, typed as its source.
			'@typescript-eslint/no-require-imports': ['error', { allow: ['/dist/'] }],
			// A promise that nobody awaits is a test that cannot fail.
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
		},
	},
	// n8n's rules for descriptions, less those that n8n's own config switches off (@n8n/node-cli/eslint).
	{
		files: ['nodes/**/*.ts'],
		plugins: { 'n8n-nodes-base': n8nNodesBase },
		rules: {
			...n8nNodesBase.configs.nodes.rules,
			'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
			'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
		},
	},
	{
		files: ['credentials/**/*.ts'],
		plugins: { 'n8n-nodes-base': n8nNodesBase },
		rules: {
			...n8nNodesBase.configs.credentials.rules,
			'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
		},
	},
);
