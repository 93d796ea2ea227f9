import type { IDataObject } from 'n8n-workflow';

import type { Item } from './perform';

/**
 * What would happen to an item, instead of doing it. Needs no credential: without one, `url` begins below the
 * Base URL. Of a person who would be looked up first, the name stands in place of the ID.
 */
export async function preview({ context, filled, http, run }: Item): Promise<IDataObject> {
	const { body, person } = filled;
	const { summary, problem } = filled.preview ?? {};
	const shown = { summary, preview: true, outcome: 'not_sent' };
	if (problem !== undefined) return { ...shown, problem };

	const id =
		typeof person === 'object' ? `{ID of ${person.slug}}` : encodeURIComponent(String(person));
	const path = http.url.replace('{user_id}', () => id);
	const credential = await run.credential(context, String(body.account_id));
	const url = 'failure' in credential ? path : credential.base.join(path);
	return { ...shown, method: http.method, url, body };
}
