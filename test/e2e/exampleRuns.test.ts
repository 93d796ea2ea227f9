import { DateTime } from 'luxon';
import { startBench, type Bench } from './support/bench';
import { importWith, LIVE, readExample, samplesOf, setOptions } from './support/examples';
import { runFrom, type Run } from './support/runs';
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
	return await runFrom(bench.rest, id, CLICK);
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
			output('To look at').map(({ name, error }) => [name, (error as { type: string }).type]),
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

	test('as it was imported, it only shows what it would do', async () => {
		const { output } = await run('ats-batch.json', { ...LIVE, previewOnly: true });
		const shown = output('Performed');
		expect(shown).toHaveLength(14);
		expect(shown.filter(({ preview }) => preview !== true)).toEqual([]);
		expect(bench.sandbox.requests).toEqual([]);
	});
});
