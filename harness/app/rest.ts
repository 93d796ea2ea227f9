import { setTimeout as sleep } from 'node:timers/promises';

const PUBLISH_TIMEOUT = 30_000;

/** What the editor gives to every new workflow. */
const NEW_SETTINGS = { executionOrder: 'v1' };

/** Whoever sets up the local n8n; the address exists nowhere. */
export const OWNER = {
	email: 'owner@example.com',
	password: 'PostPress-Local-1',
	firstName: 'Local',
	lastName: 'Owner',
};

/** A node in a workflow, as n8n exports it. */
export interface WorkflowNode {
	name: string;
	type: string;
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id: string | null; name: string }>;
	[more: string]: unknown;
}

/** A workflow, as n8n exports it. */
export interface WorkflowFile {
	name: string;
	nodes: WorkflowNode[];
	connections: Record<string, unknown>;
	settings?: Record<string, unknown>;
	pinData?: Record<string, unknown>;
}

/** A workflow that n8n keeps. */
export interface SavedWorkflow extends WorkflowFile {
	id: string;
	versionId: string;
}

/** A credential that n8n keeps, without its data. */
export interface SavedCredential {
	id: string;
	name: string;
	type: string;
}

/** An execution that n8n keeps; `data` is in n8n's own flat notation. */
export interface SavedExecution {
	id: string;
	status: string;
	workflowId: string;
	finished: boolean;
	startedAt: string;
	data: string;
}

interface ExecutionPage {
	results: SavedExecution[];
	nextCursor?: string | null;
}

/** n8n has answered that something cannot be done. */
export class RestError extends Error {
	constructor(
		message: string,
		readonly status: number,
	) {
		super(message);
	}
}

/** The address book of n8n's own editor: what it does when somebody clicks. */
export class N8nRest {
	private cookie = '';

	constructor(readonly url: string) {}

	/** Whether nobody has set up this n8n yet. */
	async isNew(): Promise<boolean> {
		const { userManagement } = await this.get<{
			userManagement: { showSetupOnFirstLoad?: boolean };
		}>('settings');
		return userManagement.showSetupOnFirstLoad === true;
	}

	/** Creates the owner on a new n8n, signs in on any other. */
	async signIn(): Promise<void> {
		if (await this.isNew()) await this.post('owner/setup', OWNER);
		else {
			const { email, password } = OWNER;
			await this.post('login', { emailOrLdapLoginId: email, email, password });
		}
	}

	/** The session as a browser keeps it. */
	get session(): { name: string; value: string } {
		const [name, ...value] = this.cookie.split('=');
		return { name, value: value.join('=') };
	}

	/** All credentials. */
	credentials(): Promise<SavedCredential[]> {
		return this.get('credentials');
	}

	/** Creates a credential, or gives other data to the one of that name. */
	async saveCredential(name: string, type: string, data: object): Promise<SavedCredential> {
		const known = (await this.credentials()).find((one) => one.name === name && one.type === type);
		if (!known) return await this.post('credentials', { name, type, data });
		return await this.patch(`credentials/${known.id}`, { name, type, data });
	}

	/** All workflows, without their nodes. */
	workflows(): Promise<Array<{ id: string; name: string }>> {
		return this.get('workflows');
	}

	workflow(id: string): Promise<SavedWorkflow> {
		return this.get(`workflows/${id}`);
	}

	/** Saves a new workflow. */
	createWorkflow(workflow: WorkflowFile): Promise<SavedWorkflow> {
		const { name, nodes, connections, settings = NEW_SETTINGS, pinData = {} } = workflow;
		// n8n 1.123 does not know by itself that a new workflow is not active.
		const active = false;
		return this.post('workflows', { name, nodes, connections, settings, pinData, active });
	}

	/** Gives other nodes to a workflow; what is published stays as it was. */
	changeWorkflow(id: string, { nodes, connections }: WorkflowFile): Promise<SavedWorkflow> {
		return this.patch(`workflows/${id}`, { nodes, connections });
	}

	/** Publishes a workflow, and waits until its triggers listen. */
	async publish({ id, versionId }: SavedWorkflow): Promise<void> {
		await this.post(`workflows/${id}/activate`, { versionId });
		const deadline = Date.now() + PUBLISH_TIMEOUT;
		let status = await this.publicationStatus(id);
		while (status === 'in_progress' || status === 'not_published') {
			if (Date.now() > deadline) throw new Error(`Workflow ${id} is still ${status}`);
			await sleep(50);
			status = await this.publicationStatus(id);
		}
		if (status !== 'published') throw new Error(`Workflow ${id} could not be published: ${status}`);
	}

	/** An n8n that publishes at once has no such status. */
	private async publicationStatus(id: string): Promise<string> {
		try {
			return (await this.get<{ status: string }>(`workflows/${id}/publication-status`)).status;
		} catch (error) {
			if (error instanceof RestError && error.status === 404) return 'published';
			throw error;
		}
	}

	/** Runs a workflow from a trigger, as somebody who clicks "Execute workflow" in the editor. */
	execute(id: string, trigger: string): Promise<{ executionId: string }> {
		return this.post(`workflows/${id}/run`, { triggerToStartFrom: { name: trigger } });
	}

	deleteWorkflow(id: string): Promise<unknown> {
		return this.post(`workflows/${id}/archive`, {}).then(() => this.delete(`workflows/${id}`));
	}

	/** The newest executions, without their data. */
	async executions(workflowId?: string, limit = 100): Promise<SavedExecution[]> {
		const found = new Map<string, SavedExecution>();
		// n8n sorts by the time of the start, but its cursor is an id: where ids and times differ in order,
		// as they do with several workers, it leaves executions out. So the next page is asked for by time.
		for (let startedBefore: string | undefined, before = -1; before < found.size; ) {
			before = found.size;
			const filter = JSON.stringify({ workflowId, startedBefore });
			const query = new URLSearchParams({ limit: String(Math.min(limit, 100)), filter });
			const { results, nextCursor }: ExecutionPage = await this.get(`executions?${query}`);
			for (const execution of results) found.set(execution.id, execution);
			if (found.size >= limit || !nextCursor) break;
			startedBefore = results.at(-1)?.startedAt;
		}
		return [...found.values()];
	}

	execution(id: string): Promise<SavedExecution> {
		return this.get(`executions/${id}`);
	}

	get<Answer>(path: string): Promise<Answer> {
		return this.ask('GET', path);
	}

	post<Answer>(path: string, body: unknown): Promise<Answer> {
		return this.ask('POST', path, body);
	}

	patch<Answer>(path: string, body: unknown): Promise<Answer> {
		return this.ask('PATCH', path, body);
	}

	delete<Answer>(path: string): Promise<Answer> {
		return this.ask('DELETE', path);
	}

	private async ask<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
		const response = await fetch(`${this.url}/rest/${path}`, {
			method,
			headers: { 'content-type': 'application/json', cookie: this.cookie },
			body: body === undefined ? undefined : JSON.stringify(body),
			signal: AbortSignal.timeout(60_000),
		});
		const cookie = response.headers.getSetCookie().find((one) => one.startsWith('n8n-auth='));
		if (cookie) this.cookie = cookie.split(';', 1)[0];
		const text = await response.text();
		if (!response.ok) throw new RestError(`${method} ${path}: ${text}`, response.status);
		return (JSON.parse(text) as { data: Answer }).data;
	}
}
