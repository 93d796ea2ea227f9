import type { INodeExecutionData, INodePropertyOptions } from 'n8n-workflow';
import type { FailureData } from '../nodes/PostPress/errors/failure';
import type { PostPress } from '../nodes/PostPress/PostPress.node';
import type { PerformedAction, RecordedRequest, Sandbox } from '../sandbox';
import type { Engine, RunResult } from '../harness/engine';
import type { Batch, Person, Step } from './batch';

/** What became of an item, as the PostPress node says; `lost` if it says nothing or two things. */
export type State = 'performed' | 'refused' | 'not_sent' | 'unknown' | 'lost';

/** One item of the batch, on both sides of the network. */
export interface Entry {
	person: Person;
	step: Step;
	state: State;
	/** From the error output; undefined for a performed item. */
	failure: FailureData | undefined;
	/** The requests that the sandbox got for this item. */
	requests: RecordedRequest[];
	/** The actions that the sandbox performed for this item. */
	performed: PerformedAction[];
}

/** How often the sandbox may have performed an action of which n8n says so. */
const AGREES: Record<State, (times: number) => boolean> = {
	performed: (times) => times === 1,
	refused: (times) => times === 0,
	not_sent: (times) => times === 0,
	unknown: (times) => times <= 1,
	lost: () => false,
};

/** Puts beside each other what n8n says of every item, and what the sandbox says. */
export function readLedger(
	{ steps }: Batch,
	result: RunResult,
	{ requests, performed }: Pick<Sandbox, 'performed' | 'requests'>,
	engine: Pick<Engine, 'load'>,
): Entry[] {
	return steps.flatMap((step) => {
		const action = actionOf(step, engine);
		const outputs = result.outputs(step.node);
		return step.people.map((person, index) => {
			const isOurs = (one: { action?: string; userId?: string }) =>
				one.action === action && one.userId !== undefined && person.is(one.userId);
			return {
				person,
				step,
				...fateOf(index, outputs),
				requests: requests.filter(isOurs),
				performed: performed.filter(isOurs),
			};
		});
	});
}

/** What a preview says of one item. */
export interface Foretold {
	person: Person;
	/** A sentence; undefined if the node has said nothing. */
	summary: string | undefined;
	/** Whether it would be sent. */
	isSendable: boolean;
}

/** What a preview of the batch says of every person. */
export function readPreview({ steps }: Batch, result: RunResult): Foretold[] {
	return steps.flatMap(({ node, people }) =>
		people.map((person, index) => {
			const { json } = result.outputs(node)[0]?.find(isFromItem(index)) ?? {};
			const summary = json?.summary as string | undefined;
			return { person, summary, isSendable: summary !== undefined && !json?.problem };
		}),
	);
}

/**
 * Compares what n8n says with what the sandbox says.
 * @returns a sentence for each contradiction
 */
export function audit(
	entries: readonly Entry[],
	{ performed }: Pick<Sandbox, 'performed'>,
): string[] {
	const problems = entries
		.filter(({ state, performed: done }) => !AGREES[state](done.length))
		.map(
			({ person, step, state, performed: done }) =>
				`${step.node}, ${person.name}: n8n says "${words(state)}", the sandbox performed it ${times(done.length)}.`,
		);
	const known = new Set(entries.flatMap((entry) => entry.performed));
	const strangers = performed.filter((action) => !known.has(action));
	return [
		...problems,
		...strangers.map(
			({ action, userId }) =>
				`The sandbox performed ${action} for ${userId}, who is not in the batch.`,
		),
	];
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

/** `not_sent` → "not sent". */
export const words = (state: State): string => state.replace('_', ' ');

/** What n8n saw of the answer to a request. */
export function answerOf({ answered }: Pick<RecordedRequest, 'answered'>): string {
	if (answered === 200) return 'performed';
	return typeof answered === 'number' ? `answer ${answered}` : 'answer lost';
}

/** What the item with this index became: it must stand on one of the two outputs, once. */
function fateOf(index: number, outputs: INodeExecutionData[][]): Pick<Entry, 'failure' | 'state'> {
	const [performed = [], failed = []] = outputs.map((items) => items.filter(isFromItem(index)));
	if (performed.length + failed.length !== 1) return { state: 'lost', failure: undefined };
	if (performed.length === 1) {
		// A preview leaves by the same output.
		const isPerformed = performed[0].json.outcome === 'performed';
		return { state: isPerformed ? 'performed' : 'lost', failure: undefined };
	}
	const failure = failed[0].json.error as unknown as FailureData;
	return { state: failure.outcome, failure };
}

const isFromItem =
	(index: number) =>
	({ pairedItem }: INodeExecutionData) =>
		typeof pairedItem === 'object' && 'item' in pairedItem && pairedItem.item === index;

/** The `action` that PostPress is sent for an operation, as the built node describes it. */
function actionOf({ resource, operation }: Step, engine: Pick<Engine, 'load'>): string {
	const { PostPress: Node } = engine.load<{ PostPress: typeof PostPress }>(
		'dist/nodes/PostPress/PostPress.node.js',
	);
	const operations = new Node().description.properties.find(
		({ name, displayOptions }) =>
			name === 'operation' && displayOptions?.show?.resource?.includes(resource),
	);
	const chosen = (operations?.options as INodePropertyOptions[]).find(
		({ value }) => value === operation,
	);
	return (chosen?.routing?.request?.body as { action: string }).action;
}
