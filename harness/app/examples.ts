import fs from 'node:fs';
import path from 'node:path';
import { root } from '../install/folders';
import type { N8nRest, SavedCredential, WorkflowFile } from './rest';
import { POSTPRESS, RECRUITER_ACCOUNT, SALES_ACCOUNT } from './workflows';

/** The name under which the example workflows expect the credential. */
export const CREDENTIAL_NAME = 'PostPress account';
export const CREDENTIAL_TYPE = 'postPressApi';

/** The example workflows, by file name. */
export function readExamples(): Array<{ file: string; workflow: WorkflowFile }> {
	const folder = path.join(root, 'examples');
	return fs
		.readdirSync(folder)
		.filter((file) => file.endsWith('.json'))
		.sort()
		.map((file) => ({ file, workflow: readWorkflow(path.join(folder, file)) }));
}

/** Reads a workflow that was exported from n8n. */
export const readWorkflow = (file: string) =>
	JSON.parse(fs.readFileSync(file, 'utf8')) as WorkflowFile;

/** The same workflow; its nodes use the credential of the name that they have, or else one of that type. */
export function withCredentials(
	workflow: WorkflowFile,
	credentials: SavedCredential[],
): WorkflowFile {
	const choose = (type: string, given: { id: string | null; name: string }) => {
		const fitting = credentials.filter((one) => one.type === type);
		const chosen = fitting.find(({ name }) => name === given.name) ?? fitting[0];
		return chosen ? { id: chosen.id, name: chosen.name } : given;
	};
	const nodes = workflow.nodes.map((node) => ({
		...node,
		...(node.credentials && {
			credentials: Object.fromEntries(
				Object.entries(node.credentials).map(([type, given]) => [type, choose(type, given)]),
			),
		}),
	}));
	return { ...workflow, nodes };
}

/** The same workflow, where it asks PostPress itself (n8n's HTTP Request node), for another Base URL. */
export function withBaseUrl(workflow: WorkflowFile, baseUrl: string): WorkflowFile {
	const nodes = workflow.nodes.map((node) => {
		if (node.type !== 'n8n-nodes-base.httpRequest') return node;
		const url = String(node.parameters.url).replace('https://api.postpress.ai/v1', baseUrl);
		return { ...node, parameters: { ...node.parameters, url } };
	});
	return { ...workflow, nodes };
}

/** The same workflow; where a PostPress node has no account yet, it has one of the local PostPress. */
export function withAccounts<
	Workflow extends { nodes: Array<{ type: string; parameters: object }> },
>(workflow: Workflow): Workflow {
	const nodes = workflow.nodes.map((node) => {
		const { resource, accountId } = node.parameters as Record<string, { value?: unknown }>;
		if (!node.type.startsWith(POSTPRESS) || accountId?.value !== '') return node;
		const value = String(resource) === 'lead' ? SALES_ACCOUNT : RECRUITER_ACCOUNT;
		return { ...node, parameters: { ...node.parameters, accountId: { ...accountId, value } } };
	});
	return { ...workflow, nodes };
}

/**
 * Imports the example workflows that are not there yet; what somebody has changed stays as it is.
 *
 * @param baseUrl where PostPress is
 * @returns the ids of all example workflows, by file name
 */
export async function importExamples(
	rest: N8nRest,
	credential: SavedCredential,
	baseUrl: string,
): Promise<Map<string, string>> {
	const known = new Map((await rest.workflows()).map(({ name, id }) => [name, id]));
	const ids = new Map<string, string>();
	for (const { file, workflow } of readExamples()) {
		const ready = () => withBaseUrl(withAccounts(withCredentials(workflow, [credential])), baseUrl);
		ids.set(file, known.get(workflow.name) ?? (await rest.createWorkflow(ready())).id);
	}
	return ids;
}
