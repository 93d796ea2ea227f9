import type { Page } from 'playwright-core';
import { ACCOUNTS, importQueue, MORNING } from '../../harness/app/queue';
import type { SavedWorkflow } from '../../harness/app/rest';
import { newClock } from './support/clock';
import { startEditorBench } from './support/editorBench';
import { addTo, startQueue, type Queue } from './support/queueBench';
import { runOf } from './support/runs';

const A = 'acc_a';

const clock = newClock();
const bench = startEditorBench({ env: clock.env });
let queue: Queue;
let page: SavedWorkflow;

beforeAll(async () => {
	queue = await startQueue(bench);
	const { sandbox, rest, credential } = bench;
	page = await importQueue(rest, credential, 'queue-page.json', { baseUrl: sandbox.url });
	await rest.publish(page);
}, 180_000);

beforeEach(async () => {
	await queue.clear();
	await queue.account(A, { needs_approval: true });
});

const address = () => `${bench.url}/form/postpress-queue`;

/** Opens the page, and shows the rows of one kind. */
async function show(kind: string): Promise<Page> {
	const form = await bench.openPage();
	await form.goto(address());
	const allow = form.getByRole('button', { name: 'Allow access' });
	const select = form.locator('select');
	await allow.or(select).first().waitFor();
	// n8n asks once whether the form may know who is signed in.
	if (await allow.isVisible()) await allow.click();
	await select.first().selectOption(kind);
	await form.getByRole('button', { name: 'Show' }).click();
	await form.waitForURL(/form-waiting/);
	return form;
}

/** What the page says of each row. */
const texts = (form: Page) => form.locator('.form-group.html').allInnerTexts();

/** The choices that the page offers: for all rows, then for each. */
const choices = (form: Page) =>
	form
		.locator('select')
		.evaluateAll((selects) =>
			selects.map((select) =>
				[...select.querySelectorAll('option')].slice(1).map(({ text }) => text),
			),
		);

async function save(form: Page): Promise<string> {
	await form.getByRole('button', { name: 'Save' }).click();
	const text = form.getByText(/\d+ changed/);
	await text.waitFor();
	const said = await text.innerText();
	await form.close();
	return said;
}

test('is shown to nobody who is not signed in to n8n, on none of its pages', async () => {
	await queue.add({ ...addTo(A, 'one'), status: 'to_approve', person_name: 'Chloé Dubois' });
	const form = await show('To approve');
	const stranger = await bench.browser.newContext();
	const theirs = await stranger.newPage();
	for (const url of [address(), form.url()]) {
		await theirs.goto(url);
		await theirs.waitForURL(/signin/);
		expect(await theirs.content()).not.toContain('Dubois');
	}
	const { pathname, search } = new URL(form.url());
	const posted = await fetch(`${bench.url}${pathname}${search}`, {
		method: 'POST',
		body: new FormData(),
	});
	expect(posted.status).toBe(401);
	expect(await queue.statuses()).toEqual(['to_approve']);
	await stranger.close();
	await form.close();
});

test('shows who waits as they would be sent, and approves some', async () => {
	const message = 'Dear Chloé,\nwe <b>pay</b> $& and $$ at R&D; {{ $json.x }}';
	await queue.add(
		{
			...addTo(A, 'one'),
			status: 'to_approve',
			operation: 'applicant.reject',
			person_name: 'Chloé Dubois',
			stage: '',
			reason: 'MORE_QUALIFIED_CANDIDATES',
			message,
			source: 'Greenhouse application 7',
		},
		{
			...addTo(A, 'two'),
			status: 'to_approve',
			operation: 'applicant.reject',
			person_name: 'Ana',
			stage: '',
			reason: 'WITHDREW_APPLICATION',
		},
		{ ...addTo(A, 'three'), status: 'to_approve', person_name: 'Tomasz' },
		{ ...addTo(A, 'four'), status: 'to_look_at', person_name: 'Grace' },
	);
	const form = await show('To approve');
	expect(await choices(form)).toEqual([
		['As chosen for each', 'Approve', 'Drop'],
		...Array<string[]>(3).fill(['Leave it', 'Approve', 'Drop']),
	]);
	const [first, second, third, ...rest] = await texts(form);
	expect(rest).toEqual([]);
	expect(first).toBe(
		[
			'Reject applicant: Chloé Dubois',
			'https://www.linkedin.com/talent/profile/AEMAAone',
			'Project 1483848495',
			'Reason: more qualified candidates',
			`Message: “${message}”`,
			'Greenhouse application 7',
		].join('\n'),
	);
	expect(second).toContain('No message');
	expect(third).toContain('Stage: contacted');
	await form.locator('select').nth(1).selectOption('Approve');
	await form.locator('select').nth(2).selectOption('Drop');
	expect(await save(form)).toBe('2 changed');
	expect(
		(await queue.rows()).map(({ status, result }) => [status, result.replace(/\d.*/, '')]),
	).toEqual([
		['waiting', 'Approve: owner@example.com, '],
		['not_sent', 'Drop: owner@example.com, '],
		['to_approve', ''],
		['to_look_at', ''],
	]);
	await queue.tick();
	expect(await queue.statuses()).toEqual(['performed', 'not_sent', 'to_approve', 'to_look_at']);
	expect(bench.sandbox.performed.map(({ body }) => body)).toEqual([
		expect.objectContaining({ rejection_notification: { message } }),
	]);
});

test('approves all at once', async () => {
	await queue.add(
		...['one', 'two', 'three'].map((name) => ({
			...addTo(A, name),
			status: 'to_approve' as const,
		})),
	);
	const form = await show('To approve');
	// Somebody else has just dropped the last one in the table.
	await queue.edit((await queue.rows())[2], { status: 'not_sent' });
	await form.locator('select').first().selectOption('Approve');
	expect(await save(form)).toBe('2 changed');
	expect(await queue.statuses()).toEqual(['waiting', 'waiting', 'not_sent']);
});

test('settles who is unknown: it was done, or it is sent again', async () => {
	bench.sandbox.fail({ kind: 'drop', when: 'after' }, { userId: 'AEMAAone' });
	bench.sandbox.fail({ kind: 'drop', when: 'before' }, { userId: 'AEMAAtwo' });
	await queue.add(addTo(A, 'one'), addTo(A, 'two'));
	await queue.tick();
	await queue.tick();
	expect(await queue.statuses()).toEqual(['unknown', 'unknown']);
	const form = await show('Unknown: perhaps done');
	expect((await choices(form))[1]).toEqual(['Leave it', 'It was done', 'Send again', 'Drop']);
	await form.locator('select').nth(1).selectOption('It was done');
	await form.locator('select').nth(2).selectOption('Send again');
	expect(await save(form)).toBe('2 changed');
	await queue.tick();
	expect(await queue.statuses()).toEqual(['performed', 'performed']);
	expect(bench.sandbox.performed.map(({ userId }) => userId)).toEqual(['AEMAAone', 'AEMAAtwo']);
});

test('says when there is nobody', async () => {
	const form = await show('Refused');
	await form.getByText('There is nobody under “Refused”.').waitFor();
	await form.close();
});

describe('the report', () => {
	const report = async () => {
		const [, run] = await runOf(bench.rest, page.id, () => bench.rest.execute(page.id, MORNING));
		expect([run.status, run.error]).toEqual(['success', undefined]);
		return run.output('Report')[0] as { subject: string; text: string };
	};

	test('tells what was sent, what waits and until when, who needs a look, and who is paused', async () => {
		const day = 86_400_000;
		const yesterday = new Date(Date.now() - day).toISOString();
		await queue.account(A, { name: 'Hannah', daily_limit: 2 });
		await queue.account('acc_b', {
			name: 'Marcus',
			paused: 'LinkedIn has restricted this account.',
		});
		await queue.add(
			...(['performed', 'performed', 'refused'] as const).map((status) => ({
				...addTo(A, status),
				status,
				claimed_at: yesterday,
				done_at: yesterday,
			})),
			{
				...addTo(A, 'unknown'),
				status: 'unknown',
				claimed_at: yesterday,
				person_name: 'Grace',
				result: 'The answer was lost.',
			},
			{
				...addTo(A, 'word'),
				status: 'to_look_at',
				person_name: 'Tomasz',
				result: 'The word "Assessment" is in no table.',
			},
			{ ...addTo(A, 'approve'), status: 'to_approve' },
			...['1', '2', '3', '4', '5'].map((name) => addTo(A, name)),
			addTo('acc_gone', '6'),
		);
		const { subject, text } = await report();
		expect(subject).toBe('PostPress queue: 1 to approve, 2 to look at');
		const [unknown, word] = (await queue.rows()).filter(({ status }) =>
			/unknown|look/.test(status),
		);
		const until = new Intl.DateTimeFormat('en-GB', {
			day: 'numeric',
			month: 'short',
			timeZone: 'Europe/Berlin',
		}).format(Date.now() + 3 * day);
		expect(text).toContain('Hannah: 2 performed, 1 refused, 1 unknown\nMarcus: nobody');
		expect(text).toContain(`To approve: 1\n${address()}`);
		expect(text).toContain(
			`To look at: 2\nRow ${unknown.id}, Grace (unknown): The answer was lost.\nRow ${word.id}, Tomasz (to look at): The word "Assessment" is in no table.`,
		);
		expect(text).toContain(
			`Waiting: Hannah: 5, until about ${until}\n1 for acc_gone, which is no account in postpress_accounts`,
		);
		expect(text).toContain('Paused accounts: Marcus: LinkedIn has restricted this account.');
	});

	test('empties what is done after 90 days, and leaves the key', async () => {
		await queue.add(
			{ ...addTo(A, 'one'), key: 'sheet:1', message: 'Dear' },
			{ ...addTo(A, 'two'), status: 'to_approve' },
			{ ...addTo(A, 'three'), status: 'to_look_at' },
		);
		await queue.tick();
		clock.shift(89 * 86_400);
		await bench.rest.signIn();
		expect((await report()).text).not.toContain('Emptied');
		clock.shift(91 * 86_400);
		await bench.rest.signIn();
		expect((await report()).text).toContain('Emptied of names and messages after 90 days: 1\n');
		const [done, waits, look] = await queue.rows();
		expect(done).toMatchObject({
			key: 'sheet:1',
			status: 'performed',
			person: '',
			person_name: '',
			message: '',
			source: '',
		});
		expect([waits.person_name, look.person_name]).toEqual(['two', 'three']);
		await queue.add({ ...addTo(A, 'one'), key: 'sheet:1' });
		await queue.tick();
		expect(await queue.statuses()).toEqual(['performed', 'to_approve', 'to_look_at', 'duplicate']);
		clock.shift(0);
		await bench.rest.signIn();
	});

	test('can be read before there is anything', async () => {
		await queue.tables.delete(ACCOUNTS);
		expect((await report()).text).toContain('There is no account yet.');
	});
});
