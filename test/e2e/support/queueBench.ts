import type { Bench } from './bench';
import { runFrom, type Run } from './runs';
import {
	ACCOUNTS,
	importQueue,
	openAccount,
	QUEUE,
	queueRow,
	SET_UP,
	TICK,
	type AccountRow,
	type QueueOptions,
	type QueueRow,
	type Status,
} from '../../../harness/app/queue';
import { Tables } from '../../../harness/app/tables';
import type { SavedWorkflow } from '../../../harness/app/rest';

/** The queue in an n8n that is running. */
export interface Queue {
	/** The workflow that sends. */
	readonly workflow: SavedWorkflow;
	readonly tables: Tables;
	/** Runs a trigger of the workflow once, until the execution has ended. */
	run(trigger: string): Promise<Run>;
	/** Runs the sending part once, as its schedule does. */
	tick(): Promise<Run>;
	/** Empties both tables, and forgets what the local PostPress was asked. */
	clear(): Promise<void>;
	/** Adds an account that may act at all hours, or changes it. */
	account(id: string, more?: Partial<AccountRow>): Promise<void>;
	/** The row of an account. */
	accountOf(id: string): Promise<AccountRow>;
	/** Adds rows that are ready to be sent; the key is made up where none is given. */
	add(...rows: Array<Parameters<typeof queueRow>[0]>): Promise<void>;
	rows(): Promise<QueueRow[]>;
	/** What the rows say, in their order. */
	statuses(): Promise<Status[]>;
	/** Changes a row as a person does who edits the table. */
	edit(row: Pick<QueueRow, 'id'>, data: Partial<QueueRow>): Promise<void>;
}

/** What it takes to have the queue in an n8n. */
type Place = Pick<Bench, 'rest' | 'sandbox' | 'credential'>;

/** Imports the queue and sets it up; nothing waits between two rounds. */
export async function startQueue(place: Place, more: Partial<QueueOptions> = {}): Promise<Queue> {
	const workflow = await importQueue(place.rest, place.credential, 'queue.json', {
		baseUrl: place.sandbox.url,
		pause: 0,
		delayBetweenRequests: 0,
		timeout: 3000,
		...more,
	});
	let keys = 0;
	const queue: Queue = {
		workflow,
		get tables() {
			return new Tables(place.rest);
		},
		run: (trigger) => runFrom(place.rest, workflow.id, trigger),
		tick: () => queue.run(TICK),
		async clear() {
			await queue.tables.delete(QUEUE);
			await queue.tables.delete(ACCOUNTS);
			place.sandbox.reset();
		},
		account: (id, columns) => openAccount(queue.tables, id, columns),
		async accountOf(id) {
			const accounts = await queue.tables.rows<AccountRow>(ACCOUNTS);
			const account = accounts.find(({ account_id }) => account_id === id);
			if (!account) throw new Error(`There is no account ${id}`);
			return account;
		},
		async add(...rows) {
			const complete = rows.map((row) => queueRow({ key: `test:${++keys}`, ...row }));
			await queue.tables.insert(QUEUE, complete);
		},
		rows: () => queue.tables.rows<QueueRow>(QUEUE),
		statuses: async () => (await queue.rows()).map(({ status }) => status),
		edit: ({ id }, data) => queue.tables.update(QUEUE, { id }, data),
	};
	await queue.run(SET_UP);
	return queue;
}

/** The address of somebody in Recruiter. */
export const recruiter = (name: string) => `https://www.linkedin.com/talent/profile/AEMAA${name}`;

/** Adds somebody to a pipeline. */
export const addTo = (account_id: string, name: string) => ({
	account_id,
	person: recruiter(name),
	person_name: name,
	project: '1483848495',
	stage: 'CONTACTED',
});
