import { startEngine, type Engine, type EngineOptions } from '../../../harness/engine';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../sandbox';

/** n8n's engine and some local PostPress, by the names that a test file has for them. */
export type Started<Name extends string> = { engine: Engine } & Record<Name, Sandbox>;

/** Starts all of it once for a group of tests, and ends it. */
export function startOnce<Name extends string>(
	sandboxes: Record<Name, SandboxOptions>,
	options: EngineOptions = {},
): Started<Name> {
	const started = {} as Started<Name>;
	const names = Object.keys(sandboxes) as Name[];

	beforeAll(async () => {
		const [engine, ...all] = await Promise.all([
			startEngine(options),
			...names.map((name) => startSandbox(sandboxes[name])),
		]);
		Object.assign(started, { engine }, Object.fromEntries(all.map((one, at) => [names[at], one])));
	});
	afterAll(async () => {
		await started.engine.stop();
		await Promise.all(names.map((name) => started[name].close()));
	});
	return started;
}

/** Does the work for the first test that asks for it; the others of a table look at the same. */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
	let done: Promise<T> | undefined;
	return () => (done ??= work());
}
