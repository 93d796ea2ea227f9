import type { Page } from 'playwright-core';
import type { SavedWorkflow } from '../../harness/app/rest';
import { startEditorBench } from './support/editorBench';
import { importWith, LIVE, readExample, samplesOf, setOptions } from './support/examples';
import { runOf, type Run } from './support/runs';
import { SALES_ACCOUNT } from '../../harness/app/workflows';

const LOGIN = { username: 'sales', password: 'open-sesame' };
const LIST = 'https://www.linkedin.com/sales/lists/people/7335483075737159852';

interface Row {
	name: string;
	company: string;
	linkedin: string;
	list: string;
}

const bench = startEditorBench();
let saved: SavedWorkflow;
let url: string;

beforeAll(async () => {
	const example = readExample('leads-list.json');
	setOptions(example, LIVE);
	saved = await importWith(bench, example, [
		{
			name: 'Password of the leads form',
			type: 'httpBasicAuth',
			data: { user: LOGIN.username, password: LOGIN.password },
		},
	]);
	await bench.rest.publish(saved);
	url = `${bench.url}/form/postpress-leads`;
}, 120_000);

beforeEach(() => bench.sandbox.reset());

const csvOf = (rows: Row[]) =>
	[
		'name,company,linkedin,list',
		...rows.map((row) =>
			[row.name, row.company, row.linkedin, row.list].map((cell) => `"${cell}"`).join(','),
		),
	].join('\r\n');

/** Opens the form as somebody who knows the password. */
async function openForm(): Promise<Page> {
	const context = await bench.browser.newContext({ httpCredentials: LOGIN });
	const page = await context.newPage();
	page.setDefaultTimeout(15_000);
	await page.goto(url);
	return page;
}

/** Hands in a file, as a person does. */
async function handIn(text: string, list = ''): Promise<Run> {
	const page = await openForm();
	await page
		.locator('input[type=file]')
		.setInputFiles({ name: 'leads.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
	await page.locator('input[type=text]').fill(list);
	const [, run] = await runOf(bench.rest, saved.id, async () => {
		await page.getByRole('button', { name: 'Save these leads' }).click();
		await page.getByText('Thank you. The leads are saved one by one').waitFor();
	});
	await page.context().close();
	return run;
}

test('each row is saved, into its own list or the one of the form', async () => {
	const rows = samplesOf<Row>(readExample('leads-list.json'), 'Rows');
	const { status, output } = await handIn(csvOf(rows), LIST);
	expect(status).toBe('success');
	const body = { account_id: SALES_ACCOUNT, api: 'sales_navigator', action: 'saveLead' };
	expect(bench.sandbox.performed.map((one) => [one.userId, one.body])).toEqual([
		['ACwAA3ZsTf6hLIRxM3mRw9wtOIWED5yIlHzVoEOyygeA', { ...body, list_id: '7206776581098818229' }],
		['ACwAAUIu3-sRi6kx4xzuRErh3tSfLON-vAO5hyL8lqOC', { ...body, list_id: '7335483075737159852' }],
		['ACwAA2FhMCV4NIUFRlwjRaIqZvkXeY8Baw4WWime3mDw', { ...body, list_id: '7335483075737159852' }],
	]);
	expect(output('Saved').map(({ name }) => name)).toEqual([
		'Yuki Tanabe',
		'Fatima Haddad',
		'Noor van Dijk',
	]);
	expect(output('To look at')).toMatchObject([
		{ name: 'Emre Aksoy', details: { outcome: 'not_sent' } },
	]);
});

test('a file from Excel, with the mark at its beginning, reads the same', async () => {
	const { output } = await handIn(`\uFEFF${csvOf(people(1))}`);
	expect(bench.sandbox.performed).toHaveLength(1);
	expect(output('Saved')).toMatchObject([{ name: 'Person 0' }]);
});

test('row 81 and on waits for another day', async () => {
	const { output } = await handIn(csvOf(people(82)));
	expect(bench.sandbox.performed).toHaveLength(80);
	expect(output('Saved')).toHaveLength(80);
	expect(output('Another day')).toMatchObject([{ name: 'Person 80' }, { name: 'Person 81' }]);
});

test('a file with other columns: nobody is saved, and each row is for a person to look at', async () => {
	const { status, output } = await handIn('Name;Profile\r\nYuki;https://x.example\r\nNoor;');
	expect(status).toBe('success');
	expect(output('To look at')).toHaveLength(2);
	expect(bench.sandbox.requests).toEqual([]);
});

test('without a file the form is not sent', async () => {
	const before = await bench.rest.executions(saved.id);
	const page = await openForm();
	await page.getByRole('button', { name: 'Save these leads' }).click();
	await page.getByText('This field is required').first().waitFor();
	await page.context().close();
	expect(await bench.rest.executions(saved.id)).toEqual(before);
});

test('without its password the form is closed, and takes no file', async () => {
	const before = await bench.rest.executions(saved.id);
	const form = new FormData();
	form.set('field-0', new Blob([csvOf(people(1))], { type: 'text/csv' }), 'leads.csv');
	const wrong = `Basic ${Buffer.from('sales:guess').toString('base64')}`;
	for (const request of [
		{},
		{ headers: { authorization: wrong } },
		{ method: 'POST', body: form },
		{ method: 'POST', body: form, headers: { authorization: wrong } },
	]) {
		const { status } = await fetch(url, request);
		expect([401, 403]).toContain(status);
	}
	expect(await bench.rest.executions(saved.id)).toEqual(before);
	expect(bench.sandbox.requests).toEqual([]);
});

/** Made-up people whom Sales Navigator knows. */
function people(count: number): Row[] {
	return Array.from({ length: count }, (_, index) => ({
		name: `Person ${index}`,
		company: 'Cedar, Vine & Co',
		linkedin: `https://www.linkedin.com/sales/lead/ACwAAperson${index},NAME_SEARCH,x`,
		list: LIST,
	}));
}
