import type { Credentials } from 'n8n-core';
import type {
	ICredentialDataDecryptedObject,
	ICredentialsHelper,
	IDataObject,
	IHttpRequestOptions,
	INode,
	INodeCredentialsDetails,
	INodeParameters,
	INodeTypes,
	IWorkflowBase,
	Workflow,
} from 'n8n-workflow';

import type { N8n } from './n8n';
import type { Registry } from './registry';

/** A credential as a user fills it in. Fields left out have the defaults of the type. */
export interface StoredCredential {
	/** Default: the type. */
	id?: string;
	/** Default: the type. */
	name?: string;
	type: string;
	data: IDataObject;
	/** Whether it was encrypted with another key, so that n8n cannot read it. Default false. */
	isUnreadable?: boolean;
}

/** Called before n8n reads a credential from its database; throws what the database is to throw. */
export type BeforeCredentialRead = () => void | Promise<void>;

/** Credentials one by one, or only their data by credential type. */
export type CredentialsInput = StoredCredential[] | Record<string, IDataObject>;

export interface CredentialStore {
	helper: ICredentialsHelper;
	/** Adds credentials; one with the same id is replaced. */
	save(credentials: CredentialsInput): Promise<void>;
	/** A store that has these as well, for one run. */
	with(
		credentials: CredentialsInput | undefined,
		beforeRead?: BeforeCredentialRead,
	): Promise<CredentialStore>;
	/** Fills in the ids of credentials that are referenced by name, as n8n does on import. */
	resolve(workflow: IWorkflowBase): void;
}

type Arguments<Method extends keyof ICredentialsHelper> = Parameters<ICredentialsHelper[Method]>;

const NO_NODE: INode = {
	id: '',
	name: '',
	typeVersion: 1,
	type: 'mock',
	position: [0, 0],
	parameters: {},
};

/**
 * The credential store: encrypted by n8n's own cipher; read, completed with defaults, resolved and
 * applied to a request as in the CredentialsHelper of n8n's cli. Left out: OAuth, credentials that
 * fetch a token first, types that extend another.
 */
export function createCredentialStore(
	n8n: N8n,
	registry: Registry,
	inherited: ReadonlyMap<string, Credentials> = new Map(),
	beforeRead?: BeforeCredentialRead,
): CredentialStore {
	const { Credentials, getAdditionalKeys } = n8n.core;
	const n8nWorkflow = n8n.workflow;
	const stored = new Map(inherited);

	const find = ({ id, name }: INodeCredentialsDetails, type: string): Credentials => {
		if (!id) {
			throw new n8nWorkflow.UnexpectedError('Found credential with no ID.', {
				extra: { credentialName: name },
				tags: { credentialType: type },
			});
		}
		const found = stored.get(id);
		if (found?.type === type) return found;
		throw new n8nWorkflow.UserError(
			`Credential with ID "${id}" does not exist for type "${type}".`,
		);
	};

	const notSupported = (what: string) =>
		new n8nWorkflow.UnexpectedError(`The engine harness does not do this: ${what}`);

	const resolveText = (text: string, data: IDataObject, workflow: Workflow, node: INode) => {
		if (!n8nWorkflow.isExpression(text)) return text;
		const value = workflow.expression.getSimpleParameterValue(
			node,
			text,
			'internal',
			{ $credentials: data },
			undefined,
			'',
		);
		return value ? String(value) : '';
	};

	class StoredCredentialsHelper extends n8nWorkflow.ICredentialsHelper {
		getParentTypes(name: string) {
			return registry.credentialType(name).extends ?? [];
		}

		getCredentialsProperties(type: string) {
			return registry.credentialType(type).properties;
		}

		isCredentialUsableByNode(credentialType: string, nodeType: string) {
			if (!registry.credentialType(credentialType).restrictToSupportedNodes) return true;
			return registry.supportedNodes(credentialType).includes(nodeType);
		}

		async authenticate(...[data, typeName, options, workflow, node]: Arguments<'authenticate'>) {
			const request = options as IHttpRequestOptions;
			const { authenticate } = registry.credentialType(typeName);
			if (typeof authenticate === 'function') return await authenticate(data, request);
			if (!authenticate) return request;
			if (!workflow || !node) {
				throw new n8nWorkflow.UnexpectedError(
					'Workflow and node are required for declarative credential authentication',
				);
			}
			request.headers ??= {};
			const parts = request as unknown as Record<string, IDataObject>;
			for (const [part, entries] of Object.entries(authenticate.properties)) {
				for (const [key, value] of Object.entries(entries as Record<string, string>)) {
					const name = resolveText(key, data as IDataObject, workflow, node);
					parts[part] ??= {};
					parts[part][name] = resolveText(value, data as IDataObject, workflow, node);
				}
			}
			return request;
		}

		async preAuthentication(...[, , typeName]: Arguments<'preAuthentication'>) {
			if (!registry.credentialType(typeName).preAuthentication) return undefined;
			throw notSupported('preAuthentication');
		}

		async runPreAuthentication(...[, , typeName]: Arguments<'runPreAuthentication'>) {
			if (!registry.credentialType(typeName).preAuthentication) return undefined;
			throw notSupported('preAuthentication');
		}

		async getCredentials(reference: INodeCredentialsDetails, type: string) {
			return find(reference, type);
		}

		async getDecrypted(
			...[
				additionalData,
				reference,
				typeName,
				mode,
				executeData,
				raw,
				expressionValues,
			]: Arguments<'getDecrypted'>
		) {
			await beforeRead?.();
			const original = await find(reference, typeName).getData();
			if (raw) return original;
			const data = n8nWorkflow.NodeHelpers.getNodeParameters(
				this.getCredentialsProperties(typeName),
				original as INodeParameters,
				true,
				false,
				null,
				null,
			) as ICredentialDataDecryptedObject;
			for (const key of ['allowedHttpRequestDomains', 'allowedDomains']) {
				if (data[key] === undefined && original[key] !== undefined) data[key] = original[key];
			}

			const values = data as INodeParameters;
			const keys = getAdditionalKeys(additionalData, mode, null, { isCredential: true });
			if (!expressionValues) {
				const workflow = new n8nWorkflow.Workflow({
					nodes: [NO_NODE],
					connections: {},
					active: false,
					nodeTypes: {
						getByNameAndVersion: () => ({ description: { properties: [] } }),
					} as unknown as INodeTypes,
				});
				const { expression } = workflow;
				return await n8n.withIsolate(
					expression,
					async () =>
						expression.getComplexParameterValue(
							NO_NODE,
							values,
							mode,
							keys,
							undefined,
							undefined,
							values,
						) as ICredentialDataDecryptedObject,
				);
			}
			const { workflow, runExecutionData, runIndex, itemIndex, node } = expressionValues;
			try {
				return workflow.expression.getParameterValue(
					values,
					runExecutionData,
					runIndex,
					itemIndex,
					node.name,
					expressionValues.connectionInputData,
					mode,
					keys,
					executeData,
					false,
					values,
				) as ICredentialDataDecryptedObject;
			} catch (error) {
				(error as Error).message += ' [Error resolving credentials]';
				throw error;
			}
		}

		async updateCredentials() {
			throw notSupported('updateCredentials');
		}

		async updateCredentialsOauthTokenData() {
			throw notSupported('updateCredentialsOauthTokenData');
		}
	}

	return {
		helper: new StoredCredentialsHelper(),

		async save(credentials) {
			const list = Array.isArray(credentials)
				? credentials
				: Object.entries(credentials).map(([type, data]) => ({ type, data }) as StoredCredential);
			for (const { type, data, id = type, name = type, isUnreadable } of list) {
				registry.credentialType(type);
				const credential = new Credentials({ id, name }, type);
				await credential.setData(n8n.copy(data) as ICredentialDataDecryptedObject);
				if (isUnreadable) credential.data = 'of another instance';
				stored.set(id, credential);
			}
		},

		async with(credentials, beforeCredentialRead) {
			if (!credentials && !beforeCredentialRead) return this;
			const store = createCredentialStore(n8n, registry, stored, beforeCredentialRead);
			await store.save(credentials ?? {});
			return store;
		},

		resolve({ nodes }) {
			for (const { credentials = {} } of nodes) {
				for (const [type, reference] of Object.entries(credentials)) {
					if (reference.id && stored.has(reference.id)) continue;
					const [found, ...more] = [...stored.values()].filter(
						(credential) => credential.type === type && credential.name === reference.name,
					);
					if (found && more.length === 0) reference.id = found.id ?? null;
				}
			}
		},
	};
}
