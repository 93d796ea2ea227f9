import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { manyPeople, startSandbox, type Sandbox } from '../../sandbox';
import {
	agentOutput,
	failed,
	itemsWorkflow,
	n8nClock,
	performed,
	startEngine,
	toolWorkflow,
	type Engine,
	type RunResult,
} from '../../harness/engine';
import { locator } from '../../harness/locators';
import { gapsOf } from './support/delivery';
import { errorsOf } from './support/failures';
import { noPause } from './support/parameters';
import { testFailingTool } from './support/versions';

const noRetryWait = { ...noPause, retryWait: 0 };

const ACCOUNT = 'acc_linkedin_01JV5WP1H6RKPDH8MJTX1NGB3Z';

const clock = n8nClock();
let engine: Engine;
let sandbox: Sandbox;

beforeAll(async () => {
	engine = await startEngine({ expressionEngine: 'legacy' });
	sandbox = await startSandbox({ now: clock.now, seed: { people: [...manyPeople(30)] } });
	await engine.saveCredentials({
		postPressApi: { apiKey: sandbox.apiKey, baseUrl: sandbox.url },
	});
});
afterAll(async () => {
	await engine.stop();
	await sandbox.close();
});
beforeEach(() => sandbox.reset());
afterEach(() => clock.release());

const candidate = (options: IDataObject = {}) => ({
	resource: 'candidate',
	operation: 'addToPipeline',
	accountId: locator('id', ACCOUNT),
	userId: locator('publicProfile', '={{ $json.person }}'),
	hiringProjectId: locator('id', 'project'),
	stage: 'UNCONTACTED',
	options: { ...noRetryWait, ...options } as INodeParameters,
});
const lead = () => ({
	resource: 'lead',
	operation: 'save',
	accountId: locator('id', ACCOUNT),
	leadUserId: locator('publicProfile', '={{ $json.person }}'),
	options: noRetryWait,
});

const run = async (
	people: string[],
	settings: Omit<Parameters<typeof itemsWorkflow>[0], 'items'> = {},
): Promise<RunResult> =>
	await engine.run(
		itemsWorkflow({
			parameters: candidate(),
			items: people.map((person) => ({ json: { person } })),
			onError: 'continueErrorOutput',
			...settings,
		}),
	);
const lookUps = () => sandbox.requests.filter(({ operation }) => operation === 'getUserProfile');
const actions = () => sandbox.requests.filter(({ operation }) => operation === 'performAction');

describe('a person by public profile', () => {
	it.each([
		'https://www.linkedin.com/in/person-7',
		'https://www.linkedin.com/in/person-7/',
		'http://de.linkedin.com/in/person-7?originalSubdomain=de',
		'https://m.linkedin.com/in/person-7#about',
		'linkedin.com/in/person-7/details/experience/',
		'www.linkedin.com/mwlite/in/person-7',
		'https://www.linkedin.com/in/person%2D7/en',
		'/in/person-7',
		'in/person-7',
		'person-7',
		'  person-7 ',
	])('is looked up from %s', async (address) => {
		const result = await run([address]);
		expect(performed(result).map(({ json }) => json.user_id)).toEqual(['AEMAAseed000007']);
		expect(sandbox.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
			`GET /v1/users/person-7?account_id=${ACCOUNT}&linkedin_api=recruiter`,
			'POST /v1/linkedin/user/AEMAAseed000007',
		]);
	});

	it('is looked up in the product of the operation', async () => {
		const result = await run(['person-7'], { parameters: lead() });
		expect(performed(result).map(({ json }) => json.user_id)).toEqual(['ACwAAseed000007']);
		expect(lookUps()[0].path).toContain('linkedin_api=sales_navigator');
	});

	it('with unicode in the address is asked for in the encoded form', async () => {
		await run([
			'https://www.linkedin.com/in/chlo%C3%A9-dubois',
			'https://linkedin.com/in/chloé-dubois',
		]);
		expect(lookUps().map(({ path }) => path.split('?')[0])).toEqual([
			'/v1/users/chlo%C3%A9-dubois',
		]);
	});

	it('who is given by an address with an ID is not looked up', async () => {
		const result = await run(['https://www.linkedin.com/talent/profile/AEMabc?x=y']);
		expect(performed(result).map(({ json }) => json.user_id)).toEqual(['AEMabc']);
		expect(lookUps()).toHaveLength(0);
	});

	it('is looked up once in an execution, however often and in however many spellings', async () => {
		const people = Array.from({ length: 50 }, (_, index) => {
			const slug = `person-${(index % 20) + 1}`;
			return index < 25 ? slug : `https://www.linkedin.com/in/${slug}/`;
		});
		const result = await run(people, {
			parameters: candidate({ alreadyPerformedIsSuccess: true }),
		});
		expect(performed(result)).toHaveLength(50);
		expect(lookUps()).toHaveLength(20);
		expect(actions()).toHaveLength(50);
		expect(sandbox.performed).toHaveLength(20);
		expect(sandbox.maxInFlight(ACCOUNT)).toBe(1);
	});

	it('is looked up again in another execution', async () => {
		await run(['person-1']);
		await run(['person-1']);
		expect(lookUps()).toHaveLength(2);
	});

	it('who is not found is refused with the data of the item, and nothing is sent', async () => {
		const result = await run(['nobody', 'person-2', 'nobody']);
		expect(performed(result)).toHaveLength(1);
		expect(failed(result).map(({ json, pairedItem }) => ({ json, pairedItem }))).toEqual([
			{
				json: {
					person: 'nobody',
					error: {
						message: expect.stringMatching(
							/^The public profile "nobody" could not be looked up: .*Check the address; the profile may be private/,
						),
						outcome: 'refused',
						type: 'errors/resource_not_found',
						title: 'The public profile "nobody" could not be looked up: Resource not found',
						detail: 'User not found.',
						status: 404,
						instance: expect.stringMatching(/^req_/),
						attempts: 1,
						action: 'addCandidateToPipeline',
						user: 'nobody',
						account_id: ACCOUNT,
						hiring_project_id: 'project',
						stage: 'UNCONTACTED',
					},
				},
				pairedItem: { item: 0 },
			},
			expect.objectContaining({ pairedItem: { item: 2 } }),
		]);
		expect(lookUps()).toHaveLength(2);
		expect(sandbox.performed).toHaveLength(1);
	});

	it('whose profile is private is refused', async () => {
		sandbox.fail(
			{ kind: 'apiError', type: 'resource_access_restricted' },
			{ operation: 'getUserProfile' },
		);
		const result = await run(['person-1']);
		expect(errorsOf(result)).toMatchObject([
			{ outcome: 'refused', status: 403, attempts: 1, user: 'person-1' },
		]);
		expect(actions()).toHaveLength(0);
	});

	it.each(['ACwAAother', 'ACoAAclassic'])('who has only the ID %s there is refused', async (id) => {
		const body = { object: 'UserProfile', provider: 'LINKEDIN', provider_id: id };
		sandbox.fail({ kind: 'raw', status: 200, body }, { operation: 'getUserProfile' });
		const result = await run(['person-1']);
		expect(errorsOf(result)).toMatchObject([
			{
				message: expect.stringContaining(`"person-1" only by "${id}"`),
				type: 'client/validation',
				user: 'person-1',
			},
		]);
		expect(actions()).toHaveLength(0);
	});

	it('is refused where the PostPress has no look-up', async () => {
		sandbox.fail({ kind: 'raw', status: 404, body: 'Not Found' }, { operation: 'getUserProfile' });
		const result = await run(['person-1']);
		expect(errorsOf(result)[0].message).toContain('The address of the person in Recruiter works');
		expect(actions()).toHaveLength(0);
	});

	it.each(['https://www.linkedin.com/company/lumen', 'https://example.com/in', ''])(
		'cannot be "%s"',
		async (address) => {
			const result = await run([address]);
			expect(errorsOf(result)).toMatchObject([
				{ outcome: 'not_sent', type: 'client/validation', user: address || null },
			]);
			expect(sandbox.requests).toHaveLength(0);
		},
	);

	it('in the mode for Recruiter addresses is refused with a hint at the other mode', async () => {
		const parameters = { ...candidate(), userId: locator('url', '={{ $json.person }}') };
		const result = await run(['https://www.linkedin.com/in/person-1'], { parameters });
		expect(errorsOf(result)[0].message).toContain('Choose "Profile"');
		expect(sandbox.requests).toHaveLength(0);
	});

	it.each([
		['503', { kind: 'apiError', type: 'service_unavailable' } as const],
		['a lost connection', { kind: 'drop', when: 'after' } as const],
		['429', { kind: 'rateLimit', retryAfterSeconds: 0 } as const],
	])('is asked for again after %s', async (_, fault) => {
		sandbox.fail(fault, { operation: 'getUserProfile' });
		const result = await run(['person-1']);
		expect(performed(result)).toHaveLength(1);
		expect(lookUps()).toHaveLength(2);
		expect(sandbox.performed).toHaveLength(1);
	});

	it('whose look-up gets no answer is not sent, and nothing is in doubt', async () => {
		sandbox.fail({ kind: 'drop', when: 'before' }, { operation: 'getUserProfile', times: 3 });
		const result = await run(['person-1']);
		expect(errorsOf(result)).toMatchObject([
			{
				outcome: 'not_sent',
				type: 'client/network',
				attempts: 3,
				message: expect.stringContaining('Nothing was done to this person'),
			},
		]);
		expect(errorsOf(result)[0].message).toContain('person-1');
	});

	it('is not looked up before the pause after the last one is over; the action follows at once', async () => {
		clock.hold();
		const parameters = candidate({ delayBetweenRequests: 0.1 });
		const result = await clock.moving(run(['person-1', 'person-2'], { parameters }));
		expect(performed(result)).toHaveLength(2);
		const { requests } = sandbox;
		expect(requests.map(({ operation }) => operation)).toEqual([
			...['getUserProfile', 'performAction'],
			...['getUserProfile', 'performAction'],
		]);
		const [first, pause, second] = gapsOf(requests);
		expect([first, second]).toEqual([0, 0]);
		expect(pause).toBeGreaterThanOrEqual(50);
		expect(pause).toBeLessThanOrEqual(150);
	});

	it('is performed on once with Retry On Fail', async () => {
		sandbox.fail(
			{ kind: 'apiError', type: 'resource_not_found' },
			{ userId: 'person-2', times: 9 },
		);
		await run(['person-1', 'person-2', 'person-3'], {
			onError: 'stopWorkflow',
			retryOnFail: true,
			maxTries: 2,
			waitBetweenTries: 1,
		});
		expect(sandbox.performed.map(({ userId }) => userId)).toEqual(['AEMAAseed000001']);
		expect(lookUps().filter(({ userId }) => userId === 'person-1')).toHaveLength(1);
	});

	it('is shown in a preview without being looked up', async () => {
		const result = await run(['person-1'], { parameters: { ...candidate(), previewOnly: true } });
		expect(performed(result)[0].json).toMatchObject({
			preview: true,
			outcome: 'not_sent',
			summary: expect.stringMatching(/^Would .*person-1/),
			method: 'POST',
			url: `${sandbox.url}/linkedin/user/{ID of person-1}`,
		});
		expect(sandbox.requests).toHaveLength(0);
	});

	it('is not looked up any more when the execution is stopped', async () => {
		const people = Array.from({ length: 10 }, (_, index) => ({
			json: { person: `person-${index + 1}` },
		}));
		sandbox.fail({ kind: 'hang', when: 'before' }, { userId: 'person-3' });
		const execution = engine.start(
			itemsWorkflow({ parameters: candidate(), items: people, onError: 'continueErrorOutput' }),
		);
		const hangs = new Promise<void>((resolve) => {
			const look = () =>
				lookUps().some(({ userId }) => userId === 'person-3') ? resolve() : setImmediate(look);
			look();
		});
		await hangs;
		execution.cancel();
		await execution.finished;
		expect(lookUps()).toHaveLength(3);
		expect(sandbox.performed).toHaveLength(2);
	});

	describe.each(['engine', 'supplyData'] as const)('called by %s', (via) => {
		testFailingTool(via)('is looked up for an agent, which reads why not', async () => {
			const person = "={{ $fromAI('person', 'The address of the public profile', 'string') }}";
			const result = await engine.run(
				toolWorkflow({
					via,
					parameters: { ...candidate(), userId: locator('publicProfile', person) },
					calls: [{ person: 'https://www.linkedin.com/in/person-4' }, { person: 'nobody' }],
				}),
			);
			const [done, refused] = agentOutput(result).observations;
			expect(done).toContain('AEMAAseed000004');
			expect(refused).toContain('The public profile');
			expect(refused).toContain('Check the address');
			expect(sandbox.performed).toHaveLength(1);
		});
	});
});
