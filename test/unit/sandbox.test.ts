import axios, { type AxiosInstance, type AxiosRequestConfig } from 'axios';
import { contract } from '../../sandbox/contract';
import { startSandbox, type Sandbox } from '../../sandbox';

const account = 'acc_test';
const candidate = 'AEMAAtest1';
const lead = 'ACwAAtest1';
const project = 'proj_test';
const success = { object: 'LinkedinPerformActionOnUser', success: true };

const add = {
	account_id: account,
	api: 'recruiter',
	action: 'addCandidateToPipeline',
	hiring_project_id: project,
};
const move = { ...add, action: 'changeCandidatePipeline', stage: 'REPLIED' };
const reject = {
	account_id: account,
	api: 'recruiter',
	action: 'rejectApplicant',
	hiring_project_id: project,
	reason: 'WITHDREW_APPLICATION',
};
const save = { account_id: account, api: 'sales_navigator', action: 'saveLead' };

function client(sandbox: Sandbox): AxiosInstance {
	return axios.create({
		baseURL: sandbox.url,
		headers: { 'X-API-KEY': sandbox.apiKey },
		validateStatus: () => true,
	});
}

let sandbox: Sandbox;
let http: AxiosInstance;

const act = (userId: string, body: unknown, config?: AxiosRequestConfig) =>
	http.post(`/linkedin/user/${userId}`, body, config);
const withKey = (key: string) => ({ headers: { 'Idempotency-Key': key } });

beforeAll(async () => {
	sandbox = await startSandbox();
	http = client(sandbox);
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

describe('contract', () => {
	test('documents 39 error types of the page, eight of 400 and one of 429', () => {
		const byStatus: Record<number, number> = {};
		for (const { status } of contract['x-errors']) {
			byStatus[status] = (byStatus[status] ?? 0) + 1;
		}
		expect(byStatus).toEqual({
			400: 8,
			401: 13,
			403: 9,
			404: 2,
			422: 6,
			429: 1,
			500: 3,
			503: 5,
			504: 1,
		});
		expect(new Set(contract['x-errors'].map(({ type }) => type)).size).toBe(48);
	});

	test.each([
		['addCandidateToPipeline', candidate, add],
		['addApplicantToPipeline', candidate, { ...add, action: 'addApplicantToPipeline' }],
		['changeCandidatePipeline', candidate, move],
		['rejectApplicant', candidate, reject],
		[
			'rejectApplicant with a notification',
			candidate,
			{ ...reject, rejection_notification: { message: 'Thanks', send_notification_at: 1 } },
		],
		['saveLead', lead, save],
		['saveLead into a list', lead, { ...save, list_id: '7154321558885357524' }],
	])('takes %s', async (_name, userId, body) => {
		const { status, data } = await act(userId, body);
		expect([status, data]).toEqual([200, success]);
		expect(sandbox.performed).toMatchObject([{ accountId: account, userId, body }]);
	});

	test.each([
		['missing_parameters', 'body/action is required', {}],
		['missing_parameters', 'body/account_id is required', { ...add, account_id: undefined }],
		[
			'missing_parameters',
			'body/hiring_project_id is required',
			{ ...add, hiring_project_id: undefined },
		],
		['missing_parameters', 'body/reason is required', { ...reject, reason: undefined }],
		[
			'missing_parameters',
			'body/rejection_notification/message is required',
			{ ...reject, rejection_notification: {} },
		],
		['invalid_parameters', 'body/action is not an action: "poke"', { ...add, action: 'poke' }],
		['invalid_parameters', 'body/api must be one of recruiter', { ...add, api: 'sales_navigator' }],
		[
			'invalid_parameters',
			'body/stage must be one of UNCONTACTED, CONTACTED, REPLIED',
			{ ...add, stage: 'replied' },
		],
		[
			'invalid_parameters',
			'body/stage is not a parameter of this request',
			{ ...reject, stage: 'REPLIED' },
		],
		['invalid_parameters', 'body/list_id must be string', { ...save, list_id: 7154321558885 }],
		[
			'invalid_parameters',
			'body/rejection_notification/send_notification_at must be number',
			{ ...reject, rejection_notification: { message: 'x', send_notification_at: '1' } },
		],
	])('refuses with %s: %s', async (type, detail, body) => {
		const { status, data } = await act(candidate, body);
		expect(status).toBe(400);
		expect(data).toEqual({
			title: expect.any(String),
			detail,
			instance: expect.stringMatching(/^req_/),
			type: `errors/${type}`,
			status: 400,
		});
		expect(sandbox.performed).toEqual([]);
	});

	test.each([
		['errors/malformed_request', '{"account_id":', 'application/json'],
		['errors/malformed_request', '[]', 'application/json'],
		['errors/malformed_request', 'a=b', 'application/x-www-form-urlencoded'],
		['errors/missing_parameters', '', 'application/json'],
		['errors/content_too_large', `"${'x'.repeat(2 ** 20)}"`, 'application/json'],
	])('answers %s to a body that cannot be read', async (type, text, contentType) => {
		const config = {
			headers: { 'Content-Type': contentType },
			transformRequest: (body: string) => body,
		};
		const { status, data } = await act(candidate, text, config);
		expect([status, data.type]).toEqual([400, type]);
	});

	test('checks the key before anything else', async () => {
		const missing = await act(candidate, {}, { headers: { 'X-API-KEY': '' } });
		expect([missing.status, missing.data.type]).toEqual([401, 'errors/missing_credentials']);
		const wrong = await act(candidate, {}, { headers: { 'X-API-KEY': 'pp_test_wrong' } });
		expect([wrong.status, wrong.data.type]).toEqual([401, 'errors/invalid_credentials']);
		const bearer = { 'X-API-KEY': '', Authorization: `Bearer ${sandbox.apiKey}` };
		expect((await act(candidate, add, { headers: bearer })).status).toBe(200);
	});

	test('answers a route that it does not have without an envelope', async () => {
		const origin = new URL(sandbox.url).origin;
		for (const path of ['/api/v1/accounts', '/accounts', '/v1/', '/v1/account']) {
			const { status, data } = await http.get(origin + path);
			expect([status, data]).toEqual([404, `Cannot GET ${path}\n`]);
		}
		expect(sandbox.requests.map(({ operation }) => operation)).toEqual(Array(4).fill(undefined));
	});

	test('answers a path with stray percent signs in the envelope', async () => {
		const { status, data } = await http.post('/linkedin/user/%', add);
		expect([status, data.type]).toEqual([400, 'errors/unescaped_characters']);
		expect(sandbox.requests).toMatchObject([{ path: '/v1/linkedin/user/%', answered: 400 }]);
	});
});

describe('record', () => {
	test('keeps requests as they were on the wire', async () => {
		const userId = 'AEM../a?b c#ü';
		const body =
			'{ "account_id": "acc_test",\n"api":"recruiter","action":"addCandidateToPipeline",' +
			'"hiring_project_id":"7154321558885357524"}';
		const path = `/linkedin/user/${encodeURIComponent(userId)}?port=443&x=%20+`;
		const { status } = await http.post(path, body, {
			headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'key-1' },
			transformRequest: (text: string) => text,
		});
		expect(status).toBe(200);
		const [request] = sandbox.requests;
		expect(request).toEqual({
			method: 'POST',
			path: `/v1${path}`,
			headers: expect.objectContaining({
				'x-api-key': sandbox.apiKey,
				'idempotency-key': 'key-1',
				'content-type': 'application/json',
			}),
			rawBody: body,
			body: JSON.parse(body),
			operation: 'performAction',
			accountId: account,
			userId,
			action: 'addCandidateToPipeline',
			idempotencyKey: 'key-1',
			requestId: 'req_00000001',
			arrivedAt: expect.any(Number),
			answeredAt: expect.any(Number),
			answered: 200,
			replayed: false,
			fault: undefined,
		});
		expect(request.answeredAt).toBeGreaterThanOrEqual(request.arrivedAt);
		expect(sandbox.performed).toEqual([
			{
				api: 'recruiter',
				action: 'addCandidateToPipeline',
				accountId: account,
				userId,
				body: JSON.parse(body),
				idempotencyKey: 'key-1',
				at: expect.any(Number),
			},
		]);
	});

	test('takes ids of any length', async () => {
		const userId = `AEM${'x'.repeat(1000)}`;
		expect((await act(userId, add)).status).toBe(200);
		expect(sandbox.requests[0].userId).toBe(userId);
	});

	test('counts without recording', async () => {
		const quiet = await startSandbox({ record: false });
		await client(quiet).get('/accounts');
		expect([quiet.requests, quiet.requestCount, quiet.maxInFlight()]).toEqual([[], 1, 1]);
		await quiet.close();
	});

	test('counts what is in flight, overall and by account', async () => {
		sandbox.fail({ kind: 'hang', when: 'before' }, { times: Infinity });
		const giveUp = new AbortController();
		const pending = ['a', 'a', 'a', 'b'].map((account_id, index) =>
			act(`AEM${index}`, { ...add, account_id }, { signal: giveUp.signal }),
		);
		await until(() => sandbox.requests.filter(({ fault }) => fault).length === 4);
		giveUp.abort();
		await Promise.allSettled(pending);
		await until(() => sandbox.requests.every(({ answeredAt }) => answeredAt));
		expect(sandbox.maxInFlight()).toBe(4);
		expect(sandbox.maxInFlight('a')).toBe(3);
		expect(sandbox.maxInFlight('b')).toBe(1);
		expect(sandbox.maxInFlight('c')).toBe(0);
		expect(sandbox.lanesInFlight).toBe(2);

		sandbox.reset();
		for (let index = 0; index < 20; index += 1) await act(`AEM${index}`, add);
		expect([sandbox.maxInFlight(), sandbox.maxInFlight(account)]).toEqual([1, 1]);
		expect(sandbox.lanesInFlight).toBe(1);
	});
});

describe('state', () => {
	const types = async (userId: string, ...bodies: object[]) => {
		const seen: unknown[] = [];
		for (const body of bodies) {
			const { data } = await act(userId, body);
			seen.push(data.type ?? data.success);
		}
		return seen;
	};
	const already = 'errors/action_already_performed';

	test('adds once, whichever way', async () => {
		const applicant = { ...add, action: 'addApplicantToPipeline', stage: 'CONTACTED' };
		expect(await types(candidate, add, add, applicant)).toEqual([true, already, already]);
		expect(sandbox.state.pipelines[project]).toEqual({ [candidate]: 'UNCONTACTED' });
		const elsewhere = { ...applicant, hiring_project_id: 'other' };
		expect(await types(candidate, elsewhere)).toEqual([true]);
		expect(sandbox.state.pipelines.other).toEqual({ [candidate]: 'CONTACTED' });
	});

	test('moves to another stage, and back by default', async () => {
		const back = { ...move, stage: undefined };
		expect(await types(candidate, add, move, move, back, back)).toEqual([
			true,
			true,
			already,
			true,
			already,
		]);
		expect(sandbox.state.pipelines[project]).toEqual({ [candidate]: 'UNCONTACTED' });
	});

	test('rejects once, silently or not', async () => {
		const told = {
			...reject,
			rejection_notification: { message: 'Thank you', send_notification_at: 1790000000000 },
		};
		expect(await types('AEM1', told, reject)).toEqual([true, already]);
		expect(await types('AEM2', reject)).toEqual([true]);
		const { reason } = reject;
		expect(sandbox.state.rejected).toEqual([
			{
				hiringProjectId: project,
				userId: 'AEM1',
				reason,
				notification: { message: 'Thank you', sendAt: 1790000000000 },
			},
			{ hiringProjectId: project, userId: 'AEM2', reason },
		]);
	});

	test('saves a lead once a list', async () => {
		const listed = { ...save, list_id: '1' };
		expect(await types(lead, save, save, listed, listed)).toEqual([true, already, true, already]);
		expect(sandbox.state.leads).toMatchObject({ [`account:${account}`]: [lead], 1: [lead] });
	});

	test.each([
		['a lead id for Recruiter', lead, add],
		['a Recruiter id for Sales Navigator', candidate, save],
		['a classic id', 'ACoAA1', save],
	])('refuses %s', async (_name, userId, body) => {
		const { status, data } = await act(userId, body);
		expect([status, data.type]).toEqual([422, 'errors/invalid_recipient']);
	});

	test('takes the accounts of the seed as they are', async () => {
		const [hannah, marcus, elena, oskar, mei, google] = (
			await http.get('/accounts')
		).data.items.map(({ id }: { id: string }) => id);
		const outcome = async (account_id: string, userId: string, body: object) => {
			const { data } = await act(userId, { ...body, account_id });
			return data.type ?? data.success;
		};
		expect(await outcome(hannah, candidate, add)).toBe(true);
		expect(await outcome(hannah, lead, save)).toBe('errors/invalid_account');
		expect(await outcome(marcus, candidate, reject)).toBe('errors/invalid_account');
		expect(await outcome(elena, candidate, reject)).toBe(true);
		expect(await outcome(elena, lead, save)).toBe(true);
		expect(await outcome(oskar, candidate, reject)).toBe('errors/disconnected_account');
		expect(await outcome(mei, candidate, reject)).toBe('errors/invalid_account');
		expect(await outcome(google, candidate, reject)).toBe('errors/invalid_account');
	});

	test('is as strict as it is told to be', async () => {
		const strict = await startSandbox({
			strictAccounts: true,
			strictProjects: true,
			strictPeople: true,
			seed: {
				accounts: [
					{
						id: account,
						name: 'A',
						type: 'LINKEDIN',
						products: ['recruiter', 'sales_navigator'],
						status: 'OK',
						createdAt: '2026-01-01T00:00:00.000Z',
					},
				],
				projects: [{ id: project, title: 'P' }],
				leadLists: [],
				people: [
					{
						slug: 'p',
						firstName: 'P',
						lastName: 'P',
						headline: '',
						ids: { recruiter: candidate, sales_navigator: lead, classic: 'ACo1' },
					},
				],
			},
		});
		http = client(strict);
		const missing = 'errors/resource_not_found';
		expect(await types(candidate, { ...add, account_id: 'x' })).toEqual([missing]);
		expect(await types(candidate, { ...add, hiring_project_id: 'x' })).toEqual([missing]);
		expect(await types(lead, { ...save, list_id: 'x' })).toEqual([missing]);
		expect(await types('AEMx', add)).toEqual([missing]);
		expect(await types(candidate, move, add, move)).toEqual([missing, true, true]);
		http = client(sandbox);
		await strict.close();
	});

	test('starts afresh', async () => {
		const before = sandbox.state;
		sandbox.fail({ kind: 'emptyBody' }, { userId: 'nobody' });
		await act(candidate, add, withKey('k'));
		sandbox.reset();
		expect(sandbox.state).toEqual(before);
		expect(sandbox).toMatchObject({ requests: [], requestCount: 0, performed: [] });
		expect(sandbox).toMatchObject({ pendingFaults: [], lanesInFlight: 0 });
		expect((await act(candidate, add, withKey('k'))).status).toBe(200);
		expect(sandbox.performed).toHaveLength(1);
	});
});

describe('Idempotency-Key', () => {
	test('replays the answer without doing it again', async () => {
		const first = await act(candidate, add, withKey('k'));
		const again = await act(candidate, add, withKey('k'));
		expect([again.status, again.data]).toEqual([first.status, first.data]);
		expect(sandbox.performed).toHaveLength(1);
		expect(sandbox.requests.map(({ replayed }) => replayed)).toEqual([false, true]);
		expect(sandbox.keyConflicts).toBe(0);
		expect((await act(candidate, add, withKey('other'))).status).toBe(422);
	});

	test('tells of a key that is used for two things', async () => {
		await act('AEM1', add, withKey('k'));
		expect((await act('AEM2', add, withKey('k'))).data).toEqual(success);
		expect(sandbox.performed).toHaveLength(1);
		expect(sandbox.keyConflicts).toBe(1);
	});

	test('lets a replay wait for the first', async () => {
		sandbox.fail({ kind: 'latency', ms: 20 });
		const answers = await Promise.all([1, 2, 3].map(() => act(candidate, add, withKey('k'))));
		expect(answers.map(({ data }) => data)).toEqual([success, success, success]);
		expect(sandbox.performed).toHaveLength(1);
		expect(sandbox.requests.filter(({ replayed }) => replayed)).toHaveLength(2);
	});

	test('does not keep what was refused', async () => {
		await act(candidate, add);
		expect((await act(candidate, add, withKey('k'))).status).toBe(422);
		sandbox.fail({ kind: 'apiError', type: 'service_unavailable' });
		expect((await act('AEM2', add, withKey('k2'))).status).toBe(503);
		expect((await act('AEM2', add, withKey('k2'))).data).toEqual(success);
		expect(sandbox.performed).toHaveLength(2);
	});

	test('keeps the success that a fault hid', async () => {
		sandbox.fail({ kind: 'drop', when: 'after' });
		await expect(act(candidate, add, withKey('k'))).rejects.toThrow('socket hang up');
		expect((await act(candidate, add, withKey('k'))).data).toEqual(success);
		expect(sandbox.performed).toHaveLength(1);
		expect(sandbox.requests[1].replayed).toBe(true);
	});

	test('keeps errors of the API as well, where told so', async () => {
		const stubborn = await startSandbox({ idempotencyKeys: 'storeErrors' });
		http = client(stubborn);
		const answers = async (userId: string, key: string) => {
			const answered: unknown[] = [];
			for (let times = 0; times < 2; times++) {
				const { status } = await act(userId, add, withKey(key)).catch(() => ({ status: 'lost' }));
				answered.push(status);
			}
			return answered;
		};
		expect(await answers(candidate, 'k1')).toEqual([200, 200]);
		expect(await answers(candidate, 'k2')).toEqual([422, 422]);
		stubborn.fail({ kind: 'rateLimit' });
		expect(await answers('AEM2', 'k3')).toEqual([429, 429]);
		stubborn.fail({ kind: 'apiError', type: 'unexpected_error', performs: true });
		expect(await answers('AEM3', 'k4')).toEqual([500, 500]);
		// What a gateway answered, or nobody, is not the answer of the API.
		stubborn.fail({ kind: 'html', status: 503 });
		expect(await answers('AEM4', 'k5')).toEqual([503, 200]);
		stubborn.fail({ kind: 'drop', when: 'after' });
		expect(await answers('AEM5', 'k6')).toEqual(['lost', 200]);
		expect(stubborn.performed.map(({ userId }) => userId)).toEqual([
			...[candidate, 'AEM3', 'AEM4', 'AEM5'],
		]);
		http = client(sandbox);
		await stubborn.close();
	});

	test('can be ignored', async () => {
		const forgetful = await startSandbox({ idempotencyKeys: 'ignore' });
		http = client(forgetful);
		forgetful.fail({ kind: 'drop', when: 'after' });
		await expect(act(candidate, add, withKey('k'))).rejects.toThrow('socket hang up');
		const { status, data } = await act(candidate, add, withKey('k'));
		expect([status, data.type]).toEqual([422, 'errors/action_already_performed']);
		expect(forgetful.performed).toHaveLength(1);
		http = client(sandbox);
		await forgetful.close();
	});
});

/** Lets the event loop turn until something is so. */
async function until(condition: () => boolean): Promise<void> {
	while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
