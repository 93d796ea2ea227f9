import type {
	ICredentialDataDecryptedObject,
	INode,
	INodeCredentialTestResult,
	INodeListSearchResult,
	INodeParameters,
	INodeTypes,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';

import type { N8n } from './n8n';

/** What the editor asks n8n for while somebody fills in a node. */
export interface Editor {
	/**
	 * The entries of a locator's list, as n8n's DynamicNodeParametersService gets them.
	 *
	 * @param method name among the node's `methods.listSearch`
	 * @param parameters the node's parameters so far, expressions already resolved by the editor
	 * @param filter what was typed into the search field
	 */
	listSearch(
		method: string,
		parameters?: INodeParameters,
		filter?: string,
	): Promise<INodeListSearchResult>;
	/** The verdict of the credential's test, as n8n's CredentialsTester gets it. */
	testCredential(data: ICredentialDataDecryptedObject): Promise<INodeCredentialTestResult>;
}

/** The editor's side of the engine, for one node type and one credential type. */
export function createEditor(
	{ core, copy, withIsolate, workflow: n8nWorkflow }: N8n,
	nodeTypes: INodeTypes,
	type: string,
	credentialType: string,
	additionalData: (currentNodeParameters: INodeParameters) => IWorkflowExecuteAdditionalData,
): Editor {
	const nodeType = () => nodeTypes.getByNameAndVersion(type);
	return {
		async listSearch(method, parameters = {}, filter) {
			const node: INode = copy({
				id: 'temp',
				name: 'Temp-Node',
				type,
				typeVersion: 1,
				position: [0, 0] as [number, number],
				parameters,
				credentials: { [credentialType]: { id: credentialType, name: credentialType } },
			});
			const workflow = new n8nWorkflow.Workflow({
				nodes: [node],
				connections: {},
				active: false,
				nodeTypes,
			});
			const context = new core.LoadOptionsContext(
				workflow,
				workflow.nodes[node.name],
				additionalData(parameters),
				'',
			);
			const search = nodeType().methods?.listSearch?.[method];
			if (!search) throw new Error(`The node has no list "${method}"`);
			return await withIsolate(workflow.expression, async () => await search.call(context, filter));
		},

		async testCredential(data) {
			const { description, methods } = nodeType();
			const { testedBy } =
				description.credentials?.find(({ name }) => name === credentialType) ?? {};
			const test = methods?.credentialTest?.[String(testedBy)];
			if (!test) throw new Error(`The node does not test "${credentialType}"`);
			const context = new core.CredentialTestContext(additionalData({}));
			return await test.call(context, copy({ id: '1', name: 'Test', type: credentialType, data }));
		},
	};
}
