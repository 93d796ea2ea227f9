import type { N8nRest, SavedExecution } from '../../../harness/app/rest';
import { eventually } from '../../../harness/eventually';
import { dataOf, outputOf } from './executions';

/** How long an execution may take, in milliseconds; a busy machine may need much of it. */
const PATIENCE = 120_000;

/** One execution of a workflow that has ended. */
export interface Run {
	readonly id: string;
	readonly status: string;
	/** Why it failed. */
	readonly error: string | undefined;
	/** The nodes that ran. */
	readonly nodes: string[];
	/** What a node has put out; nothing if it did not run. */
	output(node: string): Array<Record<string, unknown>>;
}

/** Runs a workflow from a trigger, as somebody who clicks "Execute workflow", until that execution has ended. */
export async function runFrom(rest: N8nRest, workflowId: string, trigger: string): Promise<Run> {
	const { executionId } = await rest.execute(workflowId, trigger);
	const ended = await eventually(async () => {
		const execution = await rest.execution(executionId);
		expect(execution).toMatchObject(ENDED);
		return execution;
	}, PATIENCE);
	return readRun(ended);
}

/** Does something that starts a workflow once, and waits until that execution has ended. */
export async function runOf<Result>(
	rest: N8nRest,
	workflowId: string,
	act: () => Promise<Result>,
): Promise<[Result, Run]> {
	const known = new Set((await rest.executions(workflowId)).map(({ id }) => id));
	const result = await act();
	const ended = await eventually(async () => {
		const fresh = (await rest.executions(workflowId)).filter(({ id }) => !known.has(id));
		expect(fresh).toEqual([expect.objectContaining(ENDED)]);
		return await rest.execution(fresh[0].id);
	}, PATIENCE);
	return [result, readRun(ended)];
}

const ENDED = { status: expect.stringMatching(/^(success|error|crashed)$/) as string };

function readRun(ended: SavedExecution): Run {
	const { resultData } = dataOf(ended);
	return {
		id: ended.id,
		status: ended.status,
		error: resultData.error?.message,
		nodes: Object.keys(resultData.runData),
		output: (node: string) => outputOf(ended, node).map(({ json }) => json),
	};
}
