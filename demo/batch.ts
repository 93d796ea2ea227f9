import { join } from 'node:path';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import {
	CREDENTIAL_NAME,
	CREDENTIAL_TYPE,
	readWorkflow,
	withAccounts,
	withCredentials,
} from '../harness/app/examples';
import type { WorkflowJson } from '../harness/engine';

/** The example workflow, from the root of the repository. */
export const EXAMPLE = 'examples/ats-batch.json';

/** The credential that is chosen in every node of the workflow. */
export const CREDENTIAL = { id: 'demo', name: CREDENTIAL_NAME, type: CREDENTIAL_TYPE };

const NODE_TYPE = 'n8n-nodes-postpress.postPress';

/** A PostPress node of the workflow, and the people that it is fed with. */
export interface Step {
	node: string;
	resource: string;
	operation: string;
	people: Person[];
}

/** An item of the batch. */
export interface Person {
	name: string;
	/** Whether the item is about this user of PostPress: the ID stands in its LinkedIn address. */
	is(userId: string): boolean;
}

/** A workflow whose people are pinned to the nodes before the PostPress nodes. */
export interface Batch {
	workflow: WorkflowJson;
	/** In the order in which n8n comes to them. */
	steps: Step[];
}

/** Options of the PostPress node, in seconds. */
export interface Waits {
	delayBetweenRequests: number;
	retryWait: number;
}

/** Reads the example workflow and goes live with it: with accounts and a credential, and "Preview Only" switched off. */
export function readBatch(): Batch {
	const file = join(__dirname, '..', EXAMPLE);
	const example = withAccounts(readWorkflow(file));
	const workflow = withCredentials(example, [CREDENTIAL]) as unknown as WorkflowJson;
	return withParameters({ workflow, steps: stepsOf(workflow) }, () => ({ previewOnly: false }));
}

/** The same batch, with other waiting times in its PostPress nodes. Everything else stays. */
export function withWaits(batch: Batch, waits: Waits): Batch {
	return withParameters(batch, ({ options }) => ({
		options: { ...(options as INodeParameters), ...waits },
	}));
}

/** The same batch with "Preview Only" switched on. */
export function asPreview(batch: Batch): Batch {
	return withParameters(batch, () => ({ previewOnly: true }));
}

function withParameters(
	{ workflow, steps }: Batch,
	change: (parameters: INodeParameters) => INodeParameters,
): Batch {
	const nodes = workflow.nodes.map((node) => {
		if (node.type !== NODE_TYPE) return node;
		return { ...node, parameters: { ...node.parameters, ...change(node.parameters) } };
	});
	return { workflow: { ...workflow, nodes }, steps };
}

function stepsOf({ nodes, connections, pinData = {} }: WorkflowJson): Step[] {
	return nodes
		.filter(({ type }) => type === NODE_TYPE)
		.sort((one, other) => one.position[1] - other.position[1])
		.map(({ name: node, parameters }) => {
			const { resource, operation } = parameters as { resource: string; operation: string };
			const feeds = Object.keys(connections).filter((source) =>
				connections[source].main?.some((output) => output?.some((to) => to.node === node)),
			);
			const people = feeds.flatMap((feed) => pinData[feed] ?? []).map(personOf);
			return { node, resource, operation, people };
		});
}

function personOf({ json }: INodeExecutionData): Person {
	const texts = Object.values(json).filter((value) => typeof value === 'string');
	return {
		name: String(json.name),
		is: (userId) => texts.some((text) => text.includes(userId)),
	};
}
