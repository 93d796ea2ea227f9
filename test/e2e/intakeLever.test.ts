import { RECRUITER_ACCOUNT as account_id } from '../../harness/app/workflows';
import {
	archived,
	delivery,
	LEVER_TOKENS,
	LEVER_WORDS,
	LeverApi,
	opportunity,
	OPPORTUNITY,
	signed,
} from './support/ats/lever';
import { nodeOf } from './support/examples';
import { apiKey, cryptoSecret, Intake, type Body, type Post, type Taken } from './support/intake';

const SOFIA = 'https://www.linkedin.com/in/sofia-marchetti-18335602';
const LINK = `https://hire.lever.co/candidates/${OPPORTUNITY}`;
const STAGE = 'candidateStageChange';
const ARCHIVE = 'candidateArchiveChange';

let intake: Intake;
let url: string;
let api: LeverApi;

beforeAll(async () => {
	intake = await Intake.start('lever.json', {
		source: 'lever',
		credentials: [
			cryptoSecret('Lever signature token (stage)', LEVER_TOKENS[STAGE]),
			cryptoSecret('Lever signature token (archive)', LEVER_TOKENS[ARCHIVE]),
			apiKey('Lever API key', LeverApi.key),
		],
		hosts: [LeverApi.host],
		fillIn(workflow) {
			for (const web of ['stage', 'archive']) {
				const crypto = { id: null, name: `Lever signature token (${web})` };
				nodeOf(workflow, `Signature: ${web}`).credentials = { crypto };
			}
		},
	});
	url = intake.url('Lever');
}, 120_000);

afterAll(() => intake?.stop());

beforeEach(async () => {
	await intake.reset(LEVER_WORDS);
	api = new LeverApi();
	intake.elsewhere.answer = api.answer;
});

const deliver = (event: string, time = '10:42:18', data: Body = {}): Promise<Taken> =>
	intake.deliver(url, signed(delivery(event, time, data)));

/** A change happens in Lever, and is told at once. */
async function happens(event: string, to: Body, time?: string): Promise<Taken> {
	api.opportunity = to;
	return await deliver(event, time);
}

const told = ({ rows }: Taken) =>
	rows.map(({ status, operation, stage, reason }) => [status, operation, stage || reason]);

test('somebody who moved becomes a row that waits for approval', async () => {
	const { status, run, rows } = await happens(STAGE, opportunity());
	expect([status, run.status]).toEqual([200, 'success']);
	expect(rows).toMatchObject([
		{
			key: `lever:opportunity ${OPPORTUNITY} 2026-11-18T10:42:18.000Z:${STAGE}`,
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
});

describe('archived', () => {
	test('for a reason of the table: a silent rejection', async () => {
		expect(told(await happens(ARCHIVE, archived('underqualified')))).toEqual([
			['to_approve', 'applicant.reject', 'NOT_MEET_BASIC_QUALIFICATIONS'],
		]);
	});

	test('as hired: nothing is sent', async () => {
		expect((await happens(ARCHIVE, archived('hired'))).rows).toMatchObject([
			{ status: 'not_sent', result: 'Hired in Lever.' },
		]);
	});

	test.each([
		['comp', 'The reason "Comp" is not in postpress_words'],
		[null, 'The reason "no reason" is not in postpress_words'],
	])('for %s: a person looks', async (reason, says) => {
		const { rows } = await happens(ARCHIVE, archived(reason));
		expect(rows).toMatchObject([{ status: 'to_look_at', source: LINK }]);
		expect(rows[0].result).toContain(says);
	});
});

describe('the job', () => {
	test('may stand in the table by its name', async () => {
		await intake.reset([...LEVER_WORDS.slice(1), ['job', 'staff platform engineer', '55']]);
		expect((await happens(STAGE, opportunity())).rows).toMatchObject([{ project: '55' }]);
	});

	test('in no table is told by its name and its ID', async () => {
		await intake.reset(LEVER_WORDS.slice(1));
		const [row] = (await happens(STAGE, opportunity())).rows;
		expect(row.result).toContain(
			'The job "Staff Platform Engineer (6014050a-af5a-45c9-8012-316e340774f2)" is not in postpress_words (source lever, kind job)',
		);
	});

	test.each([[[]], [null], [[{ id: 'a', posting: null }]]])(
		'missing (%j): a person looks, and no posting is asked for',
		async (applications) => {
			const { rows } = await happens(STAGE, opportunity({ applications }));
			expect(rows).toMatchObject([{ status: 'to_look_at', person_name: 'Sofia Marchetti' }]);
			expect(rows[0].result).toContain('The job "no job" is not in postpress_words');
			expect(intake.elsewhere.asked.map(({ url: { pathname } }) => pathname)).toEqual([
				`/v1/opportunities/${OPPORTUNITY}`,
			]);
		},
	);

	test('that Lever no longer has is still known by its ID', async () => {
		delete api.postings[LEVER_WORDS[0][1]];
		expect(told(await happens(STAGE, opportunity()))[0][0]).toBe('to_approve');
	});

	test('of several postings is not guessed', async () => {
		const applications = [{ posting: LEVER_WORDS[0][1] }, { posting: 'another' }];
		const [row] = (await happens(STAGE, opportunity({ applications }))).rows;
		expect(row.status).toBe('to_look_at');
		expect(row.result).toContain('several postings');
	});
});

test.each([
	[['https://sofia.example.com?ref=linkedin.com/in/other-person', SOFIA], SOFIA],
	[[], ''],
	[undefined, ''],
	[[SOFIA, 'https://linkedin.com/in/other-person'], ''],
])('links %j are %j', async (links, person) => {
	const { rows } = await happens(ARCHIVE, archived('underqualified', { links }));
	expect(rows).toMatchObject([{ status: person ? 'to_approve' : 'to_look_at', person }]);
});

describe('late, repeated and out-of-order deliveries', () => {
	test('the same again is a duplicate', async () => {
		await happens(ARCHIVE, archived('underqualified'));
		expect(told(await deliver(ARCHIVE)).map(([status]) => status)).toEqual([
			...['to_approve', 'duplicate'],
		]);
	});

	test('an older one after a newer one is not sent', async () => {
		await happens(ARCHIVE, archived('underqualified'), '11:00:00');
		expect(told(await deliver(STAGE, '10:00:00')).map(([status]) => status)).toEqual([
			...['to_approve', 'not_sent'],
		]);
	});

	test('what counts is what Lever says now', async () => {
		api.opportunity = archived('underqualified');
		expect(told(await deliver(STAGE))).toEqual([
			['to_approve', 'applicant.reject', 'NOT_MEET_BASIC_QUALIFICATIONS'],
		]);
	});

	test('unarchived before the rejection was sent: it is dropped', async () => {
		await happens(ARCHIVE, archived('underqualified'), '11:00:00');
		expect(
			told(await happens(ARCHIVE, opportunity(), '11:10:00')).map(([status]) => status),
		).toEqual(['not_sent', 'to_approve']);
	});

	test('unarchived after the rejection was sent: a person looks', async () => {
		const { rows } = await happens(ARCHIVE, archived('underqualified'), '11:00:00');
		await intake.tables.update('postpress_queue', { id: rows[0].id }, { status: 'performed' });
		expect((await happens(ARCHIVE, opportunity(), '11:10:00')).rows.at(-1)).toMatchObject({
			status: 'to_look_at',
			result: expect.stringContaining('A rejection of this person has gone out'),
		});
	});
});

describe('where Lever does not tell', () => {
	test.each([401, 404, 429, 503])(
		'%i: asked three times, then a row to look at',
		async (status) => {
			intake.elsewhere.answer = () => ({ status, body: {} });
			const taken = await deliver(ARCHIVE);
			expect([taken.status, taken.run.status]).toEqual([200, 'success']);
			expect(taken.rows).toMatchObject([{ status: 'to_look_at', source: LINK }]);
			expect(taken.rows[0].result).toMatch(/^Not read yet: Lever could not be asked/);
			expect(intake.elsewhere.asked).toHaveLength(3);
			intake.elsewhere.answer = api.answer;
			expect(await intake.trigger('Every hour')).toMatchObject([
				{ status: 'to_approve', result: '' },
			]);
		},
	);

	test('the reason alone cannot be read: nothing is guessed', async () => {
		delete api.reasons.comp;
		const { rows } = await happens(ARCHIVE, archived('comp'));
		expect(rows).toMatchObject([{ status: 'to_look_at' }]);
		expect(rows[0].result).toMatch(/^Not read yet: Lever could not be asked/);
	});
});

test.each([
	delivery(STAGE, '10:00:00', { opportunityId: undefined }),
	delivery('applicationCreated', '10:00:00'),
	delivery('candidateHired', '10:00:00', {}),
])('%#: an event that is not about that is nothing to do', async (body) => {
	const { status, run, rows } = await intake.deliver(url, signed(body, LEVER_TOKENS[STAGE]));
	expect([status, run.nodes.at(-1), rows]).toEqual([200, 'Nothing to do', []]);
});

const genuine = delivery(STAGE, '10:00:00');
test.each<[what: string, post: Post]>([
	['with another token', signed(genuine, 'x')],
	['with the token of the other webhook', signed(genuine, LEVER_TOKENS[ARCHIVE])],
	['not at all', { text: JSON.stringify(genuine), headers: {} }],
	['at another time', signed({ ...JSON.parse(String(signed(genuine).text)), triggeredAt: 5 }, '')],
	['nothing', { text: '{}', headers: {} }],
])('signed %s: answered with 401, and no further', async (_what, post) => {
	const { status, run, rows } = await intake.deliver(url, post);
	expect([status, run.nodes.at(-1), rows]).toEqual([401, 'Answer 401', []]);
	expect(intake.elsewhere.asked).toEqual([]);
});
