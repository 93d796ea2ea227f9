export type { CredentialsInput, StoredCredential } from './credentials';
export type {
	Engine,
	EngineOptions,
	Execution,
	ItemEvent,
	NodeEvent,
	RunOptions,
	RunResult,
	StoredError,
	WorkflowJson,
} from './engine';
export { startEngine } from './engine';
export type { AgentOutput, ToolArguments } from './stand-ins';
export type { Items } from './workflows';
export { agentOutput, failed, itemsWorkflow, NODES, performed, toolWorkflow } from './workflows';
