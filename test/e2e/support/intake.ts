import { createHmac } from 'node:crypto';
import type { SavedWorkflow, WorkflowFile } from '../../../harness/app/rest';
import { startBench, type Bench } from './bench';
import { startElsewhere, type Elsewhere } from './elsewhere';
import { eventually } from '../../../harness/eventually';
import { importWith, nodeOf, readExample, withoutSchedule, type Wanted } from './examples';
import { runFrom, runOf, type Run } from './runs';
import type { Row, Tables } from '../../../harness/app/tables';
import { startQueue, type Queue } from './queueBench';
import { RECRUITER_ACCOUNT } from '../../../harness/app/workflows';

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- what somebody else has made up */
export type Body = any;

/** What an ATS posts. */
export interface Post {
	headers: Record<string, string>;
	text: string | Buffer;
}

/** What came of a delivery: how it was answered, and what the table holds now. */
export interface Taken {
	status: number;
	text: string;
	run: Run;
	rows: Row[];
}

export const SECRET = 'a long random text that somebody made up';

export const hmac = (secret: string, text: string | Buffer) =>
	createHmac('sha256', secret).update(text).digest('hex');

/** A Crypto credential. */
export const cryptoSecret = (name: string, hmacSecret = SECRET): Wanted => ({
	name,
	type: 'crypto',
	data: { hmacSecret },
});

/** A Basic Auth credential with an API key as its user. */
export const apiKey = (name: string, user: string): Wanted => ({
	name,
	type: 'httpBasicAuth',
	data: { user, password: '' },
});

export type Words = Array<[kind: string, word: string, means: string]>;

/** An intake that is published in an n8n of its own, with the tables of the queue. */
export class Intake {
	private constructor(
		readonly bench: Bench,
		readonly elsewhere: Elsewhere,
		/** The queue that sends what this intake brings; it has set up the tables. */
		readonly sender: Queue,
		readonly workflow: SavedWorkflow,
		private readonly source: string,
	) {}

	static async start(
		file: string,
		options: {
			/** As `postpress_words` names this ATS. */
			source: string;
			credentials: Wanted[];
			hosts?: string[];
			/** What has to be set besides credentials and words. */
			fillIn?: (workflow: WorkflowFile) => void;
			/** Says what the hosts answer while the workflow is published. */
			answer?: Elsewhere['answer'];
		},
	): Promise<Intake> {
		const elsewhere = await startElsewhere(options.hosts ?? ['nobody.example']);
		if (options.answer) elsewhere.answer = options.answer;
		const bench = await startBench({ env: elsewhere.env });
		const sender = await startQueue(bench);
		// A run from the editor would take the samples that are pinned.
		const example = { ...readExample(file), pinData: {} };
		// What is asked again is asked at once.
		for (const node of example.nodes.filter(({ retryOnFail }) => retryOnFail)) {
			node.waitBetweenTries = 1;
		}
		options.fillIn?.(example);
		const workflow = await importWith(bench, withoutSchedule(example), options.credentials);
		await bench.rest.publish(workflow);
		return new Intake(bench, elsewhere, sender, workflow, options.source);
	}

	get tables(): Tables {
		return this.sender.tables;
	}

	async stop(): Promise<void> {
		await this.bench?.stop();
		await this.elsewhere?.close();
	}

	/** Empties the queue, and sets one account and the words. */
	async reset(words: Words, account: Record<string, unknown> = {}): Promise<void> {
		this.elsewhere.asked.length = 0;
		for (const name of ['postpress_queue', 'postpress_accounts', 'postpress_words']) {
			await this.tables.delete(name);
		}
		await this.tables.insert('postpress_accounts', [
			{ account_id: RECRUITER_ACCOUNT, name: 'Hannah Keller', needs_approval: true, ...account },
		]);
		await this.tables.insert(
			'postpress_words',
			words.map(([kind, word, means]) => ({ source: this.source, kind, word, means })),
		);
	}

	/** The production URL of a webhook node. */
	url(trigger: string): string {
		const { path } = nodeOf(this.workflow, trigger).parameters;
		return `${this.bench.url}/webhook/${String(path)}`;
	}

	/** Posts a delivery and waits until all of it is done. */
	async deliver(url: string, post: Post): Promise<Taken> {
		const [answer, run] = await runOf(this.bench.rest, this.workflow.id, () => send(url, post));
		return { ...answer, run, rows: await this.queue() };
	}

	/** Runs the workflow from another trigger, as its schedule does; waits until all of it is done. */
	async trigger(name: string): Promise<Row[]> {
		const run = await runFrom(this.bench.rest, this.workflow.id, name);
		expect([run.status, run.error]).toEqual(['success', undefined]);
		return await this.queue();
	}

	/** Waits until there are so many rows, and none that is still being read. */
	async settled(count: number): Promise<Row[]> {
		return await eventually(async () => {
			const rows = await this.queue();
			expect(rows).toHaveLength(count);
			expect(rows.filter(({ result }) => String(result).startsWith('Not read yet'))).toEqual([]);
			return rows;
		});
	}

	/** The rows of the queue, the oldest first. */
	queue(): Promise<Row[]> {
		return this.tables.rows('postpress_queue');
	}
}

/** Posts a delivery as an ATS does. */
export async function send(
	url: string,
	{ headers, text }: Post,
): Promise<{ status: number; text: string }> {
	const response = await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...headers },
		body: typeof text === 'string' ? text : new Uint8Array(text),
	});
	return { status: response.status, text: await response.text() };
}
