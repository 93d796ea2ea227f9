import { gzipSync } from 'node:zlib';
import {
	GREENHOUSE_WORDS,
	moved,
	rejected,
	signed,
	unrejected,
	withLinks,
} from './support/ats/greenhouse';
import { cryptoSecret, hmac, Intake, SECRET, send, type Body, type Taken } from './support/intake';
import { eventually } from '../../harness/eventually';
import { openAccount } from '../../harness/app/queue';
import { RECRUITER_ACCOUNT as account_id } from '../../harness/app/workflows';

const AMARA = 'https://www.linkedin.com/in/amara-okafor-94f4dbb7';
const LINK = 'https://app.greenhouse.io/people/35897443?application_id=46194062';

let intake: Intake;
let url: string;

beforeAll(async () => {
	intake = await Intake.start('greenhouse.json', {
		source: 'greenhouse',
		credentials: [cryptoSecret('Greenhouse secret key')],
	});
	url = intake.url('Greenhouse');
}, 120_000);

afterAll(() => intake?.stop());

beforeEach(() => intake.reset(GREENHOUSE_WORDS));

const deliver = (body: Body): Promise<Taken> => intake.deliver(url, signed(body));

/** The rows as a person reads them: status, and what is to be done to whom. */
const told = ({ rows }: Taken) =>
	rows.map(({ status, operation, stage, reason }) => [status, operation, stage || reason]);

describe('a delivery', () => {
	test('of somebody who moved becomes a row that waits for approval', async () => {
		const { status, run, rows } = await deliver(moved());
		expect([status, run.status]).toEqual([200, 'success']);
		expect(rows).toMatchObject([
			{
				key: 'greenhouse:application 46194062 2026-11-18T10:42:17.000Z:candidate_stage_change',
				status: 'to_approve',
				operation: 'candidate.changeStage',
				account_id,
				person: AMARA,
				person_name: 'Amara Okafor',
				project: 'https://www.linkedin.com/talent/hire/1483848495/manage/all',
				list: '',
				stage: 'CONTACTED',
				reason: '',
				message: '',
				source: LINK,
				claimed_by: '',
				tries: 0,
				result: '',
				done_at: '',
			},
		]);
		expect(Date.parse(String(rows[0].not_before))).toBeLessThanOrEqual(Date.now());
	});

	test('of somebody who was rejected becomes a silent rejection', async () => {
		const { rows } = await deliver(rejected({ jobs: [{ id: 1, name: ' qa lead ' }] }));
		expect(rows).toMatchObject([
			{
				status: 'to_approve',
				operation: 'applicant.reject',
				project: '1251433434',
				reason: 'NOT_MEET_BASIC_QUALIFICATIONS',
				message: '',
			},
		]);
	});

	test('waits without approval where the account needs none', async () => {
		await intake.reset(GREENHOUSE_WORDS, { needs_approval: false });
		expect(told(await deliver(moved()))).toEqual([
			['waiting', 'candidate.changeStage', 'CONTACTED'],
		]);
	});
});

describe('the signature', () => {
	test.each<[what: string, spell: (text: string) => string]>([
		[
			'with white space and CRLF',
			(text) => JSON.stringify(JSON.parse(text), null, 2).replaceAll('\n', '\r\n'),
		],
		['with escaped letters', (text) => text.replace('Amara', '\\u0041mara')],
		['with escaped slashes', (text) => text.replaceAll('/', '\\/')],
		['behind a byte-order mark', (text) => `\uFEFF${text}`],
	])('is that of the bytes that came: %s', async (_what, spell) => {
		const { status, rows } = await deliver(spell(JSON.stringify(moved())));
		expect([status, rows.length, rows[0]?.person]).toEqual([200, 1, AMARA]);
	});

	test.each<[what: string, header: string | undefined]>([
		['none', undefined],
		['of another secret', `sha256 ${hmac('another', JSON.stringify(moved()))}`],
		['in capitals', `sha256 ${hmac(SECRET, JSON.stringify(moved())).toUpperCase()}`],
		['with another prefix', `sha256=${hmac(SECRET, JSON.stringify(moved()))}`],
		['of another delivery', `sha256 ${hmac(SECRET, JSON.stringify(rejected()))}`],
	])('%s: answered with 401, and no further', async (_what, signature) => {
		const { status, text, run, rows } = await intake.deliver(url, {
			text: JSON.stringify(moved()),
			headers: signature === undefined ? {} : { signature },
		});
		expect([status, text]).toEqual([401, 'The signature does not fit.']);
		expect([run.nodes.at(-1), rows]).toEqual(['Answer 401', []]);
	});

	test('counts over the JSON where it comes compressed', async () => {
		const post = signed(moved());
		const { status, rows } = await intake.deliver(url, {
			text: gzipSync(String(post.text)),
			headers: { ...post.headers, 'content-encoding': 'gzip' },
		});
		expect([status, rows.length]).toEqual([200, 1]);
	});

	test('is not asked of the ping when a web hook is saved, which leads nowhere', async () => {
		const ping = JSON.stringify({ action: 'ping', payload: { web_hook_type: 'all' } });
		const { status, run, rows } = await intake.deliver(url, { text: ping, headers: {} });
		expect([status, run.nodes.at(-1), rows]).toEqual([200, 'Answer the ping', []]);
	});
});

test('text that is no JSON is refused at the door, and the next delivery gets in', async () => {
	expect((await send(url, signed('{"action": "reject_candidate", "payload"'))).status).toBe(422);
	expect((await deliver(moved())).rows).toHaveLength(1);
});

describe('who it is', () => {
	test.each([
		'https://de.linkedin.com/in/amara-okafor-94f4dbb7',
		'https://www.linkedin.com/mwlite/in/amara-okafor-94f4dbb7',
		'http://www.linkedin.com//in//Amara-Okafor-94f4dbb7/',
		'(https://www.linkedin.com/in/amara-okafor-94f4dbb7)',
		'https://www.linkedin.com/in/amara-okafor-94f4dbb7,',
		'linkedin.com/in/amara-okafor-94f4dbb7/de?trk=public',
		' https://m.linkedin.com/in/amara-okafor-94f4dbb7#about ',
		'Amara https://www.linkedin.com/in/amara-okafor-94f4dbb7',
	])('%s', async (link) => {
		const { rows } = await deliver(rejected(withLinks(link, AMARA)));
		expect(rows).toMatchObject([{ status: 'to_approve', person: AMARA }]);
	});

	test.each([
		['https://www.linkedin.com/in/jörg-größe', 'https://linkedin.com/in/j%C3%B6rg-gr%C3%B6%c3%9fe'],
		['https://www.linkedin.com/in/李雷', 'https://cn.linkedin.com/in/%E6%9D%8E%E9%9B%B7/'],
	])('%s and %s are one person', async (...links) => {
		const [row] = (await deliver(rejected(withLinks(...links)))).rows;
		expect(row.status).toBe('to_approve');
		expect(decodeURIComponent(String(row.person))).toBe(links[0]);
	});

	test.each([
		'https://portfolio.example.com/?ref=https://www.linkedin.com/in/other-person',
		'portfolio.example.com/,linkedin.com/in/other-person',
		'https://evil-linkedin.com/in/other-person',
		'https://linkedin.com.evil.example/in/other-person',
		'https://linkedin.com@evil.example/in/other-person',
		'https://evil.example\\@linkedin.com/in/other-person',
		'linkedin.example.com/in/other-person',
		'https://www.linkedin.com/company/other-person',
		'https://www.linkedin.com/in/',
		'https://www.linkedin.com/in/other.person',
		'https://www.linkedin.com/in/other@person',
		'https://www.linkedin.com/pub/other-person/1/2/3',
		'https://www.linkedin.com/sales/lead/ACwAAother',
		'',
		null,
	])('%s is nobody: a person looks', async (link) => {
		const { run, rows } = await deliver(rejected(withLinks(link)));
		expect(run.status).toBe('success');
		expect(rows).toMatchObject([
			{ status: 'to_look_at', person: '', person_name: 'Amara Okafor', source: LINK },
		]);
		expect(rows[0].result).toContain('Greenhouse has no LinkedIn address');
	});

	test.each([
		[[AMARA, 'https://www.linkedin.com/in/other-person']],
		[[`${AMARA} https://www.linkedin.com/in/other-person`]],
	])('two people in one record (%j) are never guessed', async (links) => {
		const { rows } = await deliver(rejected(withLinks(...links)));
		expect(rows).toMatchObject([{ status: 'to_look_at', person: '', source: LINK }]);
		expect(rows[0].result).toContain(
			`2 LinkedIn addresses of this person: ${AMARA} and https://www.linkedin.com/in/other-person`,
		);
	});
});

describe('words', () => {
	test('are compared without case and outer spaces', async () => {
		const stage = { id: 1, name: ' PHONE interview  ' };
		expect(told(await deliver(moved({ current_stage: stage })))).toEqual([
			['to_approve', 'candidate.changeStage', 'REPLIED'],
		]);
	});

	test.each<[what: string, body: Body, says: string]>([
		[
			'a stage',
			moved({ current_stage: { id: 2, name: 'Coffee' } }),
			'The stage "Coffee" is not in postpress_words (source greenhouse, kind stage)',
		],
		[
			'a reason',
			rejected({ rejection_reason: { id: 9, name: 'Salary Expectations' } }),
			'The reason "Salary Expectations" is not in postpress_words (source greenhouse, kind reason)',
		],
		[
			'a job',
			rejected({ jobs: [{ id: 5, name: 'Chef' }] }),
			'The job "Chef (5)" is not in postpress_words (source greenhouse, kind job)',
		],
		['no job', rejected({ jobs: [] }), 'The job "no job" is not in postpress_words'],
	])('%s in no table: a person looks, and reads where to enter it', async (_what, body, says) => {
		const { rows } = await deliver(body);
		expect(rows).toMatchObject([{ status: 'to_look_at', person: AMARA, source: LINK, account_id }]);
		expect(rows[0].result).toContain(says);
		expect(rows[0].result).toMatch(/Then choose "Send as it stands now" or "Drop"/);
	});

	test('a rejection without a reason has its own word', async () => {
		const { rows } = await deliver(rejected({ rejection_reason: null }));
		expect(rows).toMatchObject([
			{ status: 'to_approve', reason: 'NOT_CONSIDERED_OR_REASON_NOT_SPECIFIED' },
		]);
	});

	test('that mean nothing in LinkedIn: nothing is sent, and the row says why', async () => {
		const { rows } = await deliver(moved({ current_stage: { id: 3, name: 'Offer' } }));
		expect(rows).toMatchObject([
			{ status: 'not_sent', result: expect.stringContaining('means nothing in LinkedIn') },
		]);
		expect(rows[0].done_at).not.toBe('');
	});

	test('a message is written out, and one with a gap is looked at', async () => {
		const words: typeof GREENHOUSE_WORDS = [
			...GREENHOUSE_WORDS,
			['message', '*', 'Dear {first_name}, thank you for your interest in "{job}".'],
		];
		await intake.reset(words);
		const named = await deliver(rejected());
		expect(named.rows).toMatchObject([
			{
				status: 'to_approve',
				message: 'Dear Amara, thank you for your interest in "Staff Platform Engineer".',
			},
		]);
		await intake.reset(words);
		const nameless = rejected();
		nameless.payload.application.candidate.first_name = null;
		expect((await deliver(nameless)).rows).toMatchObject([
			{
				status: 'to_look_at',
				result: expect.stringContaining('The message has a gap: {first_name} is empty.'),
			},
		]);
	});

	test('an account of another name, or several accounts and no word: a person looks', async () => {
		await intake.tables.insert('postpress_accounts', [
			{ account_id: 'acc_2', name: 'Marcus Adeyemi' },
		]);
		const [row] = (await deliver(moved())).rows;
		expect(row).toMatchObject({ status: 'to_look_at', account_id: '' });
		expect(row.result).toContain('Which LinkedIn account acts?');
		await intake.reset([...GREENHOUSE_WORDS, ['account', '*', 'Hannah Keller']]);
		await intake.tables.insert('postpress_accounts', [
			{ account_id: 'acc_2', name: 'Marcus Adeyemi' },
		]);
		expect((await deliver(moved())).rows).toMatchObject([{ status: 'to_approve', account_id }]);
	});
});

describe('contradictions', () => {
	test('several jobs of a prospect: a person looks', async () => {
		const jobs = [
			{ id: 4071538, name: 'Staff Platform Engineer' },
			{ id: 4071602, name: 'QA Lead' },
		];
		const { rows } = await deliver(rejected({ prospect: true, jobs }));
		expect(rows).toMatchObject([{ status: 'to_look_at' }]);
		expect(rows[0].result).toContain('Staff Platform Engineer (4071538), QA Lead (4071602)');
	});

	test.each(['rejected', 'hired'])(
		'a stage change of somebody who is %s changes nothing',
		async (status) => {
			expect((await deliver(moved({ status }))).rows).toMatchObject([{ status: 'not_sent' }]);
		},
	);

	test.each([
		moved({ status: undefined }),
		rejected({ status: 'active' }),
		rejected({ last_activity_at: null }),
	])('%#: what does not fit together is looked at', async (body) => {
		expect((await deliver(body)).rows).toMatchObject([{ status: 'to_look_at' }]);
	});

	test.each([
		{ action: 'reject_candidate' },
		{ action: 'reject_candidate', payload: {} },
		{ action: 'reject_candidate', payload: { application: null } },
		{
			action: 'reject_candidate',
			payload: { application: { id: 5, candidate: null, jobs: null } },
		},
		{ action: 'candidate_stage_change', payload: { application: { id: 5, status: 'active' } } },
	])('%j lacks what makes a delivery: a person looks', async (body) => {
		const { status, run, rows } = await deliver(body);
		expect([status, run.status]).toEqual([200, 'success']);
		expect(rows).toMatchObject([{ status: 'to_look_at' }]);
	});

	test.each([{}, [], { action: 'hire_candidate', payload: {} }, { action: 'update_candidate' }])(
		'%j is nothing to do',
		async (body) => {
			const { status, run, rows } = await deliver(body);
			expect([status, run.nodes.at(-1), rows]).toEqual([200, 'Nothing to do', []]);
		},
	);
});

describe('late, repeated and out-of-order deliveries', () => {
	const at = (time: string, stage = 'Phone Interview') =>
		moved({ last_activity_at: `2026-11-18T${time}Z`, current_stage: { id: 1, name: stage } });

	test('the same delivery again is a duplicate, also when both come at once', async () => {
		await deliver(rejected());
		expect(told(await deliver(rejected())).map(([status]) => status)).toEqual([
			'to_approve',
			'duplicate',
		]);
		await intake.reset(GREENHOUSE_WORDS);
		await Promise.all([1, 2, 3, 4].map(() => send(url, signed(rejected()))));
		await intake.settled(4);
		expect((await intake.queue()).map(({ status }) => status).sort()).toEqual([
			...['duplicate', 'duplicate', 'duplicate', 'to_approve'],
		]);
	});

	test('an older stage that comes late is not sent', async () => {
		await deliver(at('11:00:00'));
		expect(told(await deliver(at('10:00:00', 'Recruiter Screen')))).toEqual([
			['to_approve', 'candidate.changeStage', 'REPLIED'],
			['not_sent', 'candidate.changeStage', 'CONTACTED'],
		]);
	});

	test('a newer one overtakes what still waits', async () => {
		await deliver(at('10:00:00', 'Recruiter Screen'));
		const taken = await deliver(rejected());
		expect(told(taken)).toEqual([
			['not_sent', 'candidate.changeStage', 'CONTACTED'],
			['to_approve', 'applicant.reject', 'NOT_MEET_BASIC_QUALIFICATIONS'],
		]);
		expect(taken.rows[0].result).toContain('has reported a later change');
	});

	test('a stage change after the rejection that was sent before it is not sent', async () => {
		await deliver(rejected());
		expect(told(await deliver(at('10:59:59')))[1][0]).toBe('not_sent');
	});

	test('what was sent stays as it is', async () => {
		await deliver(at('10:00:00'));
		const [{ id }] = await intake.queue();
		await intake.tables.update(
			'postpress_queue',
			{ id: id },
			{ status: 'performed', result: 'Moved.' },
		);
		const { rows } = await deliver(rejected());
		expect(rows).toMatchObject([
			{ status: 'performed', result: 'Moved.' },
			{ status: 'to_approve' },
		]);
	});

	test('moved there, away and back again: each is a change of its own', async () => {
		for (const [time, stage] of [
			['10:00:00', 'Phone Interview'],
			['10:10:00', 'Recruiter Screen'],
			['10:20:00', 'Phone Interview'],
		]) {
			const { rows } = await deliver(at(time, stage));
			await intake.tables.update(
				'postpress_queue',
				{ id: rows.at(-1)!.id },
				{ status: 'performed' },
			);
		}
		expect(await intake.queue()).toMatchObject([
			{ stage: 'REPLIED' },
			{ stage: 'CONTACTED' },
			{ stage: 'REPLIED' },
		]);
	});

	test('somebody who was dropped, on the page or in the table, comes back with a note of it', async () => {
		const drop = async (id: number, more: object) =>
			await intake.tables.update('postpress_queue', { id }, { status: 'not_sent', ...more });
		const [first] = (await deliver(at('10:00:00'))).rows;
		const by = 'hannah@example.com, 2 Nov 2026, 10:00';
		await drop(first.id, { result: `Dropped: ${by}`, done_at: '2026-11-02T09:00:00.000Z' });
		const [, second] = (await deliver(at('10:10:00'))).rows;
		expect(second).toMatchObject({
			status: 'to_approve',
			result: `An earlier change of this person was dropped: row ${first.id} (${by}).`,
		});
		await drop(second.id, { result: '' });
		const [, , third] = (await deliver(at('10:20:00'))).rows;
		expect(third.result).toBe(`An earlier change of this person was dropped: row ${second.id}.`);
		// Nor is such a person sent without a word where the account needs no approval.
		await intake.reset(GREENHOUSE_WORDS, { needs_approval: false });
		const [sent] = (await deliver(at('10:00:00'))).rows;
		expect(sent.status).toBe('waiting');
		await drop(sent.id, { result: '' });
		expect((await deliver(at('10:10:00'))).rows[1].status).toBe('to_approve');
		// What was overtaken was not dropped by anybody.
		await intake.reset(GREENHOUSE_WORDS);
		await deliver(at('10:00:00'));
		expect((await deliver(at('10:10:00'))).rows[1].result).toBe('');
	});

	test('what may have been sent already, and waits to be sent again, is unknown after a later change', async () => {
		const [first] = (await deliver(rejected())).rows;
		await intake.tables.update(
			'postpress_queue',
			{ id: first.id },
			{ status: 'waiting', sent: 'a checksum' },
		);
		const { rows } = await deliver(unrejected());
		expect(rows).toMatchObject([{ status: 'unknown' }, { status: 'to_look_at' }]);
		expect(rows[0].result).toContain('Greenhouse has reported a later change of this person');
		expect(rows[1].result).toContain('A rejection of this person has gone out to LinkedIn, or may');
	});

	test('what is unknown says that a later change has come, before somebody sends it again', async () => {
		const [first] = (await deliver(rejected())).rows;
		await intake.tables.update(
			'postpress_queue',
			{ id: first.id },
			{ status: 'unknown', sent: 'a checksum', result: 'n8n got no answer for this person.' },
		);
		const { rows } = await deliver(unrejected());
		expect(rows).toMatchObject([{ status: 'unknown' }, { status: 'to_look_at' }]);
		expect(rows[0].result).toContain('Greenhouse has reported a later change of this person');
	});

	test('a rejection that was put off while it was sent, and taken back meanwhile, is not sent', async () => {
		await intake.reset(GREENHOUSE_WORDS);
		await openAccount(intake.tables, account_id);
		const { sandbox } = intake.bench;
		sandbox.reset();
		// Longer than n8n waits for an answer.
		sandbox.fail({ kind: 'latency', ms: 5000 }, { operation: 'getUserProfile' });
		await deliver(rejected());
		const run = intake.sender.tick();
		await eventually(() => expect(sandbox.requestCount).toBe(1));
		await deliver(unrejected());
		await run;
		const passed = new Date(Date.now() - 1000).toISOString();
		for (const { id } of await intake.queue())
			await intake.tables.update('postpress_queue', { id }, { not_before: passed });
		await intake.sender.tick();
		expect(sandbox.performed).toEqual([]);
		expect(await intake.queue()).toMatchObject([
			{
				status: 'not_sent',
				result: expect.stringContaining('later change of this person') as string,
			},
			{ status: 'to_look_at' },
		]);
	});

	test('a rejection that is taken back while it is sent, and whose answer is lost, says so; sent again it is performed', async () => {
		await intake.reset(GREENHOUSE_WORDS);
		await openAccount(intake.tables, account_id);
		const { sandbox } = intake.bench;
		sandbox.reset();
		sandbox.fail({ kind: 'hang', when: 'before' }, { operation: 'performAction' });
		await deliver(rejected());
		const run = intake.sender.tick();
		await eventually(() => expect(sandbox.requestCount).toBe(2));
		await deliver(unrejected());
		await run;
		const [first, later] = await intake.queue();
		expect([first.status, later.status]).toEqual(['unknown', 'to_look_at']);
		expect(first.result).toContain(
			`later change of this person has come meanwhile: row ${later.id}`,
		);
		await intake.tables.update('postpress_queue', { id: first.id }, { status: 'waiting' });
		await intake.sender.tick();
		expect((await intake.queue())[0].status).toBe('performed');
	});

	test('another application of the same person is another record', async () => {
		await deliver(at('11:00:00'));
		const { rows } = await deliver(
			moved({ id: 4619406, last_activity_at: '2026-11-18T10:00:00Z' }),
		);
		expect(rows).toMatchObject([{ status: 'to_approve' }, { status: 'to_approve' }]);
	});

	test('un-rejected before the rejection was sent: the rejection is dropped', async () => {
		await deliver(rejected());
		expect(told(await deliver(unrejected())).map(([status]) => status)).toEqual([
			'not_sent',
			'to_approve',
		]);
	});

	test.each(['sending', 'performed', 'unknown'])(
		'un-rejected after the rejection was sent (%s): a person looks, nothing is moved',
		async (status) => {
			const { rows } = await deliver(rejected());
			await intake.tables.update('postpress_queue', { id: rows[0].id }, { status });
			const after = await deliver(unrejected());
			expect(after.rows).toMatchObject([{ status }, { status: 'to_look_at' }]);
			expect(after.rows[1].result).toContain('A rejection of this person has gone out');
			const moves = await deliver(at('13:00:00'));
			expect(moves.rows.at(-1)).toMatchObject({ status: 'to_look_at' });
		},
	);
});

test('without the words nothing breaks: a person looks', async () => {
	await intake.reset([]);
	expect((await deliver(moved())).rows).toMatchObject([{ status: 'to_look_at', person: AMARA }]);
});
