import type { SavedWorkflow, WorkflowFile } from '../../harness/app/rest';
import { ATS, workableTarget, type Ats, type Body, type Post } from './support/ats';
import { startBench, type Bench } from './support/bench';
import { startElsewhere, type Elsewhere } from './support/elsewhere';
import {
	addWord,
	importWith,
	LIVE,
	nodeOf,
	readExample,
	samplesOf,
	setOptions,
} from './support/examples';
import { runOf } from './support/runs';
import { RECRUITER_ACCOUNT as account_id } from '../../harness/app/workflows';

const AMARA = 'AEMAAmjLnnyu-oiJ1QYk3061kB-2-tYnlFTa63S8iQzy';
const SOFIA = 'AEMAAnNNBR8-gajIUcVJ0HRymDi1QQyW9LwXSZNa2drZ';

/** What is meant with the first two samples of an example, and where everything else ends. */
interface Meaning {
	stage: string;
	/** Why a person has to look at the third and the fourth sample. */
	noSuchWord: string;
	noAddress: string;
	/** Bodies that lack what makes a delivery, and the node that they end in. */
	broken: Array<[body: object, end: string]>;
}

const MEANT: Record<string, Meaning> = {
	'greenhouse.json': {
		stage: 'CONTACTED',
		noSuchWord: 'The reason "Salary Expectations" is not in "Your words"',
		noAddress: 'Greenhouse has no linkedin.com/in address of this person',
		broken: [
			[{}, 'Nothing to do'],
			[[], 'Nothing to do'],
			[{ action: 'candidate_stage_change', payload: {} }, 'Nothing to do'],
			[{ action: 'reject_candidate' }, 'To look at'],
		],
	},
	'ashby.json': {
		stage: 'REPLIED',
		noSuchWord: 'The archive reason "Compensation" is not in "Your words"',
		noAddress: 'Ashby has no linkedin.com/in address of this person',
		broken: [
			[{}, 'Another event'],
			[{ action: 'candidateStageChange' }, 'Nothing to do'],
			[
				{ action: 'candidateStageChange', data: { application: { status: 'Archived' } } },
				'To look at',
			],
		],
	},
	'lever.json': {
		stage: 'REPLIED',
		noSuchWord: 'The archive reason "Timing" is not in "Your words"',
		noAddress: 'Lever has no linkedin.com/in address of this person',
		broken: [
			[{}, 'Answer 401'],
			[{ event: 'candidateStageChange', token: 'a', triggeredAt: 1 }, 'Another event'],
			[{ event: 'candidateArchiveChange', token: 'a', triggeredAt: 1, data: {} }, 'Another event'],
		],
	},
	'workable.json': {
		stage: 'REPLIED',
		noSuchWord: 'The reason "Salary" is not in "Your words"',
		noAddress: 'Workable has no linkedin.com/in address of this person',
		broken: [[{ data: {} }, 'Candidate']],
	},
};

let bench: Bench;
let elsewhere: Elsewhere;

beforeAll(async () => {
	elsewhere = await startElsewhere(Object.values(ATS).flatMap(({ host }) => host ?? []));
	bench = await startBench({ env: elsewhere.env });
}, 120_000);

afterAll(async () => {
	await bench?.stop();
	await elsewhere?.close();
});

/** The people of whom something was done, and what. */
const performed = () => bench.sandbox.performed.map(({ userId, body }) => [userId, body]);

describe.each(Object.entries(ATS))('%s, published', (file, ats) => {
	const meant = MEANT[file];
	const [moved, rejected, noSuchWord, noAddress] = samplesOf<Body>(
		readExample(file),
		ats.trigger,
	).map((sample) => sample.body ?? sample);
	let saved: SavedWorkflow;
	let url: string;

	beforeAll(async () => {
		elsewhere.answer = ats.answer;
		const example = readExample(file);
		ats.fillIn?.(example);
		saved = await publish(example, ats);
		url = urlOf(saved, ats);
	});

	beforeEach(() => {
		bench.sandbox.reset();
		elsewhere.asked.length = 0;
		elsewhere.answer = ats.answer;
	});

	afterEach(() => expect(elsewhere.strangers).toEqual([]));

	const deliver = (body: Body, secret?: string) =>
		runOf(bench.rest, saved.id, () => send(url, ats.sign(body, secret)));

	/** Nothing was sent to PostPress, and nothing was read there. */
	const nothingSent = () => expect(bench.sandbox.requests).toEqual([]);

	test('as it was imported, it only shows what it would send', async () => {
		const [, run] = await deliver(moved);
		expect(run.output('Done')).toMatchObject([
			{
				preview: true,
				name: 'Amara Okafor',
				body: { hiring_project_id: '1483848495', stage: meant.stage },
			},
		]);
		nothingSent();
	});

	describe('and gone live:', () => {
		beforeAll(async () => {
			const live = await bench.rest.changeWorkflow(saved.id, fillIn(saved));
			await bench.rest.publish(live);
		});

		test('somebody who moved is moved in Recruiter, to the stage that the table says', async () => {
			const [{ status }, run] = await deliver(moved);
			expect([status, run.status]).toEqual([200, 'success']);
			const body = {
				account_id,
				api: 'recruiter',
				action: 'changeCandidatePipeline',
				hiring_project_id: '1483848495',
				stage: meant.stage,
			};
			expect(performed()).toEqual([[AMARA, body]]);
			expect(run.output('Done')).toMatchObject([{ name: 'Amara Okafor', user_id: AMARA }]);
			expect(Object.values(run.output('Done')[0])).not.toContain('');
		});

		test('somebody who was rejected is rejected in Recruiter, silently', async () => {
			const [{ status }, run] = await deliver(rejected);
			expect([status, run.status]).toEqual([200, 'success']);
			const body = {
				account_id,
				api: 'recruiter',
				action: 'rejectApplicant',
				hiring_project_id: '1251433434',
				reason: 'NOT_MEET_BASIC_QUALIFICATIONS',
			};
			expect(performed()).toEqual([[SOFIA, body]]);
			expect(run.output('Done')).toMatchObject([{ name: 'Sofia Marchetti', success: true }]);
		});

		test('the same delivery again changes nothing and counts as done', async () => {
			await deliver(rejected);
			const [, again] = await deliver(rejected);
			expect(performed()).toHaveLength(1);
			expect(again.output('Done')).toMatchObject([{ already_performed: true }]);
		});

		test('a stage that somebody has written into the table counts', async () => {
			const [, run] = await deliver(to('Offer extended', moved));
			expect(performed()).toMatchObject([[AMARA, { stage: 'REPLIED' }]]);
			expect(run.output('Done')).toHaveLength(1);
		});

		test('a stage that is in no table is nothing to do', async () => {
			const [, run] = await deliver(to('Coffee', moved));
			expect(run.output('Nothing to do')).toMatchObject([{ their_stage: 'Coffee' }]);
			nothingSent();
		});

		test('a reason that is in no table is for a person to look at', async () => {
			const [, run] = await deliver(noSuchWord);
			expect(run.output('To look at')).toMatchObject([{ message: meant.noSuchWord }]);
			nothingSent();
		});

		test('somebody without a LinkedIn address is for a person to look at', async () => {
			const [, run] = await deliver(noAddress);
			expect(run.output('To look at')).toMatchObject([{ message: meant.noAddress }]);
			nothingSent();
		});

		test('what PostPress refuses is for a person to look at, with the reason', async () => {
			bench.sandbox.fail({ kind: 'apiError', type: 'feature_not_subscribed' });
			const [, run] = await deliver(moved);
			expect(run.output('To look at')).toMatchObject([
				{
					name: 'Amara Okafor',
					details: { outcome: 'refused', type: 'errors/feature_not_subscribed' },
				},
			]);
			expect(performed()).toEqual([]);
		});

		test('text that is no JSON is refused at the door, and the next delivery gets in', async () => {
			const broken = await send(url, ats.sign('{"action": "reject_candidate", "payload"'));
			expect(broken.status).toBe(422);
			const [{ status }, run] = await deliver(moved);
			expect([status, run.status]).toEqual([200, 'success']);
			expect(performed()).toMatchObject([[AMARA, { action: 'changeCandidatePipeline' }]]);
		});

		test.each(meant.broken)(
			'%j lacks what makes a delivery: nothing is done',
			async (body, end) => {
				const [, run] = await deliver(body);
				expect(run.nodes.at(-1)).toBe(end);
				nothingSent();
			},
		);

		if (ats.credentials.some(({ type }) => type === 'crypto')) {
			const unsigned = { text: JSON.stringify({ ...moved, signature: undefined }), headers: {} };
			const forged: Array<[what: string, post: Post]> = [
				['with another secret', ats.sign(moved, 'x')],
				['not at all', unsigned],
				['as another delivery is', { ...unsigned, headers: ats.sign(rejected).headers }],
			];
			test.each(forged)('signed %s: answered with 401, and no further', async (_what, post) => {
				const [answer, run] = await runOf(bench.rest, saved.id, () => send(url, post));
				expect(answer).toEqual({ status: 401, text: 'The signature does not fit.' });
				expect(run.nodes.at(-1)).toBe('Answer 401');
				expect(elsewhere.asked).toEqual([]);
				nothingSent();
			});
		}

		if (ats.host) {
			test('its API refuses three times: the execution fails, and says so', async () => {
				elsewhere.answer = () => ({ status: 403, body: { message: 'No longer' } });
				const [, run] = await deliver(moved);
				expect([run.status, run.nodes.at(-1)]).toEqual([
					'error',
					run.nodes.find((name) => /^(Candidate|Opportunity)$/.test(name)),
				]);
				expect(run.error).toContain('Forbidden');
				expect(elsewhere.asked).toHaveLength(3);
				nothingSent();
			});
		}
	});

	/** The same delivery for another stage, wherever the example reads that. */
	function to(stage: string, delivery: Body): Body {
		const body = structuredClone(delivery);
		if (ats.stageIsIn === 'delivery') ats.move(stage, body);
		else {
			elsewhere.answer = (asked) => {
				const answer = ats.answer(asked);
				if (answer) ats.move(stage, answer.body);
				return answer;
			};
		}
		return body;
	}
});

/** Does the rest of what the first note of an example says: words, and going live. */
function fillIn(workflow: SavedWorkflow): WorkflowFile {
	addWord(workflow, 'stage', ['Offer extended', 'REPLIED']);
	setOptions(workflow, LIVE);
	return workflow;
}

async function publish(example: WorkflowFile, { credentials }: Ats): Promise<SavedWorkflow> {
	const saved = await importWith(bench, example, credentials);
	await bench.rest.publish(saved);
	return saved;
}

/** The production URL of the first node. */
function urlOf(workflow: SavedWorkflow, { trigger }: Ats): string {
	const { path } = nodeOf(workflow, trigger).parameters;
	return path ? `${bench.url}/webhook/${String(path)}` : workableTarget();
}

async function send(
	url: string,
	{ headers, text }: Post,
): Promise<{ status: number; text: string }> {
	const response = await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...headers },
		body: text,
	});
	return { status: response.status, text: await response.text() };
}
