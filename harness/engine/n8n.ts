import type * as Core from 'n8n-core';
import type * as N8nWorkflow from 'n8n-workflow';
import { runInThisContext } from 'node:vm';

/** One entry of n8n's log: the text and whatever n8n attached to it. */
export interface LogEntry {
	level: string;
	message: string;
	[detail: string]: unknown;
}

/** See n8n-process.js. */
interface N8nProcess {
	core: typeof Core;
	workflow: typeof N8nWorkflow;
	Container: { get<T>(type: new (...args: never[]) => T): T };
	toJsonSchema(zodSchema: unknown): N8nWorkflow.IDataObject;
	expressionEngine(): string;
	withIsolate<T>(
		expression: N8nWorkflow.Workflow['expression'],
		work: () => Promise<T>,
	): Promise<T>;
	fieldsOf(credentialType: N8nWorkflow.ICredentialType): N8nWorkflow.INodeProperties[];
	copy<T>(value: T): T;
	nextExecutionId(): string;
	followLog(follow: (entry: LogEntry) => void): () => void;
	acquire(options: { expressionEngine?: 'legacy' | 'vm'; timezone?: string }): Promise<void>;
	release(): Promise<void>;
	unload(folder: string): void;
	load(file: string): unknown;
}

/**
 * n8n, loaded by node and not by jest: `runInThisContext` is the way out of jest's sandbox, and
 * elsewhere it is just `process`. Loading takes about a second, once for a process.
 */
export const loadN8n = (): N8nProcess => {
	const { getBuiltinModule } = runInThisContext('process') as NodeJS.Process;
	const requireByNode = getBuiltinModule('node:module').createRequire(__filename);
	return requireByNode('./n8n-process.js') as N8nProcess;
};

export type N8n = ReturnType<typeof loadN8n>;
