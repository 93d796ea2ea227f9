import { DateTime } from 'luxon';
import { startBench, type Bench } from './support/bench';
import { importWith, LIVE, readExample, samplesOf, setOptions } from './support/examples';
import { runOf, type Run } from './support/runs';
import { RECRUITER_ACCOUNT, SALES_ACCOUNT } from '../../harness/app/workflows';

const CLICK = 'When clicking ‘Execute workflow’';

let bench: Bench;

beforeAll(async () => {
	bench = await startBench();
}, 120_000);

beforeEach(() => bench.sandbox.reset());

afterAll(() => bench?.stop());

/** Imports an example and runs it, as its user would. */
async function run(file: string, options: Record<string, unknown>): Promise<Run> {
	const example = readExample(file);
	setOptions(example, options);
	const { id } = await importWith(bench, example);
	const [, ended] = await runOf(bench.rest, id, () => bench.rest.execute(id, CLICK));
	return ended;
}

describe('ats-batch.json', () => {
	const recruiter = (action: string, project: string) => ({
		account_id: RECRUITER_ACCOUNT,
		api: 'recruiter',
		action,
		hiring_project_id: project,
	});
	const lead = (list?: string) => ({
		account_id: SALES_ACCOUNT,
		api: 'sales_navigator',
		action: 'saveLead',
		...(list && { list_id: list }),
	});
	const messageTo = (name: string) => {
		const people = samplesOf<{ name: string; message: string }>(
			readExample('ats-batch.json'),
			'Rejected applicants',
		);
		return people.find((one) => one.name === name)?.message;
	};

	test('performs what each list means, and says of the others why not', async () => {
		const nine = DateTime.now()
			.setZone('Europe/Berlin')
			.plus({ days: 1 })
			.startOf('day')
			.set({ hour: 9 })
			.toMillis();
		const { status, output } = await run('ats-batch.json', LIVE);
		expect(status).toBe('success');
		expect(output('Performed')).toHaveLength(11);
		expect(
			output('To look at').map(({ name, details }) => [name, (details as { type: string }).type]),
		).toEqual([
			['Grace Mwangi', 'client/validation'],
			['Chloé Dubois', 'client/validation'],
			['Daniel Brandt', 'errors/action_already_performed'],
		]);
		expect(bench.sandbox.performed.map(({ userId, body }) => [userId, body])).toEqual([
			[
				'AEMAAmjLnnyu-oiJ1QYk3061kB-2-tYnlFTa63S8iQzy',
				{ ...recruiter('addCandidateToPipeline', '1483848495'), stage: 'UNCONTACTED' },
			],
			[
				'AEMAAmfOLevQorFpb9RzfrpQLXaIVo8lYHQZRxODz2jo',
				{ ...recruiter('addCandidateToPipeline', '1437395766'), stage: 'CONTACTED' },
			],
			[
				'AEMAAmtAo0hSa9dbC8Inygbyy1ZRntF4N_xTWupiHe8e',
				{ ...recruiter('changeCandidatePipeline', '1483848495'), stage: 'REPLIED' },
			],
			[
				'AEMAAZbT2NIaXC03Ittfn2qAt5HuuxHncI7z4Ye6_YfF',
				{ ...recruiter('addApplicantToPipeline', '1345116580'), stage: 'REPLIED' },
			],
			[
				'AEMAAgd6eJMyCWjF-Gm5ZKwYQ-qPwjIOwjsYf5bHWhUm',
				{
					...recruiter('rejectApplicant', '1269031249'),
					reason: 'NOT_MEET_BASIC_QUALIFICATIONS',
					rejection_notification: { message: messageTo('Tomasz Wiśniewski') },
				},
			],
			[
				'AEMAAnNNBR8-gajIUcVJ0HRymDi1QQyW9LwXSZNa2drZ',
				{ ...recruiter('rejectApplicant', '1251433434'), reason: 'WITHDREW_APPLICATION' },
			],
			[
				'AEMAA8RkI0aWSqiWNUIGXNRyb3d3URVb5EnNEW9lZK2B',
				{
					...recruiter('rejectApplicant', '1400862608'),
					reason: 'NOT_IN_DESIRED_LOCATION',
					rejection_notification: {
						message: messageTo("Liam O'Sullivan"),
						send_notification_at: nine,
					},
				},
			],
			[
				'AEMAAmYLu5Hl14LosmVHDq-lDhGFC32JcydeS8wKGu1F',
				{
					...recruiter('rejectApplicant', '1407505907'),
					reason: 'MORE_QUALIFIED_CANDIDATES',
					rejection_notification: { message: messageTo('Viktor Petrov') },
				},
			],
			['ACwAA3ZsTf6hLIRxM3mRw9wtOIWED5yIlHzVoEOyygeA', lead('7206776581098818229')],
			['ACwAAUIu3-sRi6kx4xzuRErh3tSfLON-vAO5hyL8lqOC', lead('7154321558885357524')],
			['ACwAA2FhMCV4NIUFRlwjRaIqZvkXeY8Baw4WWime3mDw', lead()],
		]);
	});

	test('with Preview Only, as its note advises, it sends nothing', async () => {
		const { output } = await run('ats-batch.json', { ...LIVE, previewOnly: true });
		const shown = output('Performed');
		expect(shown).toHaveLength(12);
		expect(shown.filter(({ preview }) => preview !== true)).toEqual([]);
		expect(bench.sandbox.requests).toEqual([]);
	});
});

describe('refused-for-review.json', () => {
	test('keeps a row of each refusal in a data table, and writes one e-mail of all', async () => {
		const { status, output } = await run('refused-for-review.json', LIVE);
		expect(status).toBe('success');
		expect(bench.sandbox.performed.map(({ userId, body }) => [userId, body])).toMatchObject([
			['AEMAAmjLnnyu-oiJ1QYk3061kB-2-tYnlFTa63S8iQzy', { stage: 'UNCONTACTED' }],
			['AEMAAmfOLevQorFpb9RzfrpQLXaIVo8lYHQZRxODz2jo', { stage: 'CONTACTED' }],
		]);
		expect(output('Added')).toHaveLength(2);
		const rows = [
			{
				person: 'Jonas Lindqvist',
				their_id: 'C-47980',
				outcome: 'refused',
				type: 'errors/action_already_performed',
				request_id: expect.stringMatching(/^req_\d+$/),
				requests_sent: 1,
				settled: false,
			},
			{ person: 'Grace Mwangi', outcome: 'not_sent', request_id: '', requests_sent: 0 },
			{ person: 'Chloé Dubois', outcome: 'refused', type: 'errors/disconnected_account' },
		];
		expect(await tableRows('PostPress: to look at')).toMatchObject(rows);
		expect(output('Send it')).toEqual([
			{
				subject: '3 people to look at in LinkedIn',
				text: expect.stringMatching(/^Jonas Lindqvist .+\n\nGrace Mwangi .+\n\nChloé Dubois /s),
			},
		]);
	});

	test('a second run adds its rows to the same table', async () => {
		const before = await tableRows('PostPress: to look at');
		await run('refused-for-review.json', LIVE);
		expect((await tableRows('PostPress: to look at')).slice(0, -3)).toEqual(before);
	});
});

/** The rows of a data table, as n8n shows them under "Data tables". */
async function tableRows(name: string): Promise<object[]> {
	type List<Entry> = { data: Entry[] };
	const tables =
		await bench.rest.get<List<{ id: string; name: string; projectId: string }>>(
			'data-tables-global',
		);
	const found = tables.data.filter((table) => table.name === name);
	expect(found).toHaveLength(1);
	const [{ id, projectId }] = found;
	const path = `projects/${projectId}/data-tables/${id}/rows`;
	return (await bench.rest.get<List<object>>(path)).data;
}
