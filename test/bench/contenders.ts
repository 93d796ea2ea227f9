import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';

import type { WorkflowJson } from '../../harness/engine';
import { byId, locator } from '../../harness/locators';
import type { PostPress } from './postPress';

/** A way to have PostPress add a candidate to a pipeline. */
export interface Contender {
	key: 'httpRequest' | 'stock' | 'postPress';
	name: string;
	node(postPress: Pick<PostPress, 'url'>): Pick<INode, 'type' | 'typeVersion' | 'parameters'>;
	/** The credential of its node. */
	credential: { type: string; data(postPress: PostPress): IDataObject };
}

const ACCOUNT = 'acc_bench';
const ACTION = { api: 'recruiter', action: 'addCandidateToPipeline' };

/** No pause between people: what is measured is the node. */
const AT_ONCE = { delayBetweenRequests: 0 };

const operation = (account: string): INodeParameters => ({
	resource: 'candidate',
	operation: 'addToPipeline',
	accountId: byId(account),
	userId: byId('={{ $json.user }}'),
	hiringProjectId: byId('={{ $json.project }}'),
	stage: '={{ $json.stage }}',
	requestOptions: {},
});

/** The three ways that are compared. */
export const contenders: Record<Contender['key'], Contender> = {
	// As n8n's "Import cURL" fills it in.
	httpRequest: {
		key: 'httpRequest',
		name: 'HTTP Request node',
		node: ({ url }) => ({
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.5,
			parameters: {
				method: 'POST',
				url: `=${url}/linkedin/user/{{ $json.user }}`,
				authentication: 'genericCredentialType',
				genericAuthType: 'httpHeaderAuth',
				sendBody: true,
				bodyParameters: {
					parameters: Object.entries({
						account_id: ACCOUNT,
						...ACTION,
						hiring_project_id: '={{ $json.project }}',
						stage: '={{ $json.stage }}',
					}).map(([name, value]) => ({ name, value })),
				},
				options: {},
			},
		}),
		credential: {
			type: 'httpHeaderAuth',
			data: ({ apiKey }) => ({ name: 'X-API-KEY', value: apiKey }),
		},
	},
	stock: {
		key: 'stock',
		name: 'stock declarative node',
		node: () => ({
			type: 'n8n-nodes-stock-postpress.stockPostPress',
			typeVersion: 1,
			parameters: operation(ACCOUNT),
		}),
		credential: {
			type: 'stockPostPressApi',
			data: ({ apiKey, url }) => ({ apiKey, baseUrl: url }),
		},
	},
	postPress: {
		key: 'postPress',
		name: 'PostPress',
		node: () => ({
			type: 'n8n-nodes-postpress.postPress',
			typeVersion: 1,
			parameters: { ...operation(ACCOUNT), options: AT_ONCE },
		}),
		credential: {
			type: 'postPressApi',
			data: ({ apiKey, url }) => ({ apiKey, baseUrl: url }),
		},
	},
};

/** PostPress with the account of each item, for lanes that run side by side. */
export const postPressOnManyAccounts: Contender = {
	...contenders.postPress,
	name: 'PostPress, account from the item',
	node: () => ({
		type: 'n8n-nodes-postpress.postPress',
		typeVersion: 1,
		parameters: { ...operation('={{ $json.account }}'), options: AT_ONCE },
	}),
};

/** PostPress with people by their address in Recruiter, as most workflows have them. */
export const postPressByUrl: Contender = {
	...contenders.postPress,
	name: 'PostPress, By URL',
	node: () => ({
		type: 'n8n-nodes-postpress.postPress',
		typeVersion: 1,
		parameters: {
			...operation(ACCOUNT),
			userId: locator('url', '={{ $json.address }}'),
			options: AT_ONCE,
		},
	}),
};

/** The node that is measured. */
export const MEASURED = 'Measured';

/** People to add, each once, spread over the accounts. */
export const people = (items: number, accounts = 1): IDataObject[] =>
	Array.from({ length: items }, (_, index) => ({
		account: `acc_bench_${index % accounts}`,
		user: `AEMAACr${index}`,
		address: `https://www.linkedin.com/talent/profile/AEMAACr${index}?project=1234567890`,
		project: '1234567890',
		stage: 'CONTACTED',
	}));

interface WorkflowOptions {
	contender: Contender;
	postPress: PostPress;
	items: IDataObject[];
	disabled?: boolean;
}

/** A workflow that hands the items to the node; nothing in it but that node evaluates expressions. */
export function benchWorkflow(options: WorkflowOptions): WorkflowJson {
	const { contender, postPress, items, disabled = false } = options;
	const { type } = contender.credential;
	const nodes: INode[] = [
		node('Start', { type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} }),
		node('People', {
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			parameters: { mode: 'raw', jsonOutput: JSON.stringify({ people: items }), options: {} },
		}),
		node('One by One', {
			type: 'n8n-nodes-base.splitOut',
			typeVersion: 1,
			parameters: { fieldToSplitOut: 'people', options: {} },
		}),
		{
			...node(MEASURED, contender.node(postPress)),
			credentials: { [type]: { id: type, name: type } },
			disabled,
		},
	];
	const names = nodes.map(({ name }) => name);
	const connections = names
		.slice(1)
		.map((name, index) => [names[index], { main: [[{ node: name, type: 'main', index: 0 }]] }]);
	return {
		nodes,
		connections: Object.fromEntries(connections),
		settings: { executionOrder: 'v1' },
	} as WorkflowJson;
}

const node = (
	name: string,
	details: Pick<INode, 'type' | 'typeVersion' | 'parameters'>,
): INode => ({ id: name, name, position: [0, 0], ...details });
