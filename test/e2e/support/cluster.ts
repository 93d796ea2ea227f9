import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../sandbox';
import { startApp, type App } from '../../../harness/app/app';
import { CREDENTIAL_NAME, CREDENTIAL_TYPE } from '../../../harness/app/examples';
import { freePort } from '../../../harness/freePort';
import { answers, startProcess, type N8nProcess } from '../../../harness/app/process';
import type { N8nRest, SavedCredential } from '../../../harness/app/rest';
import { environmentOf } from '../../../harness/app/settings';
import { onFailure } from './evidence';
import { startPostgres } from './postgres';
import { startRedis } from './redis';
import { shared } from './shared';

/** An n8n in queue mode: a main process, one for webhooks, and workers, on PostgreSQL and Redis. */
export interface Cluster {
	readonly rest: N8nRest;
	readonly sandbox: Sandbox;
	readonly credential: SavedCredential;
	/** Where the webhook process listens. */
	readonly webhooks: string;
	readonly workers: N8nProcess[];
	/** The main process: schedules, and the editor. */
	readonly main: N8nProcess;
	/** Port of the database; user and database are `postgres`. */
	readonly database: number;
	/** Starts a main process again that was killed. */
	restartMain(): Promise<void>;
	/** Starts one more worker, with more environment. */
	startWorker(more?: NodeJS.ProcessEnv): Promise<N8nProcess>;
	/** Ids of the executions that a worker has begun. */
	startedBy(worker: N8nProcess): string[];
	/** What a query gives, without headings. */
	query(sql: string): string;
	stop(): Promise<void>;
}

/** How soon the queue notices that a worker is gone; n8n's own values take a minute and more. */
const NOTICE = {
	QUEUE_WORKER_LOCK_DURATION: '4000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '1000',
	QUEUE_WORKER_STALLED_INTERVAL: '1000',
};

/**
 * Starts all of it, with two workers that run five executions each at a time.
 *
 * @param options those of the local PostPress, and more environment for the second worker
 */
export async function startCluster({
	second = {},
	...options
}: SandboxOptions & { second?: NodeJS.ProcessEnv }): Promise<Cluster> {
	const stops: Array<() => Promise<unknown>> = [];
	const stop = async () => {
		for (const end of stops.splice(0).reverse()) await end();
	};
	try {
		const sandbox = await startSandbox(options);
		stops.push(() => sandbox.close());
		const [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
		stops.push(redis.stop, postgres.stop);
		const env = {
			...NOTICE,
			EXECUTIONS_MODE: 'queue',
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(redis.port),
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(postgres.port),
			DB_POSTGRESDB_DATABASE: 'postgres',
			DB_POSTGRESDB_USER: 'postgres',
		};
		const logs = new Set<string>();
		const noted = (process: N8nProcess) => {
			logs.add(process.log);
			stops.push(() => process.stop());
			return process;
		};
		const mainFolder = newUserFolder();
		const startMain = async () => {
			const app = await startApp({ folder: shared().n8n, userFolder: mainFolder, env });
			noted(app.process);
			return app;
		};
		const startWorker = async (more: NodeJS.ProcessEnv = {}) =>
			noted((await startOther(['worker', '--concurrency=5'], { ...env, ...more })).process);

		let app: App = await startMain();
		const [webhooks, ...workers] = await Promise.all([
			startOther(['webhook'], env),
			startWorker(),
			startWorker(second),
		]);
		noted(webhooks.process);
		const { apiKey, url: baseUrl } = sandbox;
		const data = { apiKey, baseUrl };
		const credential = await app.rest.saveCredential(CREDENTIAL_NAME, CREDENTIAL_TYPE, data);
		stops.push(async () => forget());
		const forget = onFailure((folder) => {
			for (const [index, log] of [...logs].entries()) {
				fs.copyFileSync(log, path.join(folder, `n8n-${index}.log`));
			}
		});
		return {
			get rest() {
				return app.rest;
			},
			get main() {
				return app.process;
			},
			sandbox,
			credential,
			webhooks: webhooks.url,
			workers,
			database: postgres.port,
			async restartMain() {
				app = await startMain();
			},
			async startWorker(more) {
				const worker = await startWorker(more);
				workers.push(worker);
				return worker;
			},
			startedBy: ({ log }) =>
				[...fs.readFileSync(log, 'utf8').matchAll(/Worker started execution (\d+)/g)].map(
					([, id]) => id,
				),
			query: (sql) =>
				execFileSync(
					'psql',
					[...['-h', '127.0.0.1', '-p', `${postgres.port}`, '-U', 'postgres'], '-Atc', sql],
					{ encoding: 'utf8' },
				).trim(),
			stop,
		};
	} catch (error) {
		await stop();
		throw error;
	}
}

/** Each process has a user folder of its own, as it has on a machine of its own. */
async function startOther(
	args: string[],
	env: NodeJS.ProcessEnv,
): Promise<{ url: string; process: N8nProcess }> {
	const userFolder = newUserFolder();
	const folder = shared().n8n;
	const place = { folder, userFolder, port: await freePort(), brokerPort: await freePort() };
	const url = `http://127.0.0.1:${place.port}`;
	const process = await startProcess({
		folder,
		args,
		env: {
			...environmentOf(place),
			...env,
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			QUEUE_HEALTH_CHECK_PORT: String(place.port),
			N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
		},
		log: path.join(userFolder, 'n8n.log'),
		isReady: () => answers(`${url}/healthz/readiness`),
	});
	return { url, process };
}

function newUserFolder(): string {
	const { folder, template } = shared();
	const userFolder = fs.mkdtempSync(path.join(folder, 'queue-'));
	fs.cpSync(template, userFolder, { recursive: true });
	fs.rmSync(path.join(userFolder, 'n8n.log'), { force: true });
	fs.rmSync(path.join(userFolder, '.n8n', 'database.sqlite'), { force: true });
	return userFolder;
}
