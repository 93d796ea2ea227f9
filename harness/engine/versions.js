'use strict';

/**
 * What differs between the versions of n8n that the engine runs in: everything else of the harness
 * is written for the newest. Each function does what that version of n8n does itself, which may be nothing.
 */

const { randomBytes } = require('node:crypto');
const { createRequire, registerHooks } = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

/** What n8n brings along for its nodes. */
const OF_N8N = ['n8n-core', 'n8n-workflow', 'luxon', 'reflect-metadata'];

/** Takes n8n, for the harness and for the node, from another folder than this checkout's. */
function takeN8nFrom(folder) {
	const requireThere = createRequire(path.join(folder, 'package.json'));
	const urls = Object.fromEntries(
		OF_N8N.map((name) => [name, pathToFileURL(requireThere.resolve(name)).href]),
	);
	registerHooks({
		resolve(specifier, context, next) {
			const url = Object.hasOwn(urls, specifier) && urls[specifier];
			return url ? { url, format: 'commonjs', shortCircuit: true } : next(specifier, context);
		},
	});
}

/** Gives n8n the key that encrypts credentials; later versions keep it in their database. */
function provideKey({ Cipher, EncryptionKeyProxy }, Container) {
	if (!EncryptionKeyProxy) return;
	const value = Container.get(Cipher).encryptDEKWithInstanceKey(randomBytes(32).toString('hex'));
	const getKey = async () => ({ id: 'harness', value, algorithm: 'aes-256-gcm' });
	Container.get(EncryptionKeyProxy).setProvider({
		getActiveKey: getKey,
		getKeyById: getKey,
		getLegacyKey: getKey,
	});
}

/**
 * Starts the expression engine.
 *
 * @param wanted `legacy` or `vm`; left out, the one that n8n chooses by itself
 */
async function startExpressions({ Expression }, { expressionEngine: config }, wanted) {
	if (!Expression.initExpressionEngine) return;
	const engine = wanted ?? config.engine;
	const { idleTimeout } = config;
	Expression.setExpressionEngine?.(engine);
	await Expression.initExpressionEngine({
		engine,
		poolSize: config.poolSize,
		maxCodeCacheSize: config.maxCodeCacheSize,
		bridgeTimeout: config.bridgeTimeout,
		bridgeMemoryLimit: config.bridgeMemoryLimit,
		idleTimeoutMs: idleTimeout === undefined ? undefined : idleTimeout * 1000,
		lazyAcquire: config.lazyAcquire,
		compileCache: config.compileCache,
	});
}

/** The counterpart of `startExpressions`. */
async function stopExpressions({ Expression }) {
	await Expression.disposeExpressionEngine?.();
}

/** The expression engine in use; before n8n had two, it was the one now called `legacy`. */
const expressionEngineOf = ({ Expression }) => Expression.getActiveImplementation?.() ?? 'legacy';

/** Does some work with an expression engine of its own, where n8n has several. */
async function withIsolate(expression, work) {
	if (!expression.acquireIsolate) return await work();
	await expression.acquireIsolate();
	try {
		return await work();
	} finally {
		await expression.releaseIsolate();
	}
}

/**
 * Runs a workflow by hand, from its trigger.
 *
 * @param execute n8n's WorkflowExecute
 * @returns what it returns: the run, which can be cancelled
 */
function runByHand(execute, { workflow, startNode, pinData }) {
	const takesPositions = execute.run.length > 1;
	if (takesPositions) return execute.run(workflow, startNode, undefined, pinData);
	return execute.run({ workflow, startNode, pinData });
}

/** The fields of a credential, with those for the hosts that it is for, where n8n adds them. */
const fieldsOf = ({ injectDomainRestrictionFields }, type) =>
	injectDomainRestrictionFields ? injectDomainRestrictionFields(type) : type.properties;

module.exports = {
	expressionEngineOf,
	fieldsOf,
	provideKey,
	runByHand,
	startExpressions,
	stopExpressions,
	takeN8nFrom,
	withIsolate,
};
