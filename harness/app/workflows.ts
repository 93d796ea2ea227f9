import { byId } from '../locators';
import type { SavedCredential, WorkflowFile, WorkflowNode } from './rest';

/** The type of the node as n8n knows it once the package is installed. */
export const POSTPRESS = 'n8n-nodes-postpress.postPress';

/** Parameters of one operation, complete, for people whom the sandbox knows. */
export const RECRUITER_ACCOUNT = 'acc_linkedin_01HXYZ4QK3WJ8FN3M6QH7TZ8GR';
export const SALES_ACCOUNT = 'acc_linkedin_01JE6DQPM6TTSQB8BKN3P4RXCC';

/** Parameters that add somebody to a pipeline. */
export function addCandidate(
	userId: string,
	more: Record<string, unknown> = {},
): Record<string, unknown> {
	return {
		resource: 'candidate',
		operation: 'addToPipeline',
		accountId: byId(RECRUITER_ACCOUNT),
		userId: byId(userId),
		hiringProjectId: byId('1483848495'),
		stage: 'UNCONTACTED',
		// Nobody is behind the people of a test whom a pause would protect.
		options: { delayBetweenRequests: 0 },
		...more,
	};
}

/** One node of a workflow. */
export function node(
	name: string,
	type: string,
	parameters: Record<string, unknown> = {},
	more: Record<string, unknown> = {},
): WorkflowNode {
	return { id: name, name, type, typeVersion: 1, position: [0, 0], parameters, ...more };
}

/** The PostPress node, with its credential. */
export function postPress(
	{ id, name }: SavedCredential,
	parameters: Record<string, unknown> = {},
	more: Record<string, unknown> = {},
): WorkflowNode {
	return node('PostPress', POSTPRESS, parameters, {
		credentials: { postPressApi: { id, name } },
		...more,
	});
}

/** A trigger for somebody who clicks. */
export const manualTrigger = () => node('Start', 'n8n-nodes-base.manualTrigger');

/** A trigger for a POST request; it answers when the workflow has ended. */
export function webhook(path: string, more: Record<string, unknown> = {}): WorkflowNode {
	return node(
		'Webhook',
		'n8n-nodes-base.webhook',
		{ path, httpMethod: 'POST', responseMode: 'lastNode', responseData: 'allEntries', ...more },
		{ typeVersion: 2, webhookId: path },
	);
}

/** A node that makes an item of each object. */
export function items(objects: object[]): WorkflowNode {
	return node(
		'Items',
		'n8n-nodes-base.code',
		{ jsCode: `return ${JSON.stringify(objects.map((json) => ({ json })))};` },
		{ typeVersion: 2 },
	);
}

/** What the editor gives to every new workflow. */
export const SETTINGS = { executionOrder: 'v1' };

/** Nodes one after the other. */
export function chain(name: string, nodes: WorkflowNode[]): WorkflowFile {
	const connections = Object.fromEntries(
		nodes
			.slice(0, -1)
			.map((from, index) => [
				from.name,
				{ main: [[{ node: nodes[index + 1].name, type: 'main', index: 0 }]] },
			]),
	);
	const placed = nodes.map((one, index) => ({ ...one, position: [index * 260, 0] }));
	return { name, nodes: placed, connections, settings: SETTINGS };
}
