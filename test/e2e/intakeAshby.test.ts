import { RECRUITER_ACCOUNT as account_id } from '../../harness/app/workflows';
import {
	application,
	archived,
	ASHBY_WORDS,
	AshbyApi,
	delivery,
	inStage,
	signed,
} from './support/ats/ashby';
import { apiKey, cryptoSecret, Intake, send, type Body, type Taken } from './support/intake';

const AMARA = 'https://www.linkedin.com/in/amara-okafor-94f4dbb7';
const LINK = 'https://app.ashbyhq.com/candidates/1a7b3203-f510-4c56-8acb-8d8b4862eda4';

let intake: Intake;
let url: string;
let api: AshbyApi;

beforeAll(async () => {
	intake = await Intake.start('ashby.json', {
		source: 'ashby',
		credentials: [cryptoSecret('Ashby secret token'), apiKey('Ashby API key', AshbyApi.key)],
		hosts: [AshbyApi.host],
	});
	url = intake.url('Ashby');
}, 120_000);

afterAll(() => intake?.stop());

beforeEach(async () => {
	await intake.reset(ASHBY_WORDS);
	api = new AshbyApi();
	intake.elsewhere.answer = api.answer;
});

/** A change happens in Ashby, and is told at once. */
async function happens(to: Body): Promise<Taken> {
	api.application = to;
	return await intake.deliver(url, signed(delivery(to)));
}
/** What was delivered comes late: meanwhile something else has happened. */
const late = (of: Body): Promise<Taken> => intake.deliver(url, signed(delivery(of)));

const told = ({ rows }: Taken) =>
	rows.map(({ status, operation, stage, reason }) => [status, operation, stage || reason]);

test('somebody who moved becomes a row that waits for approval', async () => {
	const { status, run, rows } = await happens(application());
	expect([status, run.status]).toEqual([200, 'success']);
	expect(rows).toMatchObject([
		{
			key: 'ashby:application 136ec98d-d498-4f5a-806a-af6360e7ec98 2026-11-18T10:42:17.055Z:candidateStageChange',
			status: 'to_approve',
			operation: 'candidate.changeStage',
			account_id,
			person: AMARA,
			person_name: 'Amara Okafor',
			project: '1483848495',
			stage: 'CONTACTED',
			source: LINK,
			result: '',
		},
	]);
});

test('somebody who was archived becomes a silent rejection', async () => {
	expect(await happens(archived()).then(told)).toEqual([
		['to_approve', 'applicant.reject', 'NOT_MEET_BASIC_QUALIFICATIONS'],
	]);
});

test('somebody who is hired: nothing is sent', async () => {
	expect((await happens(application({ status: 'Hired' }))).rows).toMatchObject([
		{ status: 'not_sent', result: 'Hired in Ashby.' },
	]);
});

describe('reasons', () => {
	test('of the candidate: withdrew', async () => {
		const archiveReason = {
			id: '1',
			text: 'Took another offer',
			reasonType: 'RejectedByCandidate',
		};
		expect(told(await happens(archived({ archiveReason })))).toEqual([
			['to_approve', 'applicant.reject', 'WITHDREW_APPLICATION'],
		]);
	});

	test('of the candidate that stand in the table: as there', async () => {
		const archiveReason = {
			id: '1',
			text: 'Too inexperienced ',
			reasonType: 'RejectedByCandidate',
		};
		expect(told(await happens(archived({ archiveReason })))[0][2]).toBe(
			'NOT_MEET_BASIC_QUALIFICATIONS',
		);
	});

	test('none at all has its own word', async () => {
		expect(told(await happens(archived({ archiveReason: null })))[0]).toEqual([
			...['to_approve', 'applicant.reject', 'NOT_CONSIDERED_OR_REASON_NOT_SPECIFIED'],
		]);
	});

	test('in no table: a person looks', async () => {
		const archiveReason = { id: '1', text: 'Compensation', reasonType: 'RejectedByOrg' };
		const { rows } = await happens(archived({ archiveReason }));
		expect(rows).toMatchObject([{ status: 'to_look_at', source: LINK }]);
		expect(rows[0].result).toContain('The reason "Compensation" is not in postpress_words');
	});
});

describe('who it is', () => {
	test('a website that stands before the LinkedIn link is nobody', async () => {
		api.links = [
			{ url: 'https://amara.example.com/?via=linkedin.com/in/other-person', type: 'Website' },
			{ url: AMARA, type: 'LinkedIn' },
		];
		expect((await happens(archived())).rows).toMatchObject([
			{ status: 'to_approve', person: AMARA },
		]);
	});

	test('two people are never guessed', async () => {
		api.links = [
			{ url: 'https://www.linkedin.com/in/other-person', type: 'Website' },
			{ url: AMARA, type: 'LinkedIn' },
		];
		expect((await happens(archived())).rows).toMatchObject([{ status: 'to_look_at', person: '' }]);
	});

	test('without an address a person looks', async () => {
		api.links = [];
		const { rows } = await happens(archived());
		expect(rows).toMatchObject([
			{ status: 'to_look_at', person_name: 'Amara Okafor', source: LINK },
		]);
		expect(rows[0].result).toContain('Ashby has no LinkedIn address');
	});
});

describe('late, repeated and out-of-order deliveries', () => {
	const first = inStage('Technical Interview', { updatedAt: '2026-11-18T10:00:00.000Z' });
	const then = inStage('Recruiter Screen', { updatedAt: '2026-11-18T10:30:00.000Z' });

	test('the same again is a duplicate', async () => {
		await happens(archived());
		expect(told(await late(archived())).map(([status]) => status)).toEqual([
			'to_approve',
			'duplicate',
		]);
	});

	test('an older stage after a newer one is not sent', async () => {
		await happens(then);
		expect(told(await late(first)).map(([status]) => status)).toEqual(['to_approve', 'not_sent']);
	});

	test('an older stage after archiving is not sent', async () => {
		await happens(archived());
		expect(told(await late(first)).map(([status]) => status)).toEqual(['to_approve', 'not_sent']);
	});

	test('what counts is what Ashby says now, also where the newer delivery is missing', async () => {
		api.application = then;
		expect(told(await late(first))).toEqual([['to_approve', 'candidate.changeStage', 'CONTACTED']]);
	});

	test('unarchived before the rejection was sent: it is dropped', async () => {
		await happens(archived());
		const back = inStage('Technical Interview', { updatedAt: '2026-11-18T12:00:00.000Z' });
		expect(told(await happens(back)).map(([status]) => status)).toEqual(['not_sent', 'to_approve']);
	});

	test('unarchived after the rejection was sent: a person looks', async () => {
		const { rows } = await happens(archived());
		await intake.tables.update('postpress_queue', { id: rows[0].id }, { status: 'performed' });
		const back = inStage('Technical Interview', { updatedAt: '2026-11-18T12:00:00.000Z' });
		expect((await happens(back)).rows.at(-1)).toMatchObject({ status: 'to_look_at' });
	});
});

describe('where Ashby does not tell', () => {
	test('the row says what Ashby said, and is read again an hour later', async () => {
		api.application = { id: 'somebody else' };
		const taken = await late(archived());
		expect([taken.status, taken.run.status]).toEqual([200, 'success']);
		expect(taken.rows).toMatchObject([
			{ status: 'to_look_at', source: LINK, person_name: 'Amara Okafor' },
		]);
		expect(taken.rows[0].result).toContain(
			'Not read yet: Ashby could not be asked (application_not_found)',
		);
		api.application = archived();
		expect(await intake.trigger('Every hour')).toMatchObject([
			{ status: 'to_approve', operation: 'applicant.reject', person: AMARA, result: '' },
		]);
	});

	test.each([401, 404, 429, 500])(
		'%i: asked three times, then a row to look at',
		async (status) => {
			intake.elsewhere.answer = () => ({ status, body: {} });
			const taken = await late(application());
			expect([taken.status, taken.run.status]).toEqual([200, 'success']);
			expect(taken.rows).toMatchObject([{ status: 'to_look_at', source: LINK }]);
			expect(taken.rows[0].result).toMatch(/^Not read yet: Ashby could not be asked/);
			expect(intake.elsewhere.asked).toHaveLength(3);
		},
	);

	test('the candidate cannot be read: no address of anybody else is taken', async () => {
		await happens(application());
		intake.elsewhere.answer = (asked) =>
			asked.url.pathname === '/candidate.info'
				? { body: { success: false, errors: ['missing_endpoint_permission'] } }
				: api.answer(asked);
		const other = { ...inStage('Technical Interview'), id: '718d1ff5-94b1-40ab-9acb-f23f7589e826' };
		const { rows } = await happens(other);
		expect(rows[1]).toMatchObject({ status: 'to_look_at', person: '' });
		expect(rows[1].result).toContain('missing_endpoint_permission');
	});

	test('several unread rows are read one by one, each as its own', async () => {
		intake.elsewhere.answer = () => ({ status: 500, body: {} });
		const gone = { ...application(), id: '00000000-94b1-40ab-9acb-f23f7589e826' };
		await late(gone);
		await late(archived());
		intake.elsewhere.answer = api.answer;
		api.application = archived();
		const rows = await intake.trigger('Every hour');
		expect(rows).toMatchObject([
			{
				status: 'to_look_at',
				person: '',
				result: expect.stringContaining('application_not_found'),
			},
			{ status: 'to_approve', person: AMARA },
		]);
	});

	test('a slow Ashby keeps nobody waiting: the delivery is answered before it is asked', async () => {
		let ask = () => {};
		const asked = new Promise<void>((resolve) => (ask = resolve));
		intake.elsewhere.answer = async (question) => {
			await asked;
			return api.answer(question);
		};
		expect((await send(url, signed(delivery(application())))).status).toBe(200);
		expect(await intake.queue()).toMatchObject([
			{ status: 'to_look_at', result: 'Not read yet: it has just arrived from Ashby.' },
		]);
		ask();
		expect(await intake.settled(1)).toMatchObject([{ status: 'to_approve' }]);
	});
});

test.each([
	{ action: 'ping', data: { webhookActionType: 'ping' } },
	{},
	{ action: 'candidateStageChange' },
	{ action: 'candidateStageChange', data: { application: null } },
	{ action: 'applicationUpdate', data: { application: application() } },
])('%j is nothing to do', async (body) => {
	const { status, run, rows } = await intake.deliver(url, signed(body));
	expect([status, run.nodes.at(-1), rows]).toEqual([200, 'Nothing to do', []]);
});

test.each([
	['another secret', signed(delivery(application()), 'x')],
	['no signature', { ...signed(delivery(application())), headers: {} }],
	['that of another delivery', { ...signed(delivery(application())), headers: signed({}).headers }],
])('%s: answered with 401, and no further', async (_what, post) => {
	const { status, run, rows } = await intake.deliver(url, post);
	expect([status, run.nodes.at(-1), rows]).toEqual([401, 'Answer 401', []]);
	expect(intake.elsewhere.asked).toEqual([]);
});
