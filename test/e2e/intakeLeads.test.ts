import fs from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { SALES_ACCOUNT as account_id } from '../../harness/app/workflows';
import { QUEUE } from '../../harness/app/queue';
import { startBrowser } from '../../harness/editor/browser';
import { root } from '../../harness/install/folders';
import { readExample, samplesOf } from './support/examples';
import { askOften } from './support/forms';
import { Intake } from './support/intake';

const LOGIN = { username: 'sales', password: 'open-sesame' };
const LIST = 'https://www.linkedin.com/sales/lists/people/7335483075737159852';

interface Lead {
	name: string;
	linkedin: string;
	list: string;
}

let browser: Browser;
let intake: Intake;
let url: string;

beforeAll(async () => {
	[intake, browser] = await Promise.all([
		Intake.start('leads-list.json', {
			source: 'leads',
			credentials: [
				{
					name: 'Password of the leads form',
					type: 'httpBasicAuth',
					data: { user: LOGIN.username, password: LOGIN.password },
				},
			],
		}),
		startBrowser(),
	]);
	url = `${intake.bench.url}/form/postpress-leads`;
}, 120_000);

beforeEach(() => reset());

afterAll(async () => {
	await browser?.close();
	await intake?.stop();
});

const reset = (account: Record<string, unknown> = {}) =>
	intake.reset([], { account_id, name: 'Marcus Adeyemi', daily_limit: 100, ...account });

const csvOf = (rows: Array<Partial<Lead>>) =>
	[
		'name,linkedin,list',
		...rows.map(({ name = '', linkedin = '', list = '' }) =>
			[name, linkedin, list].map((cell) => `"${cell}"`).join(','),
		),
	].join('\r\n');

/** Opens the form as somebody who knows the password. */
async function openForm(): Promise<Page> {
	const context = await browser.newContext({ httpCredentials: LOGIN });
	const page = await context.newPage();
	page.setDefaultTimeout(15_000);
	await askOften(page);
	await page.goto(url);
	return page;
}

/** Hands in a file, as a person does; returns the page that comes then. */
async function answerTo(text: string, list = '', account = ''): Promise<Page> {
	const page = await openForm();
	await page
		.locator('input[type=file]')
		.setInputFiles({ name: 'leads.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
	await page.locator('input[type=text]').nth(0).fill(list);
	await page.locator('input[type=text]').nth(1).fill(account);
	await page.getByRole('button', { name: 'Hand in these leads' }).click();
	await page
		.getByText(/in the queue|Nothing was taken/)
		.first()
		.waitFor();
	return page;
}

/** Hands in a file, as a person does; returns what the page says then. */
async function handIn(text: string, list = '', account = ''): Promise<string> {
	const page = await answerTo(text, list, account);
	const said = await page.locator('body').innerText();
	await page.context().close();
	return said;
}

test('each row becomes a row of the queue, with its own list or that of the form', async () => {
	const leads = samplesOf<Lead>(readExample('leads-list.json'), 'Rows');
	const page = await answerTo(csvOf(leads), LIST);
	const said = await page.locator('body').innerText();
	expect(said).toContain('4 new people are in the queue');
	expect(said).toContain('Account: Marcus Adeyemi.');
	const link = page.getByRole('link', { name: 'The page of the queue' });
	expect(await link.getAttribute('href')).toBe(`${intake.bench.url}/form/postpress-queue`);
	await page.context().close();
	expect(said).toContain('New, and a person has to look at them: 1 (Emre Aksoy).');
	expect(said).toContain('Nothing is sent before somebody has approved it.');
	const row = { status: 'to_approve', operation: 'lead.save', account_id, list: LIST, result: '' };
	expect(await intake.queue()).toMatchObject([
		{
			...row,
			person: 'https://www.linkedin.com/sales/lead/ACwAA3ZsTf6hLIRxM3mRw9wtOIWED5yIlHzVoEOyygeA',
			person_name: 'Yuki Tanabe',
			list: leads[0].list,
			source: 'Row 2 of leads.csv',
		},
		{ ...row, person: 'https://www.linkedin.com/in/fatima-haddad-8253a9c8' },
		{
			...row,
			person: expect.stringContaining('/sales/lead/ACwAA2FhMCV4NIUFRlwjRaIqZvkXeY8Baw4WWime3mDw'),
		},
		{ status: 'to_look_at', person: '', person_name: 'Emre Aksoy', source: 'Row 5 of leads.csv' },
	]);
	expect((await intake.queue())[3].result).toContain('no LinkedIn address of this person');
});

test('the sample for recruiters is taken as it is', async () => {
	const said = await handIn(fs.readFileSync(path.join(root, 'examples/leads.csv'), 'utf8'));
	expect(said).toContain('4 new people are in the queue');
	expect((await intake.queue()).map(({ status }) => status)).toEqual([
		...['to_approve', 'to_approve', 'to_approve', 'to_look_at'],
	]);
});

test('the same person twice has one key, whatever the address looks like', async () => {
	const linkedin = 'https://www.linkedin.com/in/fatima-haddad-8253a9c8';
	await handIn(
		csvOf([
			{ linkedin },
			{ linkedin: `${linkedin.replace('www', 'lb')}/` },
			{ linkedin, list: '55' },
		]),
	);
	const keys = (await intake.queue()).map(({ key }) => key);
	expect([keys[0] === keys[1], keys[0] === keys[2]]).toEqual([true, false]);
	expect(keys.join()).not.toMatch(/fatima/);
});

test('of an address that is none of one lead, a person looks', async () => {
	const addresses = [
		['https://evil.example/?linkedin.com/in/other', 'no LinkedIn address'],
		['https://www.linkedin.com/company/other', 'no LinkedIn address'],
		['https://www.linkedin.com/talent/profile/AEMAAone', 'one of Recruiter'],
		['https://linkedin.com/in/one https://linkedin.com/in/two', '2 LinkedIn addresses'],
	];
	await handIn(csvOf(addresses.map(([linkedin], index) => ({ name: `Noor ${index}`, linkedin }))));
	expect(await intake.queue()).toMatchObject(
		addresses.map(([, says], index) => ({
			status: 'to_look_at',
			person: '',
			person_name: `Noor ${index}`,
			result: expect.stringContaining(says),
		})),
	);
});

test('of a line with two addresses, a person looks; it stands in the way of neither', async () => {
	const [ana, ben] = ['ana-lead', 'ben-lead'].map((slug) => `https://www.linkedin.com/in/${slug}`);
	await handIn(csvOf([{ name: 'Ben', linkedin: `${ana} ${ben}` }]));
	expect(await intake.queue()).toMatchObject([{ status: 'to_look_at' }]);
	const said = await handIn(csvOf([{ name: 'Ana', linkedin: ana }]));
	expect(said).toContain('1 new person');
	const [double, single] = await intake.queue();
	expect(double.key).not.toBe(single.key);
	// Nor do lines without an address, which differ in some other column.
	await handIn('First name,linkedin\nEve,\nDan,\nEve,n/a\nDan,n/a');
	const keys = (await intake.queue()).map(({ key }) => key);
	expect(new Set(keys).size).toBe(6);
});

test('a list that is handed in again brings only who is new, and says what became of the others', async () => {
	const names = ['Ana', 'Ben', 'Chloé', 'Dan & <i>Eve</i>', 'Finn', 'Grace'];
	const list = names.map((name, index) => ({ ...people(6)[index], name }));
	const noAddress = { name: 'Noor', linkedin: '' };
	await handIn(csvOf([...list.slice(0, 5), noAddress]));
	const rows = await intake.queue();
	for (const [index, status] of ['performed', 'waiting', 'not_sent', 'refused'].entries()) {
		await intake.tables.update(QUEUE, { id: rows[index].id }, { status });
	}
	const said = await handIn(csvOf([noAddress, ...list]));
	expect(said).toContain('1 new person is in the queue');
	expect(said).toContain('Waiting already: 2 (Ben, Finn).');
	expect(said).toContain('Done already: 1 (Ana).');
	expect(said).toContain('Dropped before, and not brought back: 1 (Chloé).');
	expect(said).toContain('Refused, unknown or to look at: 2 (Noor, Dan & <i>Eve</i>).');
	const all = await intake.queue();
	expect(all.slice(0, 6).map(({ status }) => status)).toEqual([
		...['performed', 'waiting', 'not_sent', 'refused', 'to_approve', 'to_look_at'],
	]);
	expect(all.slice(6)).toMatchObject([
		{ status: 'to_approve', person_name: 'Grace', source: 'Row 8 of leads.csv' },
	]);
	expect(await handIn(csvOf([noAddress, ...list]))).toContain('0 new people are in the queue');
	expect(await intake.queue()).toHaveLength(7);
});

test('a mended line is taken, though the one before it still has to be looked at', async () => {
	const [lead] = people(1);
	await handIn(csvOf([{ ...lead, linkedin: `${lead.linkedin} https://linkedin.com/in/other` }]));
	expect(await handIn(csvOf([lead]))).toContain('1 new person is in the queue');
	expect((await intake.queue()).map(({ status }) => status)).toEqual(['to_look_at', 'to_approve']);
});

test('a list that is none is looked at; a name of the table is its address', async () => {
	await intake.tables.insert('postpress_words', [
		{ source: 'leads', kind: 'job', word: 'Trade fair', means: LIST },
	]);
	const linkedin = 'https://www.linkedin.com/in/fatima-haddad-8253a9c8';
	await handIn(
		csvOf([
			{ linkedin, list: 'trade fair' },
			{ linkedin, list: 'Another' },
		]),
	);
	expect(await intake.queue()).toMatchObject([
		{ status: 'to_approve', list: LIST },
		{
			status: 'to_look_at',
			result: expect.stringContaining('"Another" is no address of a lead list'),
		},
	]);
});

test('of several accounts the one on the form acts, else that with the seat, else that of the table of words', async () => {
	const accountIds = async () => (await intake.queue()).map((row) => row.account_id);
	await intake.tables.insert('postpress_accounts', [
		{ account_id: 'acc_2', name: 'Hannah Keller', seats: 'Recruiter' },
	]);
	const said = await handIn(csvOf(people(1)));
	expect(said).toContain('Which LinkedIn account saves these leads?');
	expect(said).toContain('as it stands in postpress_accounts: Marcus Adeyemi.');
	expect(await handIn(csvOf(people(1)), '', 'Nobody')).toContain('Which LinkedIn account');
	expect(await intake.queue()).toEqual([]);
	await handIn(csvOf(people(1)), '', ' marcus adeyemi');
	expect(await accountIds()).toEqual([account_id]);
	expect(await handIn(csvOf(people(1)), '', 'Hannah Keller')).toContain('Which LinkedIn account');
	// Each account has leads of its own.
	await intake.tables.update('postpress_accounts', { account_id: 'acc_2' }, { seats: '' });
	await handIn(csvOf(people(1)), '', 'Hannah Keller');
	expect(await accountIds()).toEqual([account_id, 'acc_2']);
	await reset();
	await intake.tables.update('postpress_accounts', { account_id }, { seats: 'Sales Navigator' });
	await intake.tables.insert('postpress_accounts', [
		{ account_id: 'acc_2', name: 'Hannah Keller', seats: 'Recruiter' },
	]);
	await handIn(csvOf(people(1)));
	expect(await accountIds()).toEqual([account_id]);
	await reset();
	await intake.tables.insert('postpress_accounts', [
		{ account_id: 'acc_2', name: 'Hannah Keller' },
	]);
	await intake.tables.insert('postpress_words', [
		{ source: 'leads', kind: 'account', word: '*', means: 'Marcus Adeyemi' },
	]);
	await handIn(csvOf(people(1)));
	expect(await intake.queue()).toMatchObject([{ status: 'to_approve', account_id }]);
});

test('the page says how many days it takes; an account without approval does not wait for it', async () => {
	await reset({ daily_limit: 30, needs_approval: false });
	const said = await handIn(csvOf(people(100)));
	expect(said).toContain('100 new people are in the queue');
	expect(said).toContain('about 4 days');
	expect(said).not.toContain('approved');
	const rows = await intake.queue();
	expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['waiting']));
	expect(rows).toHaveLength(100);
});

test('a page on which nobody can go out does not say when', async () => {
	const said = await handIn(csvOf([{ name: 'Noor', linkedin: 'https://x.example' }]));
	expect(said).toContain('1 new person is in the queue');
	expect(said).not.toContain('within a day');
	expect((await intake.queue())[0].result).toContain('but "https://x.example"');
});

test('a file with semicolons reads the same, also with commas in its cells', async () => {
	const [{ linkedin }] = people(1);
	await handIn(`Name;LinkedIn;List\r\n"Person, 0";"${linkedin}";\r\nNoor;;${LIST}`, LIST);
	expect(await intake.queue()).toMatchObject([
		{ status: 'to_approve', person_name: 'Person, 0', list: LIST },
		{ status: 'to_look_at', person_name: 'Noor' },
	]);
});

test('the same person twice in a file: sent once, and the other row says which one it was', async () => {
	const queue = intake.sender;
	await queue.clear();
	await queue.account(account_id, { needs_approval: true });
	await handIn(csvOf([...people(2), ...people(1)]));
	await queue.tables.update(QUEUE, { status: 'to_approve' }, { status: 'waiting' });
	await queue.tick();
	const rows = await queue.rows();
	expect(rows.map(({ status, result }) => [status, result])).toEqual([
		['performed', 'Done.'],
		['performed', 'Done.'],
		['duplicate', `The same as row ${rows[0].id}, which is performed.`],
	]);
	expect(intake.bench.sandbox.requestCount).toBe(2);
});

test('a file from Excel, with the mark at its beginning and other capitals, reads the same', async () => {
	await handIn(`\uFEFF${csvOf(people(1)).replace('name,linkedin', 'Name,LinkedIn ')}`);
	expect(await intake.queue()).toMatchObject([{ status: 'to_approve', person_name: 'Person 0' }]);
});

test.each(['Name;Profile\r\nYuki;https://x.example\r\nNoor;', '', 'name,linkedin'])(
	'%j: nothing is taken, and the page says why',
	async (text) => {
		const page = await answerTo(text);
		await page.getByText('This file has no column "linkedin"').waitFor();
		expect(await intake.queue()).toEqual([]);
		await page.getByRole('link', { name: 'Back to the form' }).click();
		await page.getByRole('button', { name: 'Hand in these leads' }).waitFor();
		await page.context().close();
	},
);

test('without a file the form is not sent', async () => {
	const page = await openForm();
	await page.getByRole('button', { name: 'Hand in these leads' }).click();
	await page.getByText('This field is required').first().waitFor();
	await page.context().close();
	expect(await intake.queue()).toEqual([]);
});

test('without its password the form is closed, and takes no file', async () => {
	const { rest } = intake.bench;
	const before = await rest.executions(intake.workflow.id);
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
	expect(await rest.executions(intake.workflow.id)).toEqual(before);
	expect(await intake.queue()).toEqual([]);
});

/** Made-up people whom Sales Navigator knows. */
function people(count: number): Lead[] {
	return Array.from({ length: count }, (_, index) => ({
		name: `Person ${index}`,
		linkedin: `https://www.linkedin.com/sales/lead/ACwAAperson${index},NAME_SEARCH,x`,
		list: LIST,
	}));
}
