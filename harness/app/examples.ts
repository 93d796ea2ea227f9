import fs from 'node:fs';
import path from 'node:path';
import { root } from '../install/folders';
import type { N8nRest, SavedCredential, WorkflowFile, WorkflowNode } from './rest';
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

/** The credential that a node asks for by its type alone. */
const ASKED_BY_TYPE: Record<string, string | undefined> = {
	'@n8n/n8n-nodes-langchain.lmChatOpenAi': 'openAiApi',
	'n8n-nodes-base.crypto': 'crypto',
	'n8n-nodes-base.googleSheets': 'googleSheetsOAuth2Api',
	'n8n-nodes-base.workableTrigger': 'workableApi',
};

/** The type of the credential that a node asks for, if it asks for one. */
function askedBy({ type, parameters }: WorkflowNode): string | undefined {
	const { nodeCredentialType, genericAuthType, authentication } = parameters;
	if (type.startsWith(POSTPRESS)) return CREDENTIAL_TYPE;
	if (authentication === 'basicAuth') return 'httpBasicAuth';
	if (authentication === 'bearerAuth') return 'httpBearerAuth';
	return ((nodeCredentialType ?? genericAuthType) as string | undefined) ?? ASKED_BY_TYPE[type];
}

/**
 * The same workflow; a node has the credential whose name it has already, or else the first one of the type that
 * it asks for. The files name none: n8n's editor does not save a choice that takes the place of another.
 */
export function withCredentials(
	workflow: WorkflowFile,
	credentials: SavedCredential[],
): WorkflowFile {
	const nodes = workflow.nodes.map((node) => {
		const [type = askedBy(node), given] = Object.entries(node.credentials ?? {})[0] ?? [];
		const fitting = credentials.filter((one) => one.type === type);
		const chosen = fitting.find(({ name }) => name === given?.name) ?? fitting[0];
		if (!chosen) return node;
		return { ...node, credentials: { [chosen.type]: { id: chosen.id, name: chosen.name } } };
	});
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
