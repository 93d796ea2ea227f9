'use strict';

/**
 * n8n as this process has it: loaded once, by node itself, with what `n8n start` sets before it
 * runs a workflow. Everything that must outlive one test file stands here.
 *
 * Plain JavaScript because jest never sees it. Jest gives every test file a module registry and a
 * JavaScript realm of its own; n8n's default expression engine (isolated-vm behind a dynamic
 * `import()`) does not start in there, and n8n would be loaded again for every file.
 */

const fs = require('node:fs');
const { createRequire } = require('node:module');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { Writable } = require('node:stream');
const flatted = require('flatted');
const { clock } = require('./clock');
const versions = require('./versions');

// n8n with its defaults, whatever the machine that runs the tests has set
for (const name of Object.keys(process.env)) {
	if (/^(N8N|EXECUTIONS)_|^GENERIC_TIMEZONE$/.test(name)) delete process.env[name];
}

if (process.env.ENGINE_FOLDER) versions.takeN8nFrom(process.env.ENGINE_FOLDER);

// n8n writes a settings file with a new encryption key into its user folder: never the real one
const userFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'n8n-engine-'));
process.env.N8N_USER_FOLDER = userFolder;

// every level is logged, to whoever follows and not to the console
process.env.N8N_LOG_LEVEL = 'debug';
process.env.N8N_LOG_OUTPUT = 'none';

// n8n honours HTTP_PROXY and friends; the servers of the tests are on this machine
const noProxy = [process.env.NO_PROXY ?? process.env.no_proxy, '127.0.0.1', 'localhost', '::1'];
process.env.NO_PROXY = process.env.no_proxy = noProxy.filter(Boolean).join(',');

// n8n's container runs in production; with NODE_ENV=test (jest) n8n takes short cuts
const nodeEnv = process.env.NODE_ENV;
process.env.NODE_ENV = 'production';
require('reflect-metadata');
const requireOfN8n = createRequire(require.resolve('n8n-core'));
const { Container } = requireOfN8n('@n8n/di');
const { Logger } = requireOfN8n('@n8n/backend-common');
const followers = new Set();
const log = new Writable({
	objectMode: true,
	write(entry, _encoding, done) {
		for (const follow of followers) follow(entry);
		done();
	},
});
Container.get(Logger).internalLogger.pipe(log);
const core = require('n8n-core');
const workflow = require('n8n-workflow');
const { GlobalConfig } = requireOfN8n('@n8n/config');
const { toJsonSchema } = requireOfN8n('@langchain/core/utils/json_schema');
const config = Container.get(GlobalConfig);
if (nodeEnv === undefined) delete process.env.NODE_ENV;
else process.env.NODE_ENV = nodeEnv;

versions.provideKey(core, Container);

// from here on the settings are in memory: nothing to clean up when the process is killed
fs.rmSync(userFolder, { recursive: true });

let executions = 0;
let engines = 0;
let autoSelectFamily;

module.exports = {
	core,
	workflow,
	Container,
	toJsonSchema,
	clock,
	expressionEngine: () => versions.expressionEngineOf(workflow),
	withIsolate: versions.withIsolate,
	runByHand: versions.runByHand,
	fieldsOf: (credentialType) => versions.fieldsOf(workflow, credentialType),

	/** A copy whose objects belong to n8n's realm, as if n8n had read them from its database. */
	copy: (value) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value))),

	/** What n8n gets back of an execution that it has stored. */
	stored: (data) => flatted.parse(flatted.stringify(data)),

	/** n8n's executions have the row numbers of its database as ids. */
	nextExecutionId: () => String(++executions),

	/** Calls `follow` with every log entry until the returned function is called. */
	followLog(follow) {
		followers.add(follow);
		return () => followers.delete(follow);
	},

	/** What `n8n start` does once before the first execution. */
	async acquire({ expressionEngine, timezone }) {
		const { setGlobalState } = workflow;
		if (engines++ === 0) {
			// as in n8n's launcher: a host name is tried at its first address only
			autoSelectFamily = net.getDefaultAutoSelectFamily();
			net.setDefaultAutoSelectFamily(false);
		}
		setGlobalState({ defaultTimezone: timezone ?? config.generic.timezone });
		await versions.startExpressions(workflow, config, expressionEngine);
	},

	/** The counterpart of `acquire`. */
	async release() {
		if (--engines > 0) return;
		clock.release();
		net.setDefaultAutoSelectFamily(autoSelectFamily);
		await versions.stopExpressions(workflow);
	},

	/** Forgets the loaded modules of a folder, so that the next engine starts with fresh ones. */
	unload(folder) {
		for (const file of Object.keys(require.cache)) {
			if (file.startsWith(folder + path.sep)) delete require.cache[file];
		}
	},

	/** The module as the engine itself has it. */
	load: (file) => require(file),
};
