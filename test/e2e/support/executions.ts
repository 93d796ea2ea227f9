import { parse } from 'flatted';
import type { SavedExecution } from '../../../harness/app/rest';

/** An item that a node has put out. */
export interface OutputItem {
	json: Record<string, unknown>;
}

interface ExecutionData {
	resultData: {
		error?: { message: string };
		runData: Record<string, Array<{ data?: { main?: Array<OutputItem[] | null> } }>>;
	};
}

/** What the execution says of itself, as the editor reads it. */
export function dataOf({ data }: SavedExecution): ExecutionData {
	return parse(data) as ExecutionData;
}

/** The items of all outputs of a node, in all of its runs. */
export function outputOf(execution: SavedExecution, node: string): OutputItem[] {
	const runs = dataOf(execution).resultData.runData[node] ?? [];
	return runs.flatMap(({ data }) => (data?.main ?? []).flatMap((output) => output ?? []));
}

/** The items of each output of a node, in its first run. */
export function outputsOf(execution: SavedExecution, node: string): OutputItem[][] {
	const [run] = dataOf(execution).resultData.runData[node] ?? [];
	return (run?.data?.main ?? []).map((output) => output ?? []);
}
