import path from 'node:path';
import { root } from '../install/folders';
import { readWorkflow, withBaseUrl, withCredentials } from './examples';
import type { N8nRest, SavedCredential, SavedWorkflow, WorkflowFile } from './rest';
import type { Row, Tables } from './tables';

/** The tables of the queue. */
export const QUEUE = 'postpress_queue';
export const ACCOUNTS = 'postpress_accounts';
export const WORDS = 'postpress_words';

/** The triggers of the queue. */
export const SET_UP = 'Set up';
export const TICK = 'Every 10 minutes';
/** The trigger of the report, in the page of the queue. */
export const MORNING = 'Every morning';

/** What can become of a row; docs/queue.md says what each means. */
export type Status =
	| 'to_approve'
	| 'to_look_at'
	| 'waiting'
	| 'sending'
	| 'performed'
	| 'refused'
	| 'unknown'
	| 'not_sent'
	| 'duplicate';

/** A row of `postpress_queue`: one action on one person. */
export type QueueRow = Row & {
	key: string;
	status: Status;
	operation: string;
	account_id: string;
	person: string;
	person_name: string;
	not_before: string;
	claimed_by: string;
	claimed_at: string;
	tries: number;
	result: string;
	error_type: string;
	request_id: string;
	done_at: string;
};

/** A row of `postpress_accounts`. */
export type AccountRow = Row & {
	account_id: string;
	name: string;
	/** `Recruiter`, `Sales Navigator` or both, with a comma between. */
	seats: string;
	daily_limit: number;
	needs_approval: boolean;
	paused: string;
	lease_by: string;
	lease_until: string;
	left: number;
};

/** A row of `postpress_words`: what a word of an ATS means. */
export type WordRow = Row & { source: string; kind: string; word: string; means: string };

/** What differs from the queue as a recruiter imports it. */
export interface QueueOptions {
	/** Base URL of the PostPress that is asked for its accounts. */
	baseUrl: string;
	/** Seconds between two runs. Default: as in the file, 10 minutes in working hours. */
	every?: number;
	/** Seconds for which a run has an account, if it is not renewed. Default: as in the file, 15 minutes. */
	lease?: number;
	/** Seconds from the beginning of a round to that of the next. Default: as in the file, 20 to 40. */
	pause?: number;
	/** Seconds between two people of an account, kept by the node. Default: as in the file. */
	delayBetweenRequests?: number;
	/** Milliseconds after which a request is given up. Default: as in the file, a minute. */
	timeout?: number;
}

/** One of the workflows of the queue, for a local PostPress and with other waits. */
export function readQueue(
	file: 'queue.json' | 'queue-page.json',
	options: QueueOptions,
): WorkflowFile {
	const workflow = withBaseUrl(readWorkflow(path.join(root, 'examples', file)), options.baseUrl);
	const { every, lease, pause, delayBetweenRequests, timeout } = options;
	for (const { name, type, parameters } of workflow.nodes) {
		if (name === TICK && every !== undefined) {
			parameters.rule = { interval: [{ field: 'seconds', secondsInterval: every }] };
		}
		if (lease !== undefined && type === 'n8n-nodes-base.dataTable') {
			const text = JSON.stringify(parameters).replaceAll(`15, 'minutes'`, `${lease}, 'seconds'`);
			Object.assign(parameters, JSON.parse(text));
		}
		if (name === 'Pause' && pause !== undefined) {
			parameters.amount = String(parameters.amount).replace('20 + Math.random() * 20', `${pause}`);
		}
		if (type !== 'n8n-nodes-postpress.postPress') continue;
		if (delayBetweenRequests !== undefined) {
			parameters.options = { ...(parameters.options as object), delayBetweenRequests };
		}
		if (timeout !== undefined) parameters.requestOptions = { timeout };
	}
	return workflow;
}

/** Imports the queue. */
export async function importQueue(
	rest: N8nRest,
	credential: SavedCredential,
	file: 'queue.json' | 'queue-page.json',
	options: QueueOptions,
): Promise<SavedWorkflow> {
	return await rest.createWorkflow(withCredentials(readQueue(file, options), [credential]));
}

/** A row as an intake writes it: approved already, for an account that may act at once. */
export function queueRow(row: Partial<QueueRow> & Record<string, unknown>): object {
	return {
		status: 'waiting',
		operation: 'candidate.addToPipeline',
		person_name: '',
		project: '',
		list: '',
		stage: '',
		reason: '',
		message: '',
		send_at: '',
		source: '',
		not_before: new Date().toISOString(),
		claimed_by: '',
		claimed_at: '',
		tries: 0,
		result: '',
		error_type: '',
		request_id: '',
		done_at: '',
		...row,
	};
}

/** Gives an account limits of the day and no hours. */
export async function openAccount(
	tables: Tables,
	accountId: string,
	more: Partial<AccountRow> = {},
): Promise<void> {
	const days = 'Mon Tue Wed Thu Fri Sat Sun';
	const row = {
		from: '00:00',
		to: '24:00',
		days,
		needs_approval: false,
		daily_limit: 1000,
		paused: '',
		lease_by: '',
		lease_until: '',
		left: 0,
		...more,
	};
	const known = await tables.rows<AccountRow>(ACCOUNTS);
	if (known.some(({ account_id }) => account_id === accountId)) {
		await tables.update(ACCOUNTS, { account_id: accountId }, row);
	} else {
		await tables.insert(ACCOUNTS, [{ account_id: accountId, name: accountId, ...row }]);
	}
}
