import type { INodeExecutionData } from 'n8n-workflow';
import type { RecordedRequest } from '../sandbox';
import type { NodeEvent } from '../harness/engine';
import type { Step } from './batch';
import { answerOf, words, type State } from './ledger';

/** Who writes down what happens: a task of the progress display. */
export interface Display {
	title: string;
	output: string;
}

/** What happens in one PostPress node, for as long as it is shown. */
class Row {
	private readonly tries = new Map<string, number>();

	private readonly unseen: string[] = [];

	private display?: Display;

	private readonly finished: Promise<string>;

	private finish!: (summary: string) => void;

	constructor(readonly step: Step) {
		this.finished = new Promise((resolve) => (this.finish = resolve));
	}

	/** Shows what happens until the node has finished. */
	async show(display: Display): Promise<void> {
		this.display = display;
		for (const line of this.unseen) display.output = line;
		const summary = await this.finished;
		display.title = `${this.step.node}: ${summary}`;
	}

	answered({ userId = '', ...record }: RecordedRequest): void {
		const person = this.step.people.find((one) => one.is(userId));
		if (!person) return;
		const tries = (this.tries.get(userId) ?? 0) + 1;
		this.tries.set(userId, tries);
		this.write(`${person.name}${tries > 1 ? `, try ${tries}` : ''}: ${answerOf(record)}`);
	}

	ended(outputs: Array<INodeExecutionData[] | null>): void {
		const states: State[] = [
			...(outputs[0] ?? []).map(() => 'performed' as const),
			...(outputs[1] ?? []).map(({ json }) => {
				const { name, error } = json as { name?: string; error?: { outcome: State } };
				const state = error?.outcome ?? 'lost';
				if (state === 'not_sent') this.write(`${name}: ${words(state)}`);
				return state;
			}),
		];
		const counts = [...new Set(states)].map(
			(state) => `${states.filter((one) => one === state).length} ${words(state)}`,
		);
		this.finish(counts.join(', '));
	}

	stop(): void {
		this.finish('not finished');
	}

	private write(line: string): void {
		if (this.display) this.display.output = line;
		else this.unseen.push(line);
	}
}

/** Follows a run: what the sandbox answers, and when n8n has finished with a node. */
export class Progress {
	readonly rows: readonly Row[];

	constructor(steps: readonly Step[]) {
		this.rows = steps.map((step) => new Row(step));
	}

	/** The sandbox has answered a request, or cut its connection. */
	readonly onAnswered = (record: RecordedRequest): void => {
		for (const row of this.rows) row.answered(record);
	};

	/** n8n has started or finished a node. */
	readonly onNode = ({ node, run }: NodeEvent): void => {
		if (!run) return;
		this.rows.find(({ step }) => step.node === node)?.ended(run.data?.main ?? []);
	};

	/** The run is over, whatever became of it. */
	stop(): void {
		for (const row of this.rows) row.stop();
	}
}
