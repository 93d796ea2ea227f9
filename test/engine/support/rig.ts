import type { IDataObject, INodeParameters, NodeParameterValue, OnError } from 'n8n-workflow';

import type {
	Fault,
	FaultMatch,
	PerformedAction,
	RecordedRequest,
	Sandbox,
} from '../../../sandbox';
import {
	itemsWorkflow,
	n8nClock,
	type Engine,
	type EngineOptions,
	type RunResult,
} from '../../../harness/engine';
import { startOnce } from './once';
import { watchOutgoing } from './outgoing';
import { noRetries } from './parameters';

type WorkflowSettings = Parameters<typeof itemsWorkflow>[0];

/** A workflow of the node, the credential it is run with, and what goes wrong meanwhile. */
export interface RigRun extends Omit<WorkflowSettings, 'items'> {
	items?: IDataObject[];
	/** The node's own collection "Options"; items are not retried unless it says so. */
	options?: Record<string, NodeParameterValue>;
	/** Default: the sandbox's. */
	apiKey?: string;
	baseUrl?: string;
	/** More fields of the credential. */
	credential?: IDataObject;
	/** A request that hangs is ended at once, as its timeout would. */
	faults?: Array<Fault | [Fault, FaultMatch]>;
}

/** What a run put out, and what of it the sandbox saw. */
export interface Observation {
	result: RunResult;
	requests: readonly RecordedRequest[];
	performed: readonly PerformedAction[];
}

/** n8n's engine and a local PostPress, as one test file uses them. */
export interface Rig {
	engine: Engine;
	sandbox: Sandbox;
	/** Runs the node against a sandbox in which nothing has happened yet. */
	run(settings: RigRun): Promise<Observation>;
}

/** The key in the credential: distinctive, so that it is found wherever it leaks. */
export const API_KEY = 'pp_test_7hQ2vX9dKeyThatNobodyMaySee';

/** The two modes in which a failed item becomes data. */
export const CONTINUE_MODES = [
	'continueRegularOutput',
	'continueErrorOutput',
] as const satisfies OnError[];

/** Starts everything once for a group of tests. */
export function startRig(options: EngineOptions = {}): Rig {
	const rig = startOnce({ sandbox: { apiKey: API_KEY, now: n8nClock().now } }, options) as Rig;
	const outgoing = watchOutgoing();
	afterAll(() => outgoing.stop());
	rig.run = async (settings) => {
		const { engine, sandbox } = rig;
		const { items = [{}], parameters, options: own, ...others } = settings;
		const { apiKey = API_KEY, baseUrl = sandbox.url, credential, faults = [], ...rest } = others;
		sandbox.reset();
		for (const fault of faults) {
			if (Array.isArray(fault)) sandbox.fail(...fault);
			else sandbox.fail(fault);
		}
		const workflow = itemsWorkflow({
			...rest,
			items: items.map((json) => ({ json })),
			parameters: { ...parameters, options: { ...noRetries, ...own } as INodeParameters },
		});
		const credentials = { postPressApi: { apiKey, baseUrl, ...credential } };
		const running = engine.run(workflow, { credentials });
		const isHanging = faults.flat().some((fault) => 'kind' in fault && fault.kind === 'hang');
		const result = isHanging ? await outgoing.timingOut(running, sandbox) : await running;
		return { result, requests: sandbox.requests, performed: sandbox.performed };
	};
	return rig;
}

/** Headers that belong to the connection, not to the request. */
const OF_THE_CONNECTION = ['host', 'connection', 'user-agent', 'content-length', 'accept-encoding'];

/** All other headers of a request. */
export const headersOf = ({ headers }: RecordedRequest) =>
	Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.includes(name)));

/** The bodies of some requests, in the order of arrival. */
export const bodiesOf = (requests: readonly RecordedRequest[]) => requests.map(({ body }) => body);
