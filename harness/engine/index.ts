export type { BeforeCredentialRead, CredentialsInput, StoredCredential } from './credentials';
export type {
	Engine,
	EngineOptions,
	Execution,
	ItemEvent,
	NodeEvent,
	RetryOptions,
	RunOptions,
	RunResult,
	StoredError,
	WorkflowJson,
} from './engine';
export { startEngine } from './engine';
export { n8nClock, type Clock } from './n8n';
export type { AgentOutput, ToolArguments } from './stand-ins';
export type { Items } from './workflows';
export { agentOutput, failed, itemsWorkflow, NODES, performed, toolWorkflow } from './workflows';
