import type {
	IDataObject,
	INode,
	INodeCredentials,
	INodeExecutionData,
	INodeParameters,
	IWorkflowSettings,
	OnError,
} from 'n8n-workflow';

import type { RunResult, WorkflowJson } from './engine';
import { type AgentOutput, type ToolArguments, AGENT_TYPE } from './stand-ins';

/** The names of the nodes in the workflows made here. */
export const NODES = {
	trigger: 'Trigger',
	node: 'PostPress',
	performed: 'Performed',
	failed: 'Failed',
	agent: 'Agent',
} as const;

const POST_PRESS = 'n8n-nodes-postpress.postPress';

interface NodeSettings {
	/** Parameters of the node; texts that start with `=` are expressions, as in an export. */
	parameters?: INodeParameters;
	/** Values of n8n's own "Request Options": `timeout` in milliseconds, `batching`, `proxy`. */
	requestOptions?: INodeParameters;
	/** Default: `postPressApi`, stored under the id `postPressApi`. */
	credentials?: INodeCredentials;
	/** Default: n8n's, `stopWorkflow`. */
	onError?: OnError;
	retryOnFail?: boolean;
	/** 2 to 5; n8n's default is 3. */
	maxTries?: number;
	/** Milliseconds, at most 5000; n8n's default is 1000, which 0 means as well. */
	waitBetweenTries?: number;
	executeOnce?: boolean;
	alwaysOutputData?: boolean;
	/** Settings of the workflow: `timezone`, `executionTimeout` (seconds), … */
	settings?: IWorkflowSettings;
	/** Default: `n8n-nodes-postpress.postPress`. */
	nodeType?: string;
	typeVersion?: number;
}

/** Items as their JSON alone, or whole where a test needs more. */
export type Items = Array<INodeExecutionData | IDataObject>;

const isItem = (item: Items[number]): item is INodeExecutionData =>
	typeof item.json === 'object' &&
	Object.keys(item).every((key) => /^(json|pairedItem|binary)$/.test(key));

const toItems = (items: Items): INodeExecutionData[] =>
	items.map((item) => (isItem(item) ? item : { json: item }));

const node = (details: Pick<INode, 'name' | 'type'> & Partial<INode>, x: number, y = 0): INode => ({
	id: details.name,
	typeVersion: 1,
	position: [x, y],
	parameters: {},
	...details,
});

const theNode = (type: string, settings: NodeSettings, x: number, y = 0): INode => {
	const { parameters, requestOptions, credentials, ...rest } = settings;
	const { onError, retryOnFail, maxTries, waitBetweenTries, executeOnce, alwaysOutputData } = rest;
	return {
		...node({ name: NODES.node, type, typeVersion: settings.typeVersion ?? 1 }, x, y),
		parameters: { ...parameters, ...(requestOptions && { requestOptions }) },
		credentials: credentials ?? { postPressApi: { id: 'postPressApi', name: 'postPressApi' } },
		onError,
		retryOnFail,
		maxTries,
		waitBetweenTries,
		executeOnce,
		alwaysOutputData,
	};
};

const to = (name: string, type: 'ai_tool' | 'main' = 'main') => [{ node: name, type, index: 0 }];

/**
 * Trigger with pinned items → PostPress → Performed; with `onError: 'continueErrorOutput'` the
 * second output goes to Failed. Read the outcome with `performed` and `failed`.
 */
export const itemsWorkflow = ({
	items = [{}],
	...settings
}: NodeSettings & { items?: Items }): WorkflowJson => {
	const errorOutput = settings.onError === 'continueErrorOutput';
	return {
		name: 'Items',
		nodes: [
			node({ name: NODES.trigger, type: 'n8n-nodes-base.manualTrigger' }, 0),
			theNode(settings.nodeType ?? POST_PRESS, settings, 240),
			node({ name: NODES.performed, type: 'n8n-nodes-base.noOp' }, 480),
			...(errorOutput ? [node({ name: NODES.failed, type: 'n8n-nodes-base.noOp' }, 480, 160)] : []),
		],
		connections: {
			[NODES.trigger]: { main: [to(NODES.node)] },
			[NODES.node]: {
				main: [to(NODES.performed), ...(errorOutput ? [to(NODES.failed)] : [])],
			},
		},
		pinData: { [NODES.trigger]: toItems(items) },
		settings: { executionOrder: 'v1', ...settings.settings },
	};
};

/** The items on the node's first output. */
export const performed = (result: RunResult) => result.outputs(NODES.node)[0] ?? [];

/** The items on the node's error output. */
export const failed = (result: RunResult) => result.outputs(NODES.node)[1] ?? [];

/**
 * Trigger → agent (stand-in) with PostPress as its tool. `calls`: the tool calls that the model
 * makes, one after the other; an array among them is made in one go. `via`: whether the engine runs
 * the tool for the agent or the agent calls it itself, see `createAgent`.
 * Parameters take the model's arguments with `={{ $fromAI('name', 'description', 'string') }}`.
 */
export const toolWorkflow = ({
	calls,
	via = 'engine',
	input = {},
	...settings
}: NodeSettings & {
	calls: Array<ToolArguments | ToolArguments[]>;
	via?: 'engine' | 'supplyData';
	/** JSON of the one item that the agent gets. */
	input?: IDataObject;
}): WorkflowJson => {
	const rounds = calls.map((call) => (Array.isArray(call) ? call : [call]));
	return {
		name: 'Tool',
		nodes: [
			node({ name: NODES.trigger, type: 'n8n-nodes-base.manualTrigger' }, 0),
			node(
				{
					name: NODES.agent,
					type: AGENT_TYPE,
					parameters: { via, rounds: rounds as unknown as INodeParameters[] },
				},
				240,
			),
			theNode(`${settings.nodeType ?? POST_PRESS}Tool`, settings, 240, 240),
		],
		connections: {
			[NODES.trigger]: { main: [to(NODES.agent)] },
			[NODES.node]: { ai_tool: [to(NODES.agent, 'ai_tool')] },
		},
		pinData: { [NODES.trigger]: [{ json: input }] },
		settings: { executionOrder: 'v1', ...settings.settings },
	};
};

/** What the agent of `toolWorkflow` was shown as tools, and what it read back for each call. */
export const agentOutput = (result: RunResult) => result.json(NODES.agent)[0] as AgentOutput;
