import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IDataObject } from 'n8n-workflow';

import { failed, performed } from '../../harness/engine';
import { byId, rejectApplicant, saveLead, startDelivery } from './support/delivery';

const delivery = startDelivery();

/** The examples of docs/output.md, in the order of the page. */
const [ofPerformed, ofFailed, ofPreview] = [
	...readFileSync(join(__dirname, '../../docs/output.md'), 'utf8').matchAll(
		/```json\n([^]*?)\n```/g,
	),
].map(([, json]) => JSON.parse(json) as IDataObject);

/** Text, since a table shows the columns in the order of the names. */
const written = (json: unknown) => JSON.stringify(json, null, 2);

/** The rejection of the page, at the same time of next year: the page's own may be over. */
const year = new Date().getUTCFullYear() + 1;
const sendNotificationAt = `${year}-01-27T09:30:00`;
const rejection = {
	...rejectApplicant,
	hiringProjectId: {
		__rl: true,
		mode: 'list',
		value: '1430911712',
		cachedResultName: 'Product Designer',
	},
	rejectionMessage: 'Thank you for your time.',
	sendNotificationAt,
};
const settings = { timezone: 'Europe/Berlin' };

const withTimeOf = (example: IDataObject, notification: unknown) => ({
	...example,
	rejection_notification: notification,
});

test('a performed action is what docs/output.md shows', async () => {
	const { account_id, user_id } = ofPerformed;
	const items = [{ account: account_id, user: user_id }];
	const result = await delivery.run({ items, parameters: rejection, settings });
	const [{ json }] = performed(result);
	expect(written(json)).toBe(written(withTimeOf(ofPerformed, json.rejection_notification)));
});

test('a failed person is what docs/output.md shows', async () => {
	const { error, ...person } = ofFailed as { error: IDataObject };
	const lead = {
		items: [person],
		onError: 'continueErrorOutput' as const,
		parameters: {
			...saveLead,
			accountId: byId(String(error.account_id)),
			leadUserId: { __rl: true, mode: 'url', value: '={{ $json.linkedin_profile }}' },
			listId: byId(String(error.list_id)),
		},
	};
	await delivery.run(lead);
	const [{ json }] = failed(await delivery.run(lead));
	const { instance } = json.error as IDataObject;
	expect(written(json)).toBe(written({ ...person, error: { ...error, instance } }));
});

test('a preview is what docs/output.md shows', async () => {
	const body = ofPreview.body as IDataObject;
	const userId = { __rl: true, mode: 'publicProfile', value: 'linkedin.com/in/chloe-dubois' };
	const parameters = { ...rejection, userId, previewOnly: true };
	const items = [{ account: body.account_id }];
	const [{ json }] = performed(await delivery.run({ items, parameters, settings }));
	const shown = json.body as IDataObject;
	expect(written(json)).toBe(
		written({
			...ofPreview,
			summary: String(ofPreview.summary).replace(/\b\d{4}(?=, 09:30)/, String(year)),
			url: String(ofPreview.url).replace('https://api.postpress.ai/v1', delivery.sandbox.url),
			body: withTimeOf(body, shown.rejection_notification),
		}),
	);
});
