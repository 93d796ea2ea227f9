import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Fault } from '../../sandbox';
import { agentOutput, NODES, toolWorkflow, type RunResult } from '../../harness/engine';
import { keysOf, startDelivery, until, usersOf, type Where } from './support/delivery';
import { byId, byUrl, noPause } from './support/parameters';
import { testFailingTool } from './support/versions';

const delivery = startDelivery({ expressionEngine: 'vm' });
const { clock } = delivery;

const refusal: Fault = { kind: 'apiError', type: 'invalid_recipient' };

/** A refusal that says that the account cannot act. */
const restricted: Fault = { kind: 'apiError', type: 'account_restricted' };

/** Sends each item once. */
const alone = { ...noPause, maxRetries: 0 };

const fromAI = (name: string) => `={{ $fromAI('${name}', 'what the model says', 'string') }}`;

/** The model says whom and which stage; the rest is fixed. */
const changeStage: INodeParameters = {
	resource: 'candidate',
	operation: 'changeStage',
	accountId: byId('acc_a'),
	userId: byId(fromAI('person')),
	hiringProjectId: byId('proj_test'),
	newStage: fromAI('stage'),
	options: noPause,
};

/** The model says everything. */
const addCandidate: INodeParameters = {
	resource: 'candidate',
	operation: 'addToPipeline',
	accountId: byId(fromAI('account')),
	userId: byUrl(fromAI('person')),
	hiringProjectId: byUrl(fromAI('project')),
	stage: fromAI('stage'),
	options: noPause,
};

/** The model says whom; the message is fixed. */
const rejectApplicant: INodeParameters = {
	resource: 'applicant',
	operation: 'reject',
	accountId: byId('acc_a'),
	hiringProjectId: byId('proj_test'),
	reason: 'MORE_QUALIFIED_CANDIDATES',
	notifyApplicant: true,
};

type ToolSettings = Parameters<typeof toolWorkflow>[0];

describe.each(['engine', 'supplyData'] as const)('called by way of %s', (via) => {
	const testFailing = testFailingTool(via);

	const run = async (settings: ToolSettings, where?: Where): Promise<RunResult> => {
		const workflow = toolWorkflow({ parameters: changeStage, ...settings, via });
		return await delivery.startWorkflow(workflow, where).finished;
	};

	/** What the model reads for each call: an answer of the API, or an error. */
	const read = (result: RunResult): IDataObject[] =>
		agentOutput(result).observations.map((observation) => {
			const parsed = JSON.parse(observation) as IDataObject | IDataObject[];
			if (!Array.isArray(parsed)) return parsed;
			const [item] = parsed;
			const { output } = item;
			if (typeof output !== 'string') return item;
			const answer = JSON.parse(output) as IDataObject | IDataObject[];
			return Array.isArray(answer) ? answer[0] : answer;
		});

	const stagesOf = () =>
		delivery.sandbox.performed.map(({ userId, body }) => [userId, 'stage' in body && body.stage]);

	test('performs an action by ids', async () => {
		const result = await run({ calls: [{ person: 'AEM1', stage: 'CONTACTED' }] });
		expect(result.status).toBe('success');
		expect(read(result)).toEqual([
			{
				outcome: 'performed',
				action: 'changeCandidatePipeline',
				user_id: 'AEM1',
				hiring_project_id: 'proj_test',
				stage: 'CONTACTED',
				account_id: 'acc_a',
				api: 'recruiter',
				object: 'LinkedinPerformActionOnUser',
				success: true,
			},
		]);
		expect(delivery.sandbox.requests).toMatchObject([
			{
				path: '/v1/linkedin/user/AEM1',
				body: {
					account_id: 'acc_a',
					api: 'recruiter',
					action: 'changeCandidatePipeline',
					hiring_project_id: 'proj_test',
					stage: 'CONTACTED',
				},
			},
		]);
	});

	test('performs an action by addresses', async () => {
		const call = {
			account: 'acc_b',
			person: 'https://www.linkedin.com/talent/profile/AEM2?trk=x',
			project: 'https://www.linkedin.com/talent/hire/1483848495/manage/all',
			stage: 'replied',
		};
		const result = await run({ parameters: addCandidate, calls: [call] });
		expect(read(result)).toMatchObject([
			{
				outcome: 'performed',
				user_id: 'AEM2',
				account_id: 'acc_b',
				hiring_project_id: '1483848495',
				stage: 'REPLIED',
			},
		]);
		expect(delivery.sandbox.requests).toMatchObject([
			{
				path: '/v1/linkedin/user/AEM2',
				body: { account_id: 'acc_b', hiring_project_id: '1483848495', stage: 'REPLIED' },
			},
		]);
	});

	test('offers the model exactly the parameters that it may fill in', async () => {
		const { tools } = agentOutput(await run({ parameters: addCandidate, calls: [] }));
		expect(tools).toHaveLength(1);
		expect(tools[0].description).toMatch(/\w/);
		expect(Object.keys(tools[0].schema.properties as object).sort()).toEqual([
			'account',
			'person',
			'project',
			'stage',
		]);
	});

	testFailing('tells the model the reason and the remedy of a refusal', async () => {
		delivery.sandbox.fail(restricted);
		const [{ error }] = read(await run({ calls: [{ person: 'AEM1', stage: 'REPLIED' }] }));
		expect(error).toMatch(/Account restricted.*\(.*person: AEM1\)/);
		expect(error).toMatch(/stop its workflows and resolve the restriction on LinkedIn first/);
		expect(error).not.toMatch(/<br>|&#39;|&quot;/);
		expect(delivery.sandbox.requests).toHaveLength(1);
	});

	testFailing('tells the model which value it got wrong; nothing is sent', async () => {
		const calls = [
			{ person: 'AEM1', stage: 'HIRED' },
			{ person: 'https://www.linkedin.com/in/somebody', stage: 'REPLIED' },
			{ person: '', stage: 'REPLIED' },
		];
		const [stage, publicProfile, nobody] = read(await run({ calls }));
		expect(stage.error).toMatch(/Stage.*"HIRED".*UNCONTACTED.*CONTACTED.*REPLIED/);
		expect(publicProfile.error).toMatch(/User.*linkedin\.com\/in\/somebody.*Recruiter/);
		expect(nobody.error).toMatch(/User/);
		expect(delivery.sandbox.requests).toEqual([]);
	});

	testFailing('tells the model where the action may have been performed', async () => {
		delivery.sandbox.fail({ kind: 'drop', when: 'after' });
		const result = await run({
			parameters: { ...changeStage, options: alone },
			calls: [{ person: 'AEM1', stage: 'REPLIED' }],
		});
		expect(read(result)[0].error).toMatch(/\(person: AEM1\)\. The action may have been performed/);
		expect(read(result)[0].error).toMatch(/Look at the person on LinkedIn/);
	});

	test('tells the model where n8n is to continue on errors as well', async () => {
		delivery.sandbox.fail(restricted);
		const calls = [{ person: 'AEM1', stage: 'REPLIED' }];
		const result = await run({ calls, onError: 'continueRegularOutput' });
		const [observation] = agentOutput(result).observations;
		expect(observation).toMatch(/Account restricted/);
		expect(observation).toMatch(/resolve the restriction on LinkedIn first/);
		expect(observation).toMatch(/AEM1/);
	});

	test('performs two different calls of one execution', async () => {
		const calls = [
			{ person: 'AEM1', stage: 'CONTACTED' },
			{ person: 'AEM2', stage: 'REPLIED' },
		];
		const result = await run({ calls });
		expect(read(result)).toMatchObject([{ user_id: 'AEM1' }, { user_id: 'AEM2' }]);
		expect(stagesOf()).toEqual([
			['AEM1', 'CONTACTED'],
			['AEM2', 'REPLIED'],
		]);
	});

	testFailing('asks anew when the same call comes twice', async () => {
		const call = { person: 'AEM1', stage: 'CONTACTED' };
		const [first, second] = read(await run({ calls: [call, call] }));
		expect(first).toMatchObject({ success: true, user_id: 'AEM1' });
		expect(second.error).toMatch(/already performed/i);
		expect(delivery.sandbox.requests).toHaveLength(2);
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(2);
		expect(delivery.sandbox.performed).toHaveLength(1);
	});

	test('performs A, then B, then A again', async () => {
		const calls = ['CONTACTED', 'REPLIED', 'CONTACTED'].map((stage) => ({ person: 'AEM1', stage }));
		const result = await run({ calls });
		expect(read(result).map(({ success }) => success)).toEqual([true, true, true]);
		expect(stagesOf().map(([, stage]) => stage)).toEqual(calls.map(({ stage }) => stage));
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(3);
	});

	testFailing.each([refusal, restricted])(
		'performs again what failed before: $type',
		async (fault) => {
			delivery.sandbox.fail(fault);
			const call = { person: 'AEM1', stage: 'CONTACTED' };
			const [first, second] = read(await run({ calls: [call, call] }));
			expect(first.error).toMatch(/AEM1/);
			expect(second).toMatchObject({ success: true });
			expect(keysOf(delivery.sandbox.requests)).toHaveLength(2);
			expect(delivery.sandbox.performed).toHaveLength(1);
		},
	);

	testFailing('repeats under its key what is asked for again after a lost answer', async () => {
		delivery.sandbox.fail({ kind: 'drop', when: 'after' });
		const call = { person: 'AEM1' };
		const result = await run({
			parameters: {
				...rejectApplicant,
				userId: byId(fromAI('person')),
				rejectionMessage: '=Thank you. {{ Math.random() }}',
				options: alone,
			},
			calls: [call, call],
		});
		expect(read(result)[1]).toMatchObject({ success: true, user_id: 'AEM1' });
		const [first, second] = delivery.sandbox.requests;
		expect(second.body).toEqual(first.body);
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(1);
		expect(delivery.sandbox.performed).toHaveLength(1);
	});

	test('performs parallel calls one after the other', async () => {
		const calls = ['AEM1', 'AEM2', 'AEM3', 'AEM4'].map((person) => ({ person, stage: 'REPLIED' }));
		delivery.sandbox.fail({ kind: 'latency', ms: 20 }, { times: 'always' });
		const result = await run({ calls: [calls] });
		expect(read(result).map(({ user_id }) => user_id)).toEqual(calls.map(({ person }) => person));
		expect(delivery.sandbox.performed).toHaveLength(4);
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(4);
		expect(delivery.sandbox.maxInFlight()).toBe(1);
	});

	test('performs the same call, made twice in parallel, once', async () => {
		const call = { person: 'AEM1', stage: 'REPLIED' };
		await run({ calls: [[call, call]] });
		expect(delivery.sandbox.performed).toHaveLength(1);
	});

	testFailing(
		'hears from PostPress that the same call, made twice in parallel, was performed already',
		async () => {
			const call = { person: 'AEM1', stage: 'REPLIED' };
			const [first, second] = read(await run({ calls: [[call, call]] }));
			expect(first).toMatchObject({ success: true });
			expect(second.error).toMatch(/already performed/i);
		},
	);

	testFailing.each([refusal, restricted])(
		'does not let one of two parallel calls fail for the other: $type',
		async (fault) => {
			delivery.sandbox.fail(fault, { userId: 'AEM1' });
			const calls = ['AEM1', 'AEM2'].map((person) => ({ person, stage: 'REPLIED' }));
			const [first, second] = read(await run({ calls: [calls] }));
			expect(first.error).toMatch(/AEM1/);
			expect(second).toMatchObject({ success: true, user_id: 'AEM2' });
		},
	);

	test('retries, with the same key', async () => {
		delivery.sandbox.fail({ kind: 'drop', when: 'after' });
		const options = { ...noPause, retryWait: 0.01 };
		const result = await run({
			parameters: { ...changeStage, options },
			calls: [{ person: 'AEM1', stage: 'REPLIED' }],
		});
		expect(read(result)).toMatchObject([{ success: true }]);
		expect(delivery.sandbox.requests).toHaveLength(2);
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(1);
		expect(delivery.sandbox.performed).toHaveLength(1);
	});

	test('shows what it would send, with Preview Only', async () => {
		const result = await run({
			parameters: { ...changeStage, previewOnly: true },
			calls: [{ person: 'AEM1', stage: 'REPLIED' }],
		});
		expect(read(result)).toMatchObject([
			{
				preview: true,
				outcome: 'not_sent',
				summary: expect.stringMatching(/^Would .*AEM1.*Replied/),
				body: { stage: 'REPLIED' },
			},
		]);
		expect(delivery.sandbox.requests).toEqual([]);
	});

	testFailing('is called once a call, not once an item of the agent', async () => {
		const workflow = toolWorkflow({
			parameters: changeStage,
			calls: [
				{ person: 'AEM1', stage: 'REPLIED' },
				{ person: 'AEM2', stage: 'HIRED' },
			],
			via,
		});
		workflow.pinData = { [NODES.trigger]: [1, 2, 3].map((item) => ({ json: { item } })) };
		const result = await delivery.startWorkflow(workflow).finished;
		const [first, second] = read(result);
		expect(first).toMatchObject({ success: true, user_id: 'AEM1' });
		expect(second.error).toMatch(/Stage/);
		expect(second.error).not.toMatch(/of 3/);
		expect(usersOf(delivery.sandbox.requests)).toEqual(['AEM1']);
	});

	test('needs no execution id', async () => {
		const calls = ['CONTACTED', 'REPLIED', 'CONTACTED'].map((stage) => ({ person: 'AEM1', stage }));
		await run({ calls }, { executionId: undefined });
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(3);
		expect(delivery.sandbox.performed).toHaveLength(3);
	});

	test('keeps the API key to itself', async () => {
		delivery.sandbox.fail({
			kind: 'apiError',
			type: 'invalid_credentials',
			detail: `The key ${delivery.sandbox.apiKey} is wrong`,
		});
		const result = await run({ calls: [{ person: 'AEM1', stage: 'REPLIED' }] });
		expect(result.find(delivery.sandbox.apiKey)).toEqual([]);
	});

	test('leaves no lane behind', async () => {
		await run({ calls: [{ person: 'AEM1', stage: 'REPLIED' }] });
		await delivery.everyLaneGone();
	});

	describe("with n8n's Retry On Fail", () => {
		const retryOnFail = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

		test('performs once what fails twice', async () => {
			delivery.sandbox.fail(refusal, { times: 2 });
			const result = await run({ calls: [{ person: 'AEM1', stage: 'REPLIED' }], ...retryOnFail });
			expect(read(result)).toMatchObject([{ success: true }]);
			expect(delivery.sandbox.requests).toHaveLength(3);
			expect(keysOf(delivery.sandbox.requests)).toHaveLength(3);
			expect(delivery.sandbox.performed).toHaveLength(1);
		});

		test('settles in the second try what the first left unknown', async () => {
			delivery.sandbox.fail({ kind: 'drop', when: 'after' });
			const result = await run({
				parameters: { ...changeStage, options: alone },
				calls: [{ person: 'AEM1', stage: 'REPLIED' }],
				...retryOnFail,
			});
			expect(read(result)).toMatchObject([{ success: true, user_id: 'AEM1' }]);
			expect(delivery.sandbox.requests).toHaveLength(2);
			expect(keysOf(delivery.sandbox.requests)).toHaveLength(1);
			expect(delivery.sandbox.performed).toHaveLength(1);
		});

		test('repeats word for word what the first try left unknown', async () => {
			delivery.sandbox.fail({ kind: 'drop', when: 'after' });
			const result = await run({
				parameters: {
					...rejectApplicant,
					userId: byId(fromAI('person')),
					rejectionMessage: '=Thank you. {{ Math.random() }}',
					options: alone,
				},
				calls: [{ person: 'AEM1' }],
				...retryOnFail,
			});
			expect(read(result)).toMatchObject([{ success: true, user_id: 'AEM1' }]);
			const [first, second] = delivery.sandbox.requests;
			expect(second.body).toEqual(first.body);
			expect(keysOf(delivery.sandbox.requests)).toHaveLength(1);
			expect(delivery.sandbox.performed).toHaveLength(1);
		});

		describe('that finds already performed what the first try left unknown', () => {
			const runCareless = async (alreadyPerformedIsSuccess: boolean) => {
				const { careless } = delivery;
				careless.fail({ kind: 'drop', when: 'after' });
				const result = await run(
					{
						parameters: { ...changeStage, options: { ...alone, alreadyPerformedIsSuccess } },
						calls: [{ person: 'AEM1', stage: 'REPLIED' }],
						...retryOnFail,
					},
					{ at: careless },
				);
				expect(keysOf(careless.requests)).toHaveLength(1);
				expect(careless.performed).toHaveLength(1);
				return read(result);
			};

			testFailing('leaves it unknown: it may have been done before, otherwise', async () => {
				const [{ error }] = await runCareless(false);
				expect(error).toMatch(/already performed.*may have been performed/i);
				expect(error).toMatch(/by the try whose answer was lost, or before/);
				expect(delivery.careless.requests).toHaveLength(3);
			});

			test('takes it for performed with the option', async () => {
				expect(await runCareless(true)).toMatchObject([{ success: true, already_performed: true }]);
				expect(delivery.careless.requests).toHaveLength(2);
			});
		});

		test('keeps the calls of a parallel round apart', async () => {
			const waitBetweenTries = 4000;
			delivery.sandbox.fail({ kind: 'drop', when: 'after' }, { userId: 'AEM1' });
			const calls = ['AEM1', 'AEM2'].map((person) => ({ person, stage: 'REPLIED' }));
			// By way of n8n's engine one call waits for the other: AEM2 for AEM1, in older versions AEM1 for AEM2.
			// Else AEM2 is performed before n8n's second try of AEM1.
			const before = via === 'engine' ? ['AEM1'] : ['AEM1', 'AEM2'];
			const isPerformed = (person: string) =>
				delivery.sandbox.performed.some(({ userId }) => userId === person);
			clock.hold(waitBetweenTries - 1);
			const running = run({
				parameters: { ...changeStage, options: alone },
				calls: [calls],
				...retryOnFail,
				waitBetweenTries,
			});
			const isWaiting = () => clock.begun.includes(waitBetweenTries);
			await until(
				() => before.every(isPerformed) && isWaiting(),
				"n8n waited for AEM1's second try",
			);
			clock.hold(waitBetweenTries);
			const result = await running;
			expect(read(result)).toMatchObject([{ success: true }, { success: true }]);
			const tries = delivery.sandbox.requests.filter(({ userId }) => userId === 'AEM1');
			expect(tries).toHaveLength(2);
			expect(keysOf(tries)).toHaveLength(1);
			expect(delivery.sandbox.performed).toHaveLength(2);
		});

		testFailing('tells the model the reason in the end', async () => {
			delivery.sandbox.fail(refusal, { times: 'always' });
			const result = await run({ calls: [{ person: 'AEM1', stage: 'REPLIED' }], ...retryOnFail });
			expect(read(result)[0].error).toMatch(/Invalid recipient.*AEM1/);
			expect(delivery.sandbox.requests).toHaveLength(3);
			expect(keysOf(delivery.sandbox.requests)).toHaveLength(3);
		});
	});
});
