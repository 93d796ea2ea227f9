import { RECRUITER_ACCOUNT as account_id } from '../../harness/app/workflows';
import { candidate, disqualified, WORKABLE_WORDS, WorkableApi } from './support/ats/workable';
import { nodeOf } from './support/examples';
import { Intake, type Body, type Taken } from './support/intake';

const SOFIA = 'https://www.linkedin.com/in/sofia-marchetti-18335602';
const LINK = candidate().profile_url;

let intake: Intake;
let target: string;
let api: WorkableApi;

beforeAll(async () => {
	api = new WorkableApi();
	intake = await Intake.start('workable.json', {
		source: 'workable',
		credentials: [
			{
				name: 'Workable account',
				type: 'workableApi',
				data: { subdomain: 'lumen-freight', accessToken: WorkableApi.key },
			},
		],
		hosts: [WorkableApi.host],
		fillIn(workflow) {
			for (const name of ['Changed candidates', 'Candidate']) {
				const { parameters } = nodeOf(workflow, name);
				parameters.url = String(parameters.url).replace('YOUR-SUBDOMAIN', 'lumen-freight');
			}
		},
		answer: api.answer,
	});
	target = api.target;
}, 120_000);

afterAll(() => intake?.stop());

beforeEach(async () => {
	await intake.reset(WORKABLE_WORDS);
	await readUntil('2026-11-18T00:00:00.000Z');
	api = new WorkableApi();
	intake.elsewhere.answer = api.answer;
});

/** Sets the time up to which the poll has read. */
const readUntil = (means: string) =>
	intake.tables.insert('postpress_words', [
		{ source: 'workable', kind: 'read_until', word: 'candidates', means },
	]);
const untils = async () =>
	(await intake.tables.rows('postpress_words'))
		.filter(({ kind }) => kind === 'read_until')
		.map(({ means }) => means);

/** Workable tells that somebody has been moved. */
const moves = (to: Body, event: Body = to): Promise<Taken> => {
	api.candidates = [to];
	const text = JSON.stringify({ event_type: 'candidate_moved', data: event });
	return intake.deliver(target, { text, headers: {} });
};
/** The next poll, after something has happened. */
const poll = (...candidates: Body[]) => {
	api.candidates = candidates;
	return intake.trigger('Every hour');
};
const told = (rows: Taken['rows']) =>
	rows.map(({ status, operation, stage, reason }) => [status, operation, stage || reason]);

describe('an event', () => {
	test('of somebody who moved becomes a row that waits for approval', async () => {
		const { status, run, rows } = await moves(candidate());
		expect([status, run.status]).toEqual([200, 'success']);
		expect(rows).toMatchObject([
			{
				key: 'workable:candidate 20c7b2a9 2026-11-18T10:42:17.000Z:4F1C2A7B90, Phone Screen',
				status: 'to_approve',
				operation: 'candidate.changeStage',
				account_id,
				person: SOFIA,
				person_name: 'Sofia Marchetti',
				project: '1483848495',
				stage: 'REPLIED',
				source: LINK,
				result: '',
			},
		]);
		expect(await untils()).toEqual(['2026-11-18T00:00:00.000Z']);
	});

	test('is believed nothing but the ID', async () => {
		const lie = disqualified({ name: 'Somebody Else', updated_at: '2099-01-01T00:00:00Z' });
		expect(told((await moves(candidate(), lie)).rows)).toEqual([
			['to_approve', 'candidate.changeStage', 'REPLIED'],
		]);
	});

	test.each([{ id: 'unknown' }, { id: '../jobs' }, {}])('of %j leads nowhere', async (data) => {
		const { rows } = await moves(candidate(), data);
		expect(rows.filter(({ person }) => person !== SOFIA)).toEqual([]);
	});
});

describe('the poll', () => {
	test('finds who was disqualified without an event', async () => {
		const rows = await poll(disqualified());
		expect(told(rows)).toEqual([
			['to_approve', 'applicant.reject', 'NOT_MEET_BASIC_QUALIFICATIONS'],
		]);
		expect(await untils()).toEqual(['2026-11-18T11:00:00.000Z']);
	});

	test('reads every page, and goes on where it ended', async () => {
		api.pageSize = 2;
		await poll(
			...[1, 2, 3, 4, 5].map((n) =>
				candidate({ id: `c${n}`, updated_at: `2026-11-18T1${n}:00:00.000Z` }),
			),
		);
		expect(await intake.queue()).toHaveLength(5);
		intake.elsewhere.asked.length = 0;
		await poll(candidate({ id: 'c6', updated_at: '2026-11-18T15:30:00.000Z' }));
		expect(intake.elsewhere.asked[0].url.searchParams.get('updated_after')).toBe(
			'2026-11-18T15:00:00.000Z',
		);
		expect(await intake.queue()).toHaveLength(6);
	});

	test('the first one reads a day back', async () => {
		await intake.reset(WORKABLE_WORDS);
		await poll();
		const after = Date.parse(
			String(intake.elsewhere.asked[0].url.searchParams.get('updated_after')),
		);
		expect(Math.abs(Date.now() - 86_400_000 - after)).toBeLessThan(3_600_000);
		expect(await untils()).toEqual([]);
	});

	test('of somebody who has only been commented on changes nothing', async () => {
		await moves(candidate());
		await poll(candidate({ updated_at: '2026-11-18T12:00:00.000Z' }));
		await poll(candidate({ updated_at: '2026-11-18T13:00:00.000Z' }));
		expect(await intake.queue()).toHaveLength(1);
	});

	test('moved there, away and back again: each is a change of its own', async () => {
		for (const [hour, stage] of [
			['10', 'Phone Screen'],
			['11', 'Contacted'],
			['12', 'Phone Screen'],
		]) {
			const rows = await poll(candidate({ stage, updated_at: `2026-11-18T${hour}:00:00.000Z` }));
			await intake.tables.update(
				'postpress_queue',
				{ id: rows.at(-1)!.id },
				{ status: 'performed' },
			);
		}
		expect((await intake.queue()).map(({ stage }) => stage)).toEqual([
			'REPLIED',
			'CONTACTED',
			'REPLIED',
		]);
	});

	test('event and poll of the same change make one row', async () => {
		await moves(disqualified());
		expect(await poll(disqualified())).toHaveLength(1);
	});

	test('disqualified while the move still waits: the rejection overtakes it', async () => {
		await moves(candidate());
		expect(told(await poll(disqualified())).map(([status]) => status)).toEqual([
			'not_sent',
			'to_approve',
		]);
	});

	test('taken back after the rejection was sent: a person looks', async () => {
		const [row] = await poll(disqualified());
		await intake.tables.update('postpress_queue', { id: row.id }, { status: 'performed' });
		const rows = await poll(candidate({ updated_at: '2026-11-18T12:00:00.000Z' }));
		expect(rows.at(-1)).toMatchObject({
			status: 'to_look_at',
			result: expect.stringContaining('A rejection of this person has gone out'),
		});
	});

	test('Workable does not answer: one row a day says so, and nobody is lost', async () => {
		intake.elsewhere.answer = () => ({ status: 401, body: {} });
		await intake.trigger('Every hour');
		const rows = await intake.trigger('Every hour');
		expect(rows).toMatchObject([{ status: 'to_look_at' }]);
		expect(rows[0].result).toMatch(/^Not read yet: Workable could not be asked/);
		intake.elsewhere.answer = api.answer;
		expect(told(await poll(disqualified())).at(-1)?.[0]).toBe('to_approve');
	}, 120_000);

	test('one candidate cannot be read: the next poll reads from there again', async () => {
		intake.elsewhere.answer = (asked) =>
			asked.url.pathname.endsWith('/20c7b2a9') ? { status: 500, body: {} } : api.answer(asked);
		await poll(disqualified());
		expect(await untils()).toEqual(['2026-11-18T00:00:00.000Z']);
		intake.elsewhere.answer = api.answer;
		expect(told(await poll(disqualified())).at(-1)?.[0]).toBe('to_approve');
		expect(await untils()).toEqual(['2026-11-18T11:00:00.000Z']);
	}, 120_000);

	test('somebody who is deleted meanwhile holds nobody up', async () => {
		intake.elsewhere.answer = (asked) =>
			asked.url.pathname.endsWith('/20c7b2a9') ? { status: 404, body: {} } : api.answer(asked);
		expect(await poll(disqualified())).toEqual([]);
		expect(await untils()).toEqual(['2026-11-18T11:00:00.000Z']);
	}, 120_000);
});

describe('what it means', () => {
	test.each([
		['withdrawn, with a reason of the table', { withdrew: true }, 'NOT_MEET_BASIC_QUALIFICATIONS'],
		[
			'withdrawn without a reason',
			{ withdrew: true, disqualification_reason: null },
			'WITHDREW_APPLICATION',
		],
		[
			'withdrawn for a reason of no table',
			{ withdrew: true, disqualification_reason: 'Moved' },
			'WITHDREW_APPLICATION',
		],
		['no reason', { disqualification_reason: null }, 'NOT_CONSIDERED_OR_REASON_NOT_SPECIFIED'],
	])('%s', async (_what, changes, reason) => {
		expect(told(await poll(disqualified(changes)))).toEqual([
			['to_approve', 'applicant.reject', reason],
		]);
	});

	test.each([{ stage: 'Hired' }, { hired_at: '2026-11-10' }])(
		'disqualified after hire (%j): a person looks',
		async (changes) => {
			const [row] = await poll(disqualified(changes));
			expect(row).toMatchObject({ status: 'to_look_at', source: LINK });
			expect(row.result).toContain('hired and disqualified');
		},
	);

	test.each([{ stage: 'Applied' }, { stage: 'Hired' }, { job: null }, { job: undefined }])(
		'%j means nothing',
		async (changes) => {
			expect(await poll(candidate(changes))).toMatchObject([{ status: 'not_sent' }]);
		},
	);

	test.each([[undefined], [null], [[]], [[{ type: 'linkedin', username: 'sofia' }]]])(
		'social profiles %j: a person looks',
		async (social_profiles) => {
			expect(await poll(disqualified({ social_profiles }))).toMatchObject([
				{ status: 'to_look_at', person: '', source: LINK },
			]);
		},
	);

	test('two people in one record are never guessed', async () => {
		const social_profiles = ['sofia-marchetti-18335602', 'other-person'].map((name) => ({
			type: 'linkedin',
			url: `https://www.linkedin.com/in/${name}`,
		}));
		const { rows } = await moves(candidate({ social_profiles }));
		expect(rows).toMatchObject([{ status: 'to_look_at', person: '' }]);
		expect(rows[0].result).toContain('other-person');
	});

	test('a reason in no table: a person looks', async () => {
		const [row] = await poll(disqualified({ disqualification_reason: 'Salary' }));
		expect(row.result).toContain(
			'The reason "Salary" is not in postpress_words (source workable, kind reason)',
		);
	});
});
