import type { ExecuteContext } from 'n8n-core';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type {
	IDataObject,
	ICredentialType,
	INodeProperties,
	INodeType,
	INodeTypeDescription,
	INodeTypes,
	IWorkflowBase,
} from 'n8n-workflow';

import type { N8n } from './n8n';
import { createAgent, createPassThrough, createTrigger } from './stand-ins';

export interface Registry {
	/** Name of the package: the first part of its node types. */
	packageName: string;
	/** The node types that the workflow may use; throws n8n's own error for one that is unknown. */
	nodeTypesFor(workflow: IWorkflowBase, pinned: readonly string[]): INodeTypes;
	credentialType(name: string): ICredentialType;
	/** Names of the package's node types that may use the credential, without the package name. */
	supportedNodes(credentialType: string): string[];
	unload(): void;
}

const CUSTOM_API_CALL = { name: 'Custom API Call', value: '__CUSTOM_API_CALL__' };

/** What n8n adds to a package's types after loading them (LoadNodesAndCredentials of n8n's cli). */
function postProcess(
	n8n: N8n,
	nodeTypes: INodeTypeDescription[],
	credentialTypes: Map<string, ICredentialType>,
) {
	for (const type of credentialTypes.values()) {
		type.properties = n8n.fieldsOf(type);
	}
	for (const { credentials = [], properties } of nodeTypes) {
		const authenticates = ({ name }: { name: string }) => credentialTypes.get(name)?.authenticate;
		if (!credentials.some(authenticates)) continue;
		for (const { name, options } of properties) {
			if (!options || !['operation', 'resource'].includes(name)) continue;
			if (options.at(-1)?.name !== CUSTOM_API_CALL.name) options.push({ ...CUSTOM_API_CALL });
		}
	}
}

/** n8n's cli gives a declarative node this `execute` (NodeTypes, shouldAssignExecuteMethod). */
function makeExecutable(n8n: N8n, type: INodeType) {
	const declarative = type.description.requestDefaults !== undefined;
	const hasOwnWay = type.execute ?? type.supplyData ?? type.poll ?? type.trigger;
	if (hasOwnWay || (!declarative && (type.webhook ?? type.methods))) return;
	type.execute = async function () {
		const context = this as unknown as ExecuteContext;
		return (await new n8n.core.RoutingNode(context, type).runNode()) ?? [];
	};
}

/** n8n's cli makes a tool of a node so (NodeTypes.getByNameAndVersion, convertNodeToAiTool). */
function makeTool(type: INodeType): INodeType {
	const properties = Object.create(type.description.properties) as INodeProperties[];
	const description = Object.create(type.description, {
		properties: { value: properties },
	}) as INodeTypeDescription;
	description.name += 'Tool';
	description.inputs = [];
	description.outputs = ['ai_tool'];
	description.displayName += ' Tool';

	const has = (name: string) => properties.some((property) => property.name === name);
	if (!has('toolDescription')) {
		const byOperation = has('resource') || has('operation');
		const toolDescription: INodeProperties = {
			displayName: 'Description',
			name: 'toolDescription',
			type: 'string',
			default: description.description,
			required: true,
			typeOptions: { rows: 2 },
			...(byOperation && { displayOptions: { show: { descriptionType: ['manual'] } } }),
		};
		const descriptionType: INodeProperties = {
			displayName: 'Tool Description',
			name: 'descriptionType',
			type: 'options',
			noDataExpression: true,
			options: [
				{ name: 'Set Automatically', value: 'auto' },
				{ name: 'Set Manually', value: 'manual' },
			],
			default: 'auto',
		};
		let lastCallout = properties.length - 1;
		while (lastCallout >= 0 && properties[lastCallout].type !== 'callout') lastCallout--;
		const added = byOperation ? [descriptionType, toolDescription] : [toolDescription];
		properties.splice(lastCallout + 1, 0, ...added);
	}
	return Object.create(type, { description: { value: description } }) as INodeType;
}

/** The node registry: the built package as n8n loads it, and stand-ins for everything else. */
export async function loadPackage(n8n: N8n, packageDir: string): Promise<Registry> {
	const loader = new n8n.core.PackageDirectoryLoader(packageDir);
	const { nodes = [], credentials = [] } = loader.packageJson.n8n ?? {};
	const files = [...nodes, ...credentials];
	const missing = files.filter((file) => !existsSync(join(packageDir, file)));
	if (missing.length > 0) {
		throw new Error(`${packageDir} is not built: ${missing.join(', ')} is missing`);
	}
	await loader.loadAll();

	const { packageName, types } = loader;
	const credentialTypes = new Map(
		Object.keys(loader.credentialTypes).map((name) => [name, loader.getCredential(name).type]),
	);
	postProcess(n8n, types.nodes, credentialTypes);

	const tools = new Map<INodeType, INodeType>();
	const fromPackage = (name: string, version?: number): INodeType | undefined => {
		const toolOf = name in loader.known.nodes ? undefined : name.replace(/Tool$/, '');
		const baseName = toolOf ?? name;
		if (!(baseName in loader.known.nodes)) return undefined;
		const { type: loaded } = loader.getNode(baseName);
		const type = n8n.workflow.NodeHelpers.getVersionedNodeType(loaded, version);
		makeExecutable(n8n, type);
		if (toolOf === undefined) return type;
		if (!type.description.usableAsTool) {
			throw new n8n.workflow.UserError('Node cannot be used as a tool', {
				extra: { nodeType: `${packageName}.${baseName}` },
			});
		}
		const tool = tools.get(type) ?? makeTool(type);
		tools.set(type, tool);
		return tool;
	};

	const agent = createAgent(n8n);
	const trigger = createTrigger();
	const passThrough = createPassThrough();
	const standIns = new Map<string, INodeType>([
		['n8n-nodes-base.manualTrigger', trigger],
		['n8n-nodes-base.webhook', trigger],
		['n8n-nodes-base.noOp', passThrough],
		['n8n-nodes-base.stickyNote', passThrough],
		[agent.description.name, agent],
	]);

	return {
		packageName,

		nodeTypesFor({ nodes: workflowNodes, connections }, pinned) {
			const fed = new Set(
				Object.values(connections).flatMap(({ main = [] }) =>
					main.flatMap((output) => (output ?? []).map(({ node }) => node)),
				),
			);
			const served = new Map(
				workflowNodes
					.filter(({ name }) => pinned.includes(name))
					.map(({ name, type }) => [type, fed.has(name) ? passThrough : trigger]),
			);
			const byName = (type: string, version?: number): INodeType => {
				const isOurs = type.startsWith(`${packageName}.`);
				const found = isOurs
					? fromPackage(type.slice(packageName.length + 1), version)
					: (standIns.get(type) ?? served.get(type));
				if (found) return found;
				const [prefix, ...name] = type.split('.');
				throw new n8n.core.UnrecognizedNodeTypeError(prefix, name.join('.'));
			};
			return {
				getByName: byName,
				getByNameAndVersion: byName,
				getKnownTypes: () => loader.known.nodes as unknown as IDataObject,
			};
		},

		credentialType(name) {
			const type = credentialTypes.get(name);
			if (!type) throw new n8n.core.UnrecognizedCredentialTypeError(name);
			return type;
		},

		supportedNodes: (credentialType) =>
			(loader.known.credentials[credentialType]?.supportedNodes ?? []).map(
				(name) => `${packageName}.${name}`,
			),

		unload() {
			const folders = new Set(files.map((file) => join(loader.directory, file.split('/')[0])));
			for (const folder of folders) n8n.unload(folder);
		},
	};
}
