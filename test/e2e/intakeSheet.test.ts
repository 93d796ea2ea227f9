import { RECRUITER_ACCOUNT as account_id } from '../../harness/app/workflows';
import { serviceAccount, SHEET, SHEET_WORDS, SheetApi, type Line } from './support/ats/sheet';
import { nodeOf } from './support/examples';
import { Intake, type Body } from './support/intake';

const AMARA = 'https://www.linkedin.com/in/amara-okafor-94f4dbb7';
const amara: Line = {
	name: 'Amara Okafor',
	linkedin: 'linkedin.com/in/amara-okafor-94f4dbb7',
	job: 'Staff Platform Engineer',
	stage: 'Contacted',
};

let intake: Intake;
let api: SheetApi;

beforeAll(async () => {
	const account = serviceAccount();
	intake = await Intake.start('google-sheet.json', {
		source: 'sheet',
		credentials: [account],
		hosts: SheetApi.hosts,
		fillIn(workflow) {
			const node = nodeOf(workflow, 'People in the sheet');
			node.parameters.authentication = 'serviceAccount';
			node.credentials = { googleApi: { id: null, name: account.name } };
			(node.parameters.documentId as Body) = { __rl: true, mode: 'id', value: SHEET };
			(node.parameters.sheetName as Body) = { __rl: true, mode: 'name', value: 'People' };
		},
	});
}, 120_000);

afterAll(() => intake?.stop());

beforeEach(async () => {
	await intake.reset(SHEET_WORDS);
	api = new SheetApi();
	intake.elsewhere.answer = api.answer;
});

/** The next look at the sheet, with these lines in it. */
async function look(...lines: Line[]) {
	api.lines = lines;
	return await intake.trigger('Every hour');
}
/** All that waits goes out. */
async function goesOut() {
	for (const { id, status } of await intake.queue()) {
		if (status === 'to_approve')
			await intake.tables.update('postpress_queue', { id: id }, { status: 'performed' });
	}
}

test('somebody new is added to the pipeline', async () => {
	expect(await look(amara)).toMatchObject([
		{
			status: 'to_approve',
			operation: 'candidate.addToPipeline',
			account_id,
			person: AMARA,
			person_name: 'Amara Okafor',
			project: '1483848495',
			stage: 'CONTACTED',
			source: `https://docs.google.com/spreadsheets/d/${SHEET}/edit#range=A2`,
			result: '',
		},
	]);
	expect((await intake.queue())[0].key).not.toMatch(/amara/i);
});

test('nothing changed: nothing is added, also where lines were sorted anew or written otherwise', async () => {
	const other = { ...amara, linkedin: 'https://de.linkedin.com/in/noor-van-dijk' };
	await look(amara, other);
	expect(await look(other, { ...amara, linkedin: `${AMARA}/`, stage: ' contacted' })).toHaveLength(
		2,
	);
});

test('somebody who changed is moved; there, away and back again', async () => {
	for (const stage of ['Contacted', 'Interview', 'Contacted']) {
		await look({ ...amara, stage });
		await goesOut();
	}
	expect(await intake.queue()).toMatchObject([
		{ operation: 'candidate.addToPipeline', stage: 'CONTACTED' },
		{ operation: 'candidate.changeStage', stage: 'REPLIED' },
		{ operation: 'candidate.changeStage', stage: 'CONTACTED' },
	]);
});

test('a change overtakes what still waits', async () => {
	await look(amara);
	expect(await look({ ...amara, stage: 'Interview' })).toMatchObject([
		{ status: 'not_sent' },
		{ status: 'to_approve', stage: 'REPLIED' },
	]);
});

test('a reason in the column "rejected" rejects', async () => {
	expect(await look({ ...amara, rejected: 'not qualified' })).toMatchObject([
		{
			status: 'to_approve',
			operation: 'applicant.reject',
			reason: 'NOT_MEET_BASIC_QUALIFICATIONS',
		},
	]);
});

test('a rejection that was taken back after it was sent: a person looks', async () => {
	await look({ ...amara, rejected: 'Not qualified' });
	await goesOut();
	expect((await look(amara)).at(-1)).toMatchObject({ status: 'to_look_at' });
});

test('the same person twice: once with the same, never guessed with something else', async () => {
	expect(await look(amara, { ...amara })).toHaveLength(1);
	await intake.reset(SHEET_WORDS);
	const lines = [amara, { ...amara, stage: 'Interview' }];
	const rows = await look(...lines);
	expect(rows).toMatchObject([{ status: 'to_look_at' }]);
	expect(rows[0].result).toContain(
		'several times, each time with something else: contacted / interview',
	);
	expect(await look(...lines)).toHaveLength(1);
});

test.each<[what: string, line: Line, says: string]>([
	['no address', { linkedin: '' }, 'The sheet has no LinkedIn address'],
	[
		'another host',
		{ linkedin: 'https://evil-linkedin.com/in/other' },
		'The sheet has no LinkedIn address',
	],
	[
		'a stage of no table',
		{ stage: 'Coffee' },
		'The stage "Coffee" is not in postpress_words (source sheet, kind stage)',
	],
	['a reason of no table', { rejected: 'Salary' }, 'The reason "Salary" is not in postpress_words'],
	['a job of no table', { job: 'Chef' }, 'The job "Chef" is not in postpress_words'],
])('%s: a person looks', async (_what, line, says) => {
	const rows = await look({ ...amara, ...line });
	expect(rows).toMatchObject([{ status: 'to_look_at', person_name: 'Amara Okafor' }]);
	expect(rows[0].result).toContain(says);
	expect(await look({ ...amara, ...line })).toHaveLength(1);
});

test('an empty sheet, and lines without a stage, are nothing to do', async () => {
	expect(await look()).toEqual([]);
	expect(await look({ name: 'Amara' }, {})).toEqual([]);
});

test('Google does not answer: one row a day says so, and nobody is lost', async () => {
	intake.elsewhere.answer = (asked) =>
		asked.url.hostname === 'sheets.googleapis.com' ? { status: 403, body: {} } : api.answer(asked);
	await look(amara);
	const rows = await look(amara);
	expect(rows).toMatchObject([{ status: 'to_look_at', person: '' }]);
	expect(rows[0].result).toMatch(/^Not read yet: the sheet could not be asked/);
	intake.elsewhere.answer = api.answer;
	expect((await look(amara)).at(-1)).toMatchObject({ status: 'to_approve', person: AMARA });
}, 120_000);
