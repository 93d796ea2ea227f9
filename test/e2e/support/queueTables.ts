import type { N8nRest } from '../../../harness/app/rest';
import { Tables } from '../../../harness/app/tables';

const text = (...names: string[]) => names.map((name) => ({ name, type: 'string' }));

const COLUMNS = {
	postpress_queue: [
		...text('key', 'status', 'operation', 'account_id', 'person', 'person_name', 'project', 'list'),
		...text('stage', 'reason', 'message', 'send_at', 'source', 'not_before', 'claimed_by'),
		...text('claimed_at', 'result', 'error_type', 'request_id', 'done_at'),
		{ name: 'tries', type: 'number' },
	],
	postpress_accounts: [
		...text('account_id', 'name', 'from', 'to', 'days', 'paused', 'lease_by', 'lease_until'),
		{ name: 'daily_limit', type: 'number' },
		{ name: 'left', type: 'number' },
		{ name: 'needs_approval', type: 'boolean' },
	],
	postpress_words: text('source', 'kind', 'word', 'means'),
};

/** Makes the tables of the queue, empty. */
export async function createQueueTables(rest: N8nRest): Promise<Tables> {
	const { id } = await rest.get<{ id: string }>('projects/personal');
	for (const [name, columns] of Object.entries(COLUMNS)) {
		await rest.post(`projects/${id}/data-tables`, { name, columns });
	}
	return new Tables(rest);
}
