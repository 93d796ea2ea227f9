import type {
	ExecutionError,
	ExecutionStatus,
	IDataObject,
	INodeExecutionData,
	IRunData,
	IRunExecutionData,
	ITaskData,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
	NodeConnectionType,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import {
	type BeforeCredentialRead,
	type CredentialsInput,
	createCredentialStore,
} from './credentials';
import { createEditor, type Editor } from './editor';
import { type LogEntry, type N8n, loadN8n } from './n8n';
import { loadPackage } from './registry';

const ROOT = resolve(__dirname, '../..');

export interface EngineOptions {
	/** Folder of the built package: its package.json names the files to load. Default: this one. */
	packageDir?: string;
	/** Stored before the first run; more with `saveCredentials` or for one run. */
	credentials?: CredentialsInput;
	/** The instance's timezone, for workflows that set none. Default: n8n's, America/New_York. */
	timezone?: string;
	/** Default: n8n's, vm. Belongs to the process, like the timezone: the last start decides. */
	expressionEngine?: 'legacy' | 'vm';
}

/** A workflow as n8n exports it. */
export type WorkflowJson = Pick<IWorkflowBase, 'connections' | 'nodes'> &
	Partial<Pick<IWorkflowBase, 'id' | 'name' | 'pinData' | 'settings'>>;

/** A node starts (`items` undefined) or has finished. */
export interface NodeEvent {
	node: string;
	run: ITaskData | undefined;
}

/** An item on a main output of a node, reported when that node has finished. */
export interface ItemEvent {
	node: string;
	output: number;
	index: number;
	item: INodeExecutionData;
}

export interface RunOptions {
	/** Items by node name, added to the workflow's own pinned data. */
	pinData?: IWorkflowBase['pinData'];
	/** Default: the next number, as text. Given as `undefined`: an execution without an id. */
	executionId?: string;
	/** Aborting it stops the execution as `cancel` does. */
	signal?: AbortSignal;
	/** Default `manual`: what the editor's button does. `trigger`: an active workflow's trigger fires. */
	mode?: Extract<WorkflowExecuteMode, 'manual' | 'trigger' | 'webhook'>;
	/** Name of the trigger to start from, if the workflow has several. */
	startNode?: string;
	/** Credentials of this run alone, replacing stored ones of the same id. */
	credentials?: CredentialsInput;
	/** Called before each credential is read; what it throws, n8n's database throws. */
	beforeCredentialRead?: BeforeCredentialRead;
	onNode?: (event: NodeEvent) => void;
	onItem?: (event: ItemEvent) => void;
}

/** How a failed execution is run again; its trigger is not. */
export interface RetryOptions extends Omit<RunOptions, 'mode' | 'pinData' | 'startNode'> {
	/** The workflow as it is saved by now. Default: the one that the execution was run with. */
	workflow?: WorkflowJson;
}

/** The execution's error as n8n stores it: the own fields of the error that the node threw. */
export type StoredError = ExecutionError & {
	httpCode?: string | null;
	messages?: string[];
	context?: IDataObject;
};

export interface RunResult {
	/** What was run. */
	workflow: WorkflowJson;
	executionId: string | undefined;
	/** As n8n stores it; `canceled` from the moment of `cancel`, whatever the node does then. */
	status: ExecutionStatus;
	/** Why it failed. For `canceled`: what the node threw then, else n8n's own cancellation error. */
	error: StoredError | undefined;
	/** Milliseconds from the start to the end of the engine's work, which may outlast `cancel`. */
	duration: number;
	/**
	 * All outputs of a node, one array of items for each; those of several runs (loops, tool calls)
	 * follow one another. Empty when the node failed or did not run. Items are as n8n stores them:
	 * JSON, without undefined fields.
	 */
	outputs(node: string, type?: NodeConnectionType): INodeExecutionData[][];
	/** The JSON of the items on one output. */
	json(node: string, output?: number): IDataObject[];
	/** By node name, an entry for each run of the node, unchanged. */
	runData: IRunData;
	/** Everything n8n would store of the execution, unchanged. */
	data: IRunExecutionData;
	/**
	 * What n8n logged in the meantime, debug level included, or sent to the editor; one JSON each.
	 * Executions that ran at the same time are in it too.
	 */
	logs: string[];
	/** Where n8n would store, log or show this text: empty if nowhere. */
	find(text: string): string[];
}

export interface Execution {
	executionId: string | undefined;
	/** Ends when n8n's engine has ended the execution, also after `cancel`. */
	finished: Promise<RunResult>;
	/** What n8n does when the user presses Stop. */
	cancel(): void;
}

export interface Engine {
	/** Runs a workflow to its end. A failed execution is a result, not a rejection. */
	run(workflow: WorkflowJson, options?: RunOptions): Promise<RunResult>;
	/** Starts a workflow; several may run side by side. */
	start(workflow: WorkflowJson, options?: RunOptions): Execution;
	/**
	 * What *Executions > Retry* does: another execution goes on with what the failed one has left behind.
	 *
	 * @throws Error for an execution that has not failed, as n8n does
	 */
	retry(failed: RunResult, options?: RetryOptions): Execution;
	saveCredentials(credentials: CredentialsInput): Promise<void>;
	/** n8n's id of this instance, as nodes see it; another in every process. */
	instanceId: string;
	/** The expression engine in use. */
	expressionEngine: string;
	/** n8n-core and n8n-workflow as the engine has them (jest would load other copies). */
	n8n: Pick<N8n, 'core' | 'withIsolate' | 'workflow'>;
	/** What the editor asks n8n for about the PostPress node. */
	editor: Editor;
	/** A module of the package as the engine has it. `file`: path inside the package. */
	load<Module>(file: string): Module;
	/** Ends the engine and forgets the package's modules; running executions are stopped first. */
	stop(): Promise<void>;
}

/** JSON for the log: circular references and errors are written out. */
function stringify(value: unknown): string {
	const seen = new WeakSet<object>();
	return JSON.stringify(value, (_key, part: unknown) => {
		if (typeof part !== 'object' || part === null) return part;
		if (seen.has(part)) return '[again]';
		seen.add(part);
		const { message, stack } = part as Partial<Error>;
		return typeof stack === 'string' ? { ...part, message, stack } : part;
	});
}

/** The paths of all texts, keys included, that contain `text`. */
function findText(value: unknown, text: string, path: string, seen = new Set()): string[] {
	if (typeof value === 'string') return value.includes(text) ? [path] : [];
	if (typeof value !== 'object' || value === null || seen.has(value)) return [];
	seen.add(value);
	const { message, stack } = value as Partial<Error>;
	const entries = Object.entries({
		...value,
		...(typeof stack === 'string' && { message, stack }),
	});
	return entries.flatMap(([key, part]) => {
		const place = `${path}.${key}`;
		return [...(key.includes(text) ? [place] : []), ...findText(part, text, place, seen)];
	});
}

const asStored = <Value>(value: Value) => JSON.parse(JSON.stringify(value)) as Value;

/**
 * Starts n8n's engine on the built package: loading n8n takes about a second for the first engine
 * of a process, each further one some tens of milliseconds.
 */
export async function startEngine(options: EngineOptions = {}): Promise<Engine> {
	const n8n = loadN8n();
	const { copy, core } = n8n;
	const packageDir = resolve(options.packageDir ?? ROOT);
	const registry = await loadPackage(n8n, packageDir);
	const store = createCredentialStore(n8n, registry);
	await store.save(options.credentials ?? {});
	await n8n.acquire(options);

	const running = new Set<Execution>();

	const additionalData = (
		workflow: IWorkflowBase,
		helper: typeof store.helper,
		executionId: string | undefined,
		logs: string[],
	): IWorkflowExecuteAdditionalData => {
		const url = 'http://localhost:5678/';
		const unavailable = async () => {
			throw new n8n.workflow.UnexpectedError('Not available in the engine harness');
		};
		return {
			currentNodeExecutionIndex: 0,
			credentialsHelper: helper,
			executeWorkflow: unavailable,
			getRunExecutionData: async () => undefined,
			getRuntimeCredential: async () => undefined,
			startRunnerTask: unavailable,
			logAiEvent: () => {},
			executionId,
			workflowId: workflow.id,
			workflowSettings: workflow.settings,
			variables: copy({}),
			externalSecretsProxy: n8n.Container.get(core.ExternalSecretsProxy),
			restApiUrl: `${url}rest`,
			instanceBaseUrl: url,
			formBaseUrl: `${url}form`,
			formWaitingBaseUrl: `${url}form-waiting`,
			formTestBaseUrl: `${url}form-test`,
			webhookBaseUrl: `${url}webhook`,
			webhookWaitingBaseUrl: `${url}webhook-waiting`,
			webhookTestBaseUrl: `${url}webhook-test`,
			mcpBaseUrl: `${url}mcp`,
			mcpTestBaseUrl: `${url}mcp-test`,
			setExecutionStatus: () => {},
			sendDataToUI: (type, data) => logs.push(stringify({ level: 'ui', message: type, data })),
		};
	};

	const hooksFor = (
		mode: WorkflowExecuteMode,
		executionId: string | undefined,
		workflow: IWorkflowBase,
		{ onItem, onNode }: RunOptions,
		onEnd: (status: ExecutionStatus) => void,
	) => {
		const hooks = new core.ExecutionLifecycleHooks(mode, executionId ?? '', workflow);
		hooks.addHandler('workflowExecuteAfter', ({ status }) => onEnd(status));
		if (onNode) hooks.addHandler('nodeExecuteBefore', (node) => onNode({ node, run: undefined }));
		if (onNode) hooks.addHandler('nodeExecuteAfter', (node, run) => onNode({ node, run }));
		if (onItem) {
			hooks.addHandler('nodeExecuteAfter', (node, run) => {
				for (const [output, items] of (run.data?.main ?? []).entries()) {
					for (const [index, item] of (items ?? []).entries()) {
						onItem({ node, output, index, item: asStored(item) });
					}
				}
			});
		}
		return hooks;
	};

	const start = (
		workflowJson: WorkflowJson,
		runOptions: RunOptions = {},
		retried?: IRunExecutionData,
	): Execution => {
		const { signal } = runOptions;
		const mode: WorkflowExecuteMode = retried ? 'retry' : (runOptions.mode ?? 'manual');
		const executionId =
			'executionId' in runOptions ? runOptions.executionId : n8n.nextExecutionId();
		const workflowData = copy({
			id: 'harness',
			name: 'Workflow of the engine harness',
			active: !['manual', 'retry'].includes(mode),
			isArchived: false,
			activeVersionId: null,
			...workflowJson,
		}) as unknown as IWorkflowBase;
		const pinData = { ...workflowData.pinData, ...copy(runOptions.pinData) };
		const logs: string[] = [];
		let cancelled = false;
		let stoppable: ReturnType<InstanceType<typeof core.WorkflowExecute>['run']> | undefined;
		let storedStatus: ExecutionStatus | undefined;
		const cancel = () => {
			cancelled = true;
			stoppable?.cancel();
		};

		const launch = async () => {
			const credentials = await store.with(runOptions.credentials, runOptions.beforeCredentialRead);
			credentials.resolve(workflowData);
			const { connections, id, name, nodes, settings } = workflowData;
			const workflow = new n8n.workflow.Workflow({
				id,
				name,
				nodes,
				connections,
				active: workflowData.active,
				nodeTypes: registry.nodeTypesFor(workflowData, Object.keys(pinData)),
				settings,
				pinData,
			});
			const data = additionalData(workflowData, credentials.helper, executionId, logs);
			data.hooks = hooksFor(mode, executionId, workflowData, runOptions, (status) => {
				storedStatus ??= status;
			});
			const timeout = (settings?.executionTimeout ?? 0) * 1000;
			if (timeout > 0) data.executionTimeoutTimestamp = Date.now() + timeout;

			if (retried) {
				for (const entry of retried.executionData?.nodeExecutionStack ?? []) {
					const node = workflow.getNode(entry.node.name);
					if (!node) throw new Error(`Could not find the node "${entry.node.name}"`);
					entry.node = node;
				}
				const execute = new core.WorkflowExecute(data, mode, retried);
				stoppable = execute.processRunExecutionData(workflow);
			} else if (mode === 'manual') {
				const trigger = triggerOf(workflow);
				const execute = new core.WorkflowExecute(data, mode);
				stoppable = n8n.runByHand(execute, { workflow, startNode: trigger, pinData });
			} else {
				const trigger = triggerOf(workflow);
				const { [trigger.name]: items, ...rest } = pinData;
				const main = [items ?? copy([{ json: {} }])];
				const runExecutionData = n8n.workflow.createRunExecutionData({
					executionData: {
						nodeExecutionStack: [{ node: trigger, data: { main }, source: null }],
					},
					resultData: { pinData: rest },
				});
				const execute = new core.WorkflowExecute(data, mode, runExecutionData);
				stoppable = execute.processRunExecutionData(workflow);
			}
			const timer = timeout > 0 ? setTimeout(cancel, timeout) : undefined;
			if (cancelled) stoppable.cancel();
			try {
				return await stoppable;
			} finally {
				clearTimeout(timer);
			}
		};

		const triggerOf = (workflow: Workflow) => {
			const { startNode } = runOptions;
			const trigger =
				startNode === undefined ? workflow.getStartNode() : workflow.getNode(startNode);
			if (!trigger) throw new Error(`The workflow has no trigger ${startNode ?? ''}`.trim());
			return trigger;
		};

		/** A workflow that n8n refuses to start is a failed execution. */
		const refused = (error: Error): IRunExecutionData => {
			if (!(error instanceof core.WorkflowHasIssuesError)) throw error;
			const { message, stack } = error;
			return n8n.workflow.createRunExecutionData({
				resultData: { runData: {}, error: { ...error, message, stack } as ExecutionError },
			});
		};

		const follow = async (): Promise<RunResult> => {
			const unfollow = n8n.followLog((entry: LogEntry) => logs.push(stringify(entry)));
			const startedAt = performance.now();
			signal?.addEventListener('abort', cancel);
			if (signal?.aborted) cancel();
			try {
				const data = await launch().then((run) => run.data, refused);
				const duration = performance.now() - startedAt;
				await setImmediate(); // the logger writes through streams
				const status = storedStatus ?? 'error';
				return resultOf({
					workflow: workflowJson,
					workflowData,
					executionId,
					data,
					status,
					duration,
					logs,
				});
			} finally {
				signal?.removeEventListener('abort', cancel);
				unfollow();
				running.delete(execution);
			}
		};
		const execution: Execution = { executionId, cancel, finished: follow() };
		running.add(execution);
		return execution;
	};

	/** As the ExecutionService of n8n's cli does it. */
	const retry: Engine['retry'] = ({ data, status, workflow }, options = {}) => {
		const retried = n8n.stored(data);
		if (!retried.executionData) {
			throw new Error('The execution was aborted before starting, so it cannot be retried');
		}
		if (status === 'success') {
			throw new Error('The execution succeeded, so it cannot be retried.');
		}
		const { lastNodeExecuted, runData } = retried.resultData;
		if (lastNodeExecuted) {
			delete retried.resultData.error;
			const runs = runData[lastNodeExecuted];
			if (runs?.at(-1)?.error !== undefined) runs.pop();
		}
		return start(options.workflow ?? workflow, options, retried);
	};

	return {
		start: (workflow, runOptions) => start(workflow, runOptions),
		retry,
		run: async (workflow, runOptions) => await start(workflow, runOptions).finished,
		saveCredentials: store.save,
		instanceId: n8n.Container.get(core.InstanceSettings).instanceId,
		expressionEngine: n8n.expressionEngine(),
		n8n,
		editor: createEditor(
			n8n,
			registry.nodeTypesFor({ nodes: [], connections: {} } as never, []),
			`${registry.packageName}.postPress`,
			'postPressApi',
			(currentNodeParameters) => ({
				...additionalData({ id: 'editor' } as IWorkflowBase, store.helper, undefined, []),
				currentNodeParameters,
			}),
		),
		load: <Module>(file: string) => n8n.load(resolve(packageDir, file)) as Module,
		async stop() {
			const executions = [...running];
			for (const { cancel } of executions) cancel();
			await Promise.allSettled(executions.map(({ finished }) => finished));
			registry.unload();
			await n8n.release();
		},
	};
}

function resultOf({
	workflowData,
	...result
}: Pick<RunResult, 'data' | 'duration' | 'executionId' | 'logs' | 'status' | 'workflow'> & {
	workflowData: IWorkflowBase;
}): RunResult {
	const { data, logs } = result;
	const { error, runData } = data.resultData;
	const read = new Map<string, INodeExecutionData[][]>();
	const outputs: RunResult['outputs'] = (name, type = 'main') => {
		if (!workflowData.nodes.some((node) => node.name === name)) {
			throw new Error(`The workflow has no node "${name}"`);
		}
		const key = JSON.stringify([name, type]);
		const known = read.get(key);
		if (known) return known;
		const all: INodeExecutionData[][] = [];
		read.set(key, all);
		for (const { data: connections } of runData[name] ?? []) {
			for (const [index, items] of (connections?.[type] ?? []).entries()) {
				all[index] = [...(all[index] ?? []), ...asStored(items ?? [])];
			}
		}
		return all;
	};
	return {
		...result,
		error: error as StoredError | undefined,
		runData,
		outputs,
		json: (name, output = 0) => (outputs(name)[output] ?? []).map((item) => item.json),
		find: (text) => findText({ data, logs }, text, 'result'),
	};
}
