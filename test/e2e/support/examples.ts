import path from 'node:path';
import { readWorkflow, withAccounts, withCredentials } from '../../../harness/app/examples';
import { root } from '../../../harness/install/folders';
import type { SavedWorkflow, WorkflowFile, WorkflowNode } from '../../../harness/app/rest';
import type { Bench } from './bench';
import { POSTPRESS } from '../../../harness/app/workflows';

/** A credential that the notes of an example ask for. */
export interface Wanted {
	name: string;
	type: string;
	data: object;
}

/** One of the example workflows, as its file has it. */
export const readExample = (file: string): WorkflowFile =>
	readWorkflow(path.join(root, 'examples', file));

/** A node of a workflow. */
export function nodeOf({ nodes }: WorkflowFile, name: string): WorkflowNode {
	const node = nodes.find((one) => one.name === name);
	if (!node) throw new Error(`There is no node "${name}"`);
	return node;
}

/** What is pinned to a node of an example: the deliveries that are documented. */
export function samplesOf<Sample = unknown>({ pinData }: WorkflowFile, name: string): Sample[] {
	const items = (pinData?.[name] ?? []) as Array<{ json: Sample }>;
	return items.map(({ json }) => structuredClone(json));
}

/** Sets "Preview Only" and options of all PostPress nodes of a workflow, also where they are tools. */
export function setOptions(
	{ nodes }: WorkflowFile,
	{ previewOnly, ...options }: Record<string, unknown>,
): void {
	for (const { parameters } of nodes.filter(({ type }) => type.startsWith(POSTPRESS))) {
		Object.assign(parameters, { previewOnly });
		Object.assign(parameters.options as object, options);
	}
}

/** What going live takes; and no minute is waited between two people. */
export const LIVE = { previewOnly: false, delayBetweenRequests: 0, retryWait: 0.1 };

/** Once a year; n8n takes no schedule that never comes. */
const AT_NEW_YEAR = { interval: [{ field: 'cronExpression', expression: '0 0 1 1 *' }] };

/** The same workflow, for a test that runs it itself: its schedule does not come in between. */
export function withoutSchedule(workflow: WorkflowFile): WorkflowFile {
	const nodes = workflow.nodes.map((node) => {
		if (node.type !== 'n8n-nodes-base.scheduleTrigger') return node;
		return { ...node, parameters: { ...node.parameters, rule: AT_NEW_YEAR } };
	});
	return { ...workflow, nodes };
}

/** Imports a workflow whose nodes get the credentials and accounts that its notes ask for. */
export async function importWith(
	{ rest, credential }: Pick<Bench, 'rest' | 'credential'>,
	workflow: WorkflowFile,
	wanted: Wanted[] = [],
): Promise<SavedWorkflow> {
	const credentials = [credential];
	for (const { name, type, data } of wanted) {
		credentials.push(await rest.saveCredential(name, type, data));
	}
	return await rest.createWorkflow(withAccounts(withCredentials(workflow, credentials)));
}
