import type { Page } from 'playwright-core';
import { ACCOUNTS, importQueue, MORNING, type Status } from '../../harness/app/queue';
import type { SavedWorkflow } from '../../harness/app/rest';
import { newClock } from './support/clock';
import { startEditorBench } from './support/editorBench';
import { askOften } from './support/forms';
import { addTo, recruiter, startQueue, type Queue } from './support/queueBench';
import { runFrom } from './support/runs';

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
	await queue.account(A, { name: 'Hannah', needs_approval: true });
});

const toApprove = { status: 'to_approve' } as const;

const address = () => `${bench.url}/form/postpress-queue`;

/** What the first page asks besides the kind of rows. */
interface Wanted {
	action?: string;
	only?: string;
}

/** Opens the page, and shows the rows of one kind. */
async function show(kind: string, wanted: Wanted = {}): Promise<Page> {
	const form = await bench.openPage();
	await askOften(form);
	await form.goto(address());
	const allow = form.getByRole('button', { name: 'Allow access' });
	const select = form.locator('select');
	await allow.or(select).first().waitFor();
	// n8n asks once whether the form may know who is signed in.
	if (await allow.isVisible()) await allow.click();
	await select.nth(0).selectOption(kind);
	if (wanted.action) await select.nth(1).selectOption(wanted.action);
	if (wanted.only) await form.locator('input[type=text]').fill(wanted.only);
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

/** Presses "Save"; returns what the page says then. */
async function save(form: Page): Promise<string> {
	await form.getByRole('button', { name: 'Save' }).click();
	await form.getByText(/\d+ changed/).waitFor();
	const said = await form.locator('.card').innerText();
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
		await theirs.waitForURL(/signin/, { waitUntil: 'commit' });
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
			person_name: 'Ana & <i>Eve</i>',
			stage: '',
			reason: 'Withdrew Application',
		},
		{ ...addTo(A, 'three'), status: 'to_approve', person_name: 'Tomasz' },
		{ ...addTo(A, 'four'), status: 'to_look_at', person_name: 'Grace' },
	);
	const form = await show('To approve');
	expect(await choices(form)).toEqual([
		['Leave them', 'Approve', 'Drop'],
		...Array<string[]>(3).fill(['As for all of them', 'Approve', 'Drop', 'Leave as it is']),
	]);
	const [first, second, third, ...rest] = await texts(form);
	expect(rest).toEqual([]);
	expect(first).toBe(
		[
			'Reject applicant: Chloé Dubois',
			'Account: Hannah',
			'https://www.linkedin.com/talent/profile/AEMAAone',
			'Project: https://www.linkedin.com/talent/hire/1483848495/overview',
			'Reason: More Qualified Candidates',
			`Message: “${message}”`,
			'Greenhouse application 7',
		].join('\n'),
	);
	expect(second).toContain('Reason: Withdrew Application\nNo message');
	expect(third).toContain('Stage: Contacted');
	await form.locator('select').nth(1).selectOption('Approve');
	await form.locator('select').nth(2).selectOption('Drop');
	expect(await save(form)).toMatch(
		/^2 changed\s+Approved: Chloé Dubois\. Dropped: Ana & <i>Eve<\/i>\./,
	);
	const rows = await queue.rows();
	expect(rows.map(({ status, result }) => [status, result.replace(/\d.*/, '')])).toEqual([
		['waiting', 'Approved: owner@example.com, '],
		['not_sent', 'Dropped: owner@example.com, '],
		['to_approve', ''],
		['to_look_at', ''],
	]);
	const approved_by = rows[0].result.replace('Approved: ', '');
	await queue.tick();
	expect(await queue.rows()).toMatchObject([
		{ status: 'performed', result: 'Done.', approved_by },
		{ status: 'not_sent', approved_by: '' },
		{ status: 'to_approve', approved_by: null },
		{ status: 'to_look_at', approved_by: null },
	]);
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
	expect(await save(form)).toMatch(/^2 changed/);
	expect(await queue.statuses()).toEqual(['waiting', 'waiting', 'not_sent']);
});

test('does nothing for somebody whose row is no longer what was shown, and says so', async () => {
	const names = ['one', 'two', 'three', 'four'];
	await queue.add(...names.map((name) => ({ ...addTo(A, name), status: 'to_approve' as const })));
	const [one, two, three] = await queue.rows();
	const form = await show('To approve');
	await queue.edit(one, { person: recruiter('somebodyElse') });
	await queue.edit(two, { operation: 'applicant.reject' });
	await queue.edit(three, { status: 'waiting' });
	await form.locator('select').first().selectOption('Approve');
	const said = await save(form);
	expect(said).toMatch(/^1 changed\s+Approved: four\./);
	expect(said).toContain('Not changed: one, two, three.');
	expect(await queue.statuses()).toEqual(['to_approve', 'to_approve', 'waiting', 'waiting']);
	expect((await queue.rows()).map(({ result }) => result.split(':')[0])).toEqual([
		'',
		'',
		'',
		'Approved',
	]);
});

test('approves all but those for whom something else is chosen', async () => {
	const names = ['one', 'two', 'three'];
	await queue.add(...names.map((name) => ({ ...addTo(A, name), status: 'to_approve' as const })));
	const form = await show('To approve');
	await form.locator('select').nth(0).selectOption('Approve');
	await form.locator('select').nth(1).selectOption('Drop');
	await form.locator('select').nth(3).selectOption('Leave as it is');
	expect(await save(form)).toMatch(/^2 changed\s+Dropped: one\. Approved: two\./);
	expect(await queue.statuses()).toEqual(['not_sent', 'waiting', 'to_approve']);
});

test('takes an approval back, as long as the person was not sent', async () => {
	const approved_by = 'owner@example.com, 2 Nov 2026, 10:00';
	await queue.add({ ...addTo(A, 'one'), approved_by }, { ...addTo(A, 'two'), approved_by });
	const form = await show('Waiting');
	expect((await texts(form))[0]).toContain(`Approved by ${approved_by}`);
	expect((await choices(form))[0]).toEqual(['Leave them', 'Do not send yet', 'Drop']);
	// Meanwhile the second one is sent.
	await queue.edit((await queue.rows())[1], { status: 'performed' });
	await form.locator('select').first().selectOption('Do not send yet');
	expect(await save(form)).toMatch(/^1 changed\s+Taken back: one\./);
	expect(await queue.rows()).toMatchObject([
		{ status: 'to_approve', approved_by: '' },
		{ status: 'performed', approved_by },
	]);
});

test('shows when a message goes out, and what is no time as it stands', async () => {
	const times = ['2027-01-31T08:00:00.000Z', 'tomorrow 9:00', '1790000000000', '01.12.2026 09:00'];
	await queue.add(...times.map((send_at) => ({ ...addTo(A, send_at), ...toApprove, send_at })));
	const form = await show('To approve');
	const said = (await texts(form)).map((text) => /Message goes out (.*)/.exec(text)?.[1]);
	expect(said).toEqual(['31 Jan 2027, 09:00', ...times.slice(1)]);
	await form.close();
});

test('says which account acts, by its name where it has one, and when there is none', async () => {
	await queue.account('acc_nameless', { name: '' });
	await queue.add(
		...[A, 'acc_nameless', '', 'acc_gone'].map((account) => ({
			...addTo(account, 'one'),
			status: 'to_approve' as const,
		})),
	);
	const form = await show('To approve');
	expect((await texts(form)).map((text) => text.split('\n')[1])).toEqual([
		'Account: Hannah',
		'Account: acc_nameless',
		'Account: none',
		'Account: acc_gone',
	]);
	await form.close();
});

test('sends nobody for whom something is missing, and says what', async () => {
	const status = 'to_look_at' as const;
	const reject = { ...addTo(A, 'one'), operation: 'applicant.reject', stage: '', status };
	await queue.add(
		{ ...addTo('', 'one'), status },
		{ ...addTo('acc_gone', 'two'), status, stage: '' },
		{ ...addTo(A, 'three'), status, person: '' },
		{ ...addTo(A, 'four'), status, project: '' },
		{ ...addTo(A, 'five'), status, operation: 'candidate.changeStage', stage: '' },
		reject,
		{ ...addTo(A, 'six'), status, operation: 'reject' },
		{ ...reject, reason: 'More Qualified Candidates' },
		{ ...addTo(A, 'seven'), status, operation: 'lead.save', project: '', stage: '' },
		{ ...addTo(A, 'eight'), status },
	);
	const form = await show('To look at');
	expect(
		(await texts(form)).map((text) => /It cannot be sent yet.*table: (.*)\./.exec(text)?.[1]),
	).toEqual([
		'account_id (one of postpress_accounts)',
		'account_id (one of postpress_accounts), stage',
		'person',
		'project',
		'stage',
		'reason',
		'operation',
		undefined,
		undefined,
		undefined,
	]);
	await form.locator('select').first().selectOption('Send as it stands now');
	expect(await save(form)).toMatch(/^3 changed/);
	expect((await queue.statuses()).slice(7)).toEqual(['waiting', 'waiting', 'waiting']);
});

test('settles who is unknown: it was done, or it is sent again', async () => {
	bench.sandbox.fail({ kind: 'drop', when: 'after' }, { userId: 'AEMAAone' });
	bench.sandbox.fail({ kind: 'drop', when: 'before' }, { userId: 'AEMAAtwo' });
	const approved_by = 'somebody.else@example.com, 2 Nov 2026, 10:00';
	await queue.add({ ...addTo(A, 'one'), approved_by }, { ...addTo(A, 'two'), approved_by });
	await queue.tick();
	await queue.tick();
	expect(await queue.statuses()).toEqual(['unknown', 'unknown']);
	const form = await show('Unknown: perhaps done');
	expect((await texts(form)).join()).toMatch(/sending again is safe: nothing is done twice/i);
	expect((await choices(form))[0]).toEqual(['Leave them', 'It was done', 'Send again']);
	await form.locator('select').nth(1).selectOption('It was done');
	await form.locator('select').nth(2).selectOption('Send again');
	expect(await save(form)).toMatch(/^2 changed/);
	await queue.tick();
	expect(await queue.rows()).toMatchObject([
		{ status: 'performed', approved_by, sent: '' },
		{ status: 'performed', approved_by: expect.stringMatching(/^owner@example.com, /) },
	]);
	expect(bench.sandbox.performed.map(({ userId }) => userId)).toEqual(['AEMAAone', 'AEMAAtwo']);
});

test('offers nothing that would hide somebody who may have been sent', async () => {
	const doubt = { claimed_at: new Date().toISOString() };
	await queue.add(
		{ ...addTo(A, 'one'), ...doubt, status: 'unknown' },
		{ ...addTo(A, 'two'), ...doubt, sent: 'a checksum' },
		{ ...addTo(A, 'four'), ...doubt, sent: 'a checksum', done_at: doubt.claimed_at },
		addTo(A, 'three'),
		// Looked up in vain, and tried again later.
		{ ...addTo(A, 'five'), ...doubt, error_type: 'provider/unreachable' },
	);
	const unknown = await show('Unknown: perhaps done');
	expect((await choices(unknown))[0]).toEqual(['Leave them', 'It was done', 'Send again']);
	await unknown.close();
	const form = await show('Waiting');
	expect((await choices(form)).slice(1).map((offered) => offered.slice(1, -1))).toEqual([
		['Do not send yet'],
		['Do not send yet'],
		['Do not send yet', 'Drop'],
		['Do not send yet', 'Drop'],
	]);
	await form.locator('select').first().selectOption('Do not send yet');
	expect(await save(form)).toMatch(/^4 changed/);
	expect(await queue.statuses()).toEqual([
		...['unknown', 'unknown', 'unknown'],
		...['to_approve', 'to_approve'],
	]);
});

test('says that an account is paused, before and after somebody is approved', async () => {
	const paused = 'On <b>holiday</b>. Look there, then empty `paused` in postpress_accounts.';
	await queue.account('acc_b', { name: 'Marcus', paused });
	await queue.add(...[A, 'acc_b'].map((account) => ({ ...addTo(account, 'one'), ...toApprove })));
	const form = await show('To approve');
	expect((await texts(form)).map((text) => text.split('\n')[1])).toEqual([
		'Account: Hannah',
		`Account: Marcus, paused: ${paused}`,
	]);
	await form.locator('select').first().selectOption('Approve');
	const said = await save(form);
	expect(said).toMatch(/^2 changed/);
	expect(said).toContain('Who waits now is sent at the next look, every 10 minutes');
	expect(said).toContain(`Nobody is sent while an account is paused. Marcus: ${paused}`);
});

test('tells whoever comes second that nothing was changed, and promises nothing', async () => {
	await queue.add({ ...addTo(A, 'one'), ...toApprove });
	const [first, second] = [await show('To approve'), await show('To approve')];
	await first.locator('select').first().selectOption('Approve');
	await second.locator('select').first().selectOption('Drop');
	expect(await save(first)).toContain('Who waits now is sent');
	const said = await save(second);
	expect(said).toMatch(/^0 changed\s+Not changed: one\./);
	expect(said).not.toContain('Who waits now is sent');
	expect(await queue.statuses()).toEqual(['waiting']);
});

test('says so when nothing was chosen', async () => {
	await queue.add({ ...addTo(A, 'one'), ...toApprove });
	expect(await save(await show('To approve'))).toMatch(/^0 changed\s+Back to the page$/);
	expect(await queue.statuses()).toEqual(['to_approve']);
});

test.each<[wanted: Wanted, shown: string[]]>([
	[{ action: 'Reject applicant' }, ['Ana', 'Chloé']],
	[{ only: ' MARCUS' }, ['Tomasz']],
	[{ only: 'fair.csv' }, ['Chloé']],
	[{ only: 'ana' }, ['Ana']],
	[{ action: 'Add candidate', only: 'fair.csv' }, []],
])('%j: "all of them" are these only', async (wanted, shown) => {
	await queue.account('acc_b', { name: 'Marcus' });
	const reason = 'NOT_IN_DESIRED_LOCATION';
	const reject = { ...addTo(A, 'one'), operation: 'applicant.reject', reason, ...toApprove };
	await queue.add(
		{ ...reject, person_name: 'Ana' },
		{ ...reject, person_name: 'Chloé', source: 'Row 2 of fair.csv' },
		{ ...addTo('acc_b', 'three'), person_name: 'Tomasz', ...toApprove },
	);
	const form = await show('To approve', wanted);
	if (shown.length === 0) {
		await form.getByText('There is nobody under “To approve, Add candidate, fair.csv”.').waitFor();
		await form.close();
		return;
	}
	expect(await texts(form)).toHaveLength(shown.length);
	await form.locator('select').first().selectOption('Approve');
	expect(await save(form)).toContain(`Approved: ${shown.join(', ')}.`);
	const waiting = (await queue.rows()).filter(({ status }) => status === 'waiting');
	expect(waiting.map(({ person_name }) => person_name)).toEqual(shown);
});

test('shows a hundred, says how many there are, and goes on with those after them', async () => {
	const names = Array.from({ length: 102 }, (_, index) => `Person ${index}`);
	await queue.add(...names.map((name) => ({ ...addTo(A, name), ...toApprove })));
	const form = await show('To approve', { only: 'person' });
	expect(await texts(form)).toHaveLength(100);
	await form.getByText('The first 100 of 102 people').waitFor();
	await form.getByRole('button', { name: 'Save' }).click();
	const back = form.getByRole('link', { name: 'Back to the page' });
	expect(await back.getAttribute('href')).toMatch(
		/show=To%20approve&action=Any%20action&only=person$/,
	);
	await form.getByRole('link', { name: 'The next 2' }).click();
	await form.getByRole('button', { name: 'Show' }).click();
	await form.waitForURL(/form-waiting/);
	expect((await texts(form)).map((text) => text.split('\n')[0])).toEqual([
		'Add candidate: Person 100',
		'Add candidate: Person 101',
	]);
	await form.close();
});

test('says when there is nobody', async () => {
	const form = await show('Refused');
	await form.getByText('There is nobody under “Refused”.').waitFor();
	await form.getByRole('link', { name: 'Back to the page' }).click();
	await form.getByRole('button', { name: 'Show' }).waitFor();
	await form.close();
});

test('shows the report too', async () => {
	const look = {
		status: 'to_look_at',
		person_name: 'Dan & <i>Eve</i>',
		result: 'No word.',
	} as const;
	await queue.add({ ...addTo(A, 'one'), ...look }, { ...addTo(A, 'two'), ...toApprove });
	const form = await show('The report');
	const said = form.locator('.card');
	await said.getByText('Sent or dropped since').waitFor();
	const [{ id }] = await queue.rows();
	expect(await said.innerText()).toContain(
		`To look at: 1\nRow ${id}, Dan & <i>Eve</i>: No word.\n`,
	);
	await said.getByRole('link', { name: address() }).click();
	await form.getByRole('button', { name: 'Show' }).waitFor();
	await form.close();
});

describe('the report', () => {
	const report = async () => {
		const run = await runFrom(bench.rest, page.id, MORNING);
		expect([run.status, run.error]).toEqual(['success', undefined]);
		return run.output('Report')[0] as { subject: string; text: string };
	};

	test('tells what was sent, what waits and until when, who needs a look, and who is paused', async () => {
		const day = 86_400_000;
		const yesterday = new Date(Date.now() - day).toISOString();
		await queue.account(A, { daily_limit: 2 });
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
				result: status === 'refused' ? 'No.' : 'Done.',
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
			{ ...addTo(A, 'typo'), status: 'Waiting' as Status },
			{ ...addTo(A, 'crash'), status: 'sending', claimed_at: yesterday },
			{ ...addTo(A, 'now'), status: 'sending', claimed_at: new Date().toISOString() },
			...['1', '2', '3', '4', '5'].map((name) => addTo(A, name)),
			addTo('acc_b', '6'),
			addTo('acc_gone', '7'),
		);
		const { subject, text } = await report();
		expect(subject).toBe(
			'PostPress queue: 1 to approve, 1 to look at, 1 unknown, 1 still sending, 1 refused, 1 with another status',
		);
		const [refused, unknown, word, typo, crash, gone] = (await queue.rows()).filter(
			({ status, account_id, person_name }) =>
				/unknown|look|refused|Waiting/.test(status) ||
				person_name === 'crash' ||
				account_id === 'acc_gone',
		);
		const until = new Intl.DateTimeFormat('en-GB', {
			day: 'numeric',
			month: 'short',
			timeZone: 'Europe/Berlin',
		}).format(Date.now() + 3 * day);
		expect(text).toContain('Hannah: 2 performed, 1 refused, 1 unknown\n\n');
		expect(text).toContain(`To approve: 1\n${address()}`);
		expect(text).toContain(
			[
				`To look at: 1\nRow ${word.id}, Tomasz: The word "Assessment" is in no table.`,
				`Unknown: 1\nRow ${unknown.id}, Grace: The answer was lost.`,
				`Still sending: 1\nRow ${crash.id}, crash: n8n ended in the middle. When "PostPress: queue" runs again, this becomes unknown. Is it published? If it stays, set the status to unknown in the table.`,
				`Refused: 1\nRow ${refused.id}, refused: No.`,
				`With another status: 1\nRow ${typo.id}, typo: The status "Waiting" is none of the queue. Correct it.`,
				'Waiting: ',
			].join('\n\n'),
		);
		expect(text).toContain(
			`Waiting: Hannah: 5, until about ${until}\nMarcus: 1, once the account is not paused any more\n1 for acc_gone, which is not in postpress_accounts: row ${gone.id}\n`,
		);
		expect(text).toContain('Paused accounts: Marcus: LinkedIn has restricted this account.');
	});

	test('tells on Monday what was sent since Friday, on other days since the day before', async () => {
		const sentAt = (name: string, at: string) => ({
			...addTo(A, name),
			status: 'performed' as const,
			claimed_at: new Date(at).toISOString(),
			done_at: new Date(at).toISOString(),
		});
		await queue.account('acc_nameless', { name: '' });
		await queue.add(
			sentAt('thursday', '2027-03-11T17:00:00+01:00'),
			sentAt('friday', '2027-03-12T09:00:00+01:00'),
			sentAt('saturday', '2027-03-13T09:00:00+01:00'),
			{ ...sentAt('monday', '2027-03-15T00:10:00+01:00'), account_id: 'acc_nameless' },
		);
		const at = async (moment: string) => {
			clock.set(moment);
			await bench.rest.signIn();
			return (await report()).text.split('\n').slice(0, 3);
		};
		expect([
			await at('2027-03-12T07:30:00+01:00'),
			await at('2027-03-15T07:30:00+01:00'),
			await at('2027-03-16T07:30:00+01:00'),
		]).toEqual([
			// All rows are there from the beginning, those of later days too.
			[
				'Sent or dropped since Thursday, 11 March',
				'Hannah: 3 performed',
				'acc_nameless: 1 performed',
			],
			[
				'Sent or dropped since Friday, 12 March',
				'Hannah: 2 performed',
				'acc_nameless: 1 performed',
			],
			['Sent or dropped since Monday, 15 March', 'acc_nameless: 1 performed', ''],
		]);
		clock.shift(0);
		await bench.rest.signIn();
	});

	test('counts everybody who needs a look, and names thirty', async () => {
		const look = { ...addTo(A, 'one'), status: 'to_look_at' as const, result: 'No word.' };
		await queue.add(...Array.from({ length: 33 }, () => look));
		const { subject, text } = await report();
		expect(subject).toBe('PostPress queue: 0 to approve, 33 to look at');
		expect(text).not.toMatch(/Unknown|Refused/);
		expect(text).toContain('To look at: 33\nRow ');
		expect(text.match(/No word\./g)).toHaveLength(30);
		expect(text).toContain('No word.\nand 3 more\n');
	});

	test('counts who was dropped since the last working day, also without an account', async () => {
		const dropped = { ...addTo(A, 'one'), status: 'not_sent' as const };
		const sent = { ...dropped, status: 'performed' as const };
		const [now, lately] = [0, 20].map((days) => new Date(Date.now() - days * 86_400_000));
		const [today, before] = [now.toISOString(), lately.toISOString()];
		await queue.add(
			{ ...sent, claimed_at: today, done_at: today },
			// Somebody has said today that it was done.
			{ ...sent, claimed_at: before, done_at: today },
			{ ...dropped, done_at: today },
			{ ...dropped, done_at: before },
			// Dropped, and approved after all.
			{ ...addTo(A, 'two'), done_at: today },
			{ ...dropped, account_id: '', done_at: today },
		);
		const { text } = await report();
		expect(text.split('\n').slice(1, 4)).toEqual([
			'Hannah: 1 performed, 1 not sent',
			'no account: 1 not sent',
			'',
		]);
	});

	test('says in which year the last of many will have been sent, if it is another one', async () => {
		// As people write days; five of them a week.
		await queue.account(A, { daily_limit: 1, ...{ days: 'Mon,Tue,Wed,Thu,Fri' } });
		await queue.add(...['1', '2', '3', '4', '5'].map((name) => addTo(A, name)));
		const at = async (moment: string) => {
			clock.set(moment);
			await bench.rest.signIn();
			return /Waiting: (.*)/.exec((await report()).text)?.[1];
		};
		expect([await at('2027-12-20T07:30:00+01:00'), await at('2027-12-27T07:30:00+01:00')]).toEqual([
			'Hannah: 5, until about 27 Dec',
			'Hannah: 5, until about 3 Jan 2028',
		]);
		clock.shift(0);
		await bench.rest.signIn();
	});

	test('empties what is done after 90 days, and leaves the key', async () => {
		await queue.add(
			{ ...addTo(A, 'one'), key: 'sheet:1', message: 'Dear', approved_by: 'owner@example.com' },
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
			approved_by: '',
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
		expect((await report()).text).toMatch(/^Sent or dropped since .*\nnobody\n/);
	});
});
