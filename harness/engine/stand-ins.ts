import type {
	EngineRequest,
	EngineResponse,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	ITriggerFunctions,
} from 'n8n-workflow';

import type { N8n } from './n8n';

/** Node type of the stand-in for n8n's AI agent. */
export const AGENT_TYPE = 'harness.agent';

/** A tool call: the arguments that a model would give. */
export type ToolArguments = IDataObject;

/** What the stand-in agent puts out. */
export interface AgentOutput extends IDataObject {
	/** The tools as the model is shown them. */
	tools: Array<{ name: string; description: string; schema: IDataObject }>;
	/** For each call what the model reads back, in the order of the calls. */
	observations: string[];
}

interface LangchainTool {
	name: string;
	description: string;
	schema: unknown;
	invoke(input: ToolArguments): Promise<string>;
	metadata?: { sourceNodeName?: string };
}

const describe = (
	name: string,
	details: Partial<INodeTypeDescription> = {},
): INodeTypeDescription => ({
	displayName: name,
	name,
	group: ['transform'],
	version: 1,
	description: 'Stand-in',
	defaults: { name },
	inputs: ['main'],
	outputs: ['main'],
	properties: [],
	...details,
});

/** Serves what is pinned to it; without pinned data, one empty item. */
export const createTrigger = (): INodeType => ({
	description: describe('trigger', { group: ['trigger'], inputs: [] }),
	async trigger(this: ITriggerFunctions) {
		return { manualTriggerFunction: async () => this.emit([[{ json: {} }]]) };
	},
});

/** Serves what is pinned to it; without pinned data, its input. */
export const createPassThrough = (): INodeType => ({
	description: describe('passThrough'),
	async execute(this: IExecuteFunctions) {
		return [this.getInputData()];
	},
});

/** What n8n's agent tells the model about a call that the engine ran (buildObservation). */
function observationOf({ data }: EngineResponse['actionResponses'][number]): string {
	const items = data.data?.ai_tool?.[0]?.map((item) => item.json) ?? [];
	if (items.length > 0) return JSON.stringify(items);
	if (!data.error) return JSON.stringify('');
	const { message, name } = data.error;
	return JSON.stringify({ error: message, ...(name && { errorType: name }) });
}

/**
 * Stands in for n8n's agent: instead of a model, its parameter `rounds` says which tool calls to
 * make. `via` chooses how n8n carries out a call:
 * - `engine`: the agent hands the calls to the engine, which runs the tool node like any other
 *   node and then resumes the agent (n8n's Tools Agent, version 3);
 * - `supplyData`: the agent calls the tool itself, while it runs (a sub-agent, agents before
 *   version 3, the MCP trigger).
 */
export const createAgent = (n8n: N8n): INodeType => ({
	description: describe(AGENT_TYPE, {
		inputs: ['main', { type: 'ai_tool', displayName: 'Tool', required: true }],
		properties: [
			{ displayName: 'Via', name: 'via', type: 'string', default: 'engine' },
			{ displayName: 'Rounds', name: 'rounds', type: 'json', default: [] },
		],
	}),

	async execute(this: IExecuteFunctions, response?: EngineResponse) {
		const rounds = this.getNodeParameter('rounds', 0) as ToolArguments[][];
		const tools = (await this.getInputConnectionData('ai_tool', 0)) as LangchainTool[];
		const [{ name: toolName }] = tools;
		const nodeName = this.getParentNodes(this.getNode().name, {
			connectionType: 'ai_tool',
			depth: 1,
		})[0].name;
		const observations: string[] = [];

		if (this.getNodeParameter('via', 0) === 'engine') {
			const previous = (response?.metadata as { observations?: string[] })?.observations ?? [];
			observations.push(...previous, ...(response?.actionResponses ?? []).map(observationOf));
			let next = 0;
			for (let done = 0; next < rounds.length; next++) {
				if (done === observations.length) break;
				done += rounds[next].length;
			}
			if (next < rounds.length) {
				const request: EngineRequest<IDataObject> = {
					actions: rounds[next].map((input, index) => ({
						actionType: 'ExecutionNodeAction',
						nodeName,
						input,
						type: 'ai_tool',
						id: `call_${observations.length + index}`,
						metadata: { itemIndex: 0, toolName },
					})),
					metadata: { observations },
				};
				return n8n.copy(request);
			}
		} else {
			const call = async (input: ToolArguments) => {
				try {
					return JSON.stringify([{ output: await tools[0].invoke(input) }]);
				} catch (error) {
					const { message } = error as Error;
					return JSON.stringify({ error: message, errorType: 'NodeOperationError' });
				}
			};
			for (const round of rounds) observations.push(...(await Promise.all(round.map(call))));
		}

		const output: AgentOutput = {
			tools: tools.map(({ name, description, schema }) => ({
				name,
				description,
				schema: n8n.toJsonSchema(schema),
			})),
			observations,
		};
		const item: INodeExecutionData = { json: output, pairedItem: { item: 0 } };
		return n8n.copy([[item]]);
	},
});
