import axios, { type AxiosInstance, type AxiosRequestConfig } from 'axios';
import { contract } from '../../sandbox/contract';
import { startSandbox, type Fault, type FaultMatch, type Sandbox } from '../../sandbox';

const success = { object: 'LinkedinPerformActionOnUser', success: true };
const body = {
	account_id: 'acc_test',
	api: 'recruiter',
	action: 'addCandidateToPipeline',
	hiring_project_id: 'proj_test',
};

let sandbox: Sandbox;
let http: AxiosInstance;

const act = (userId = 'AEM1', config?: AxiosRequestConfig) =>
	http.post(`/linkedin/user/${userId}`, body, config);

beforeAll(async () => {
	sandbox = await startSandbox();
	http = axios.create({
		baseURL: sandbox.url,
		headers: { 'X-API-KEY': sandbox.apiKey },
		validateStatus: () => true,
	});
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

describe('API errors', () => {
	test.each(contract['x-errors'])('$type', async ({ type, status, description }) => {
		sandbox.fail({ kind: 'apiError', type });
		const answer = await act();
		expect(answer.status).toBe(status);
		expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
		const instance = 'req_00000001';
		const title = expect.stringMatching(/^[A-Z][a-z ]+$/);
		expect(answer.data).toEqual({ title, detail: description, instance, type, status });
		expect(sandbox.performed).toEqual([]);
		expect(sandbox.requests).toMatchObject([{ answered: status, fault: 'apiError' }]);
	});

	test('with everything chosen', async () => {
		sandbox.fail({
			kind: 'apiError',
			type: 'errors/brand_new',
			status: 418,
			title: 'T',
			detail: 'D',
			instance: 'req_mine',
			headers: { 'Retry-After': '7' },
			performs: true,
		});
		const { status, data, headers } = await act();
		expect(status).toBe(418);
		expect(data).toEqual({
			title: 'T',
			detail: 'D',
			instance: 'req_mine',
			type: 'errors/brand_new',
			status: 418,
		});
		expect(headers['retry-after']).toBe('7');
		expect(sandbox.performed).toHaveLength(1);
	});

	test('without the optional fields', async () => {
		sandbox.fail({ kind: 'apiError', type: 'no_handler', detail: null, instance: null });
		expect((await act()).data).toEqual({
			title: 'No handler',
			type: 'errors/no_handler',
			status: 503,
		});
	});

	test('in the nested envelope', async () => {
		sandbox.fail({ kind: 'apiError', type: 'resource_not_found', nested: true });
		const { status, data } = await act();
		const message = 'The requested resource was not found.';
		expect([status, data]).toEqual([
			404,
			{ error: { code: 'resource_not_found', message, request_id: 'req_00000001' } },
		]);
	});
});

describe('rate limit', () => {
	test('without Retry-After', async () => {
		sandbox.fail({ kind: 'rateLimit' });
		const { status, data, headers } = await act();
		expect([status, data.type]).toEqual([429, 'errors/too_many_requests']);
		expect(headers).not.toHaveProperty('retry-after');
	});

	test('with seconds', async () => {
		sandbox.fail({ kind: 'rateLimit', retryAfterSeconds: 3 });
		expect((await act()).headers['retry-after']).toBe('3');
	});

	test('with a date that is not too early', async () => {
		sandbox.fail({ kind: 'rateLimit', retryAfterSeconds: 3, format: 'date' });
		const before = Date.now();
		const header: string = (await act()).headers['retry-after'];
		expect(header).toMatch(/^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/);
		expect(Date.parse(header)).toBeGreaterThanOrEqual(before + 3000);
		expect(Date.parse(header)).toBeLessThanOrEqual(Date.now() + 4000);
	});
});

describe('connection', () => {
	test.each([
		['before', 0],
		['after', 1],
	] as const)('dropped %s the action', async (when, performed) => {
		sandbox.fail({ kind: 'drop', when });
		await expect(act()).rejects.toMatchObject({ code: 'ECONNRESET' });
		expect(sandbox.performed).toHaveLength(performed);
		expect(sandbox.requests).toMatchObject([{ answered: 'dropped', fault: 'drop' }]);
	});

	test.each([
		['before', 0],
		['after', 1],
	] as const)('left hanging %s the action', async (when, performed) => {
		sandbox.fail({ kind: 'hang', when });
		const giveUp = new AbortController();
		const answer = act('AEM1', { signal: giveUp.signal }).catch((error) => error.code);
		await until(() => sandbox.requests[0]?.answered === 'hung');
		giveUp.abort();
		expect(await answer).toBe('ERR_CANCELED');
		expect(sandbox.performed).toHaveLength(performed);
		expect(sandbox.requests).toMatchObject([{ answered: 'hung', fault: 'hang' }]);
	});

	test('that hangs ends with the sandbox', async () => {
		const brief = await startSandbox();
		brief.fail({ kind: 'hang', when: 'before' });
		const pending = http.get('/accounts', { baseURL: brief.url }).catch((error) => error.code);
		await until(() => brief.requests[0]?.answered === 'hung');
		await brief.close();
		expect(await pending).toBe('ECONNRESET');
	});

	test('refused and accepted again, pooled connections included', async () => {
		await act('AEM1');
		await sandbox.refuseConnections();
		await sandbox.refuseConnections();
		await expect(act('AEM2')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
		await sandbox.acceptConnections();
		await sandbox.acceptConnections();
		expect((await act('AEM2')).data).toEqual(success);
		expect(sandbox.performed).toHaveLength(2);
	});
});

describe('answers that cannot be trusted', () => {
	test('HTML', async () => {
		sandbox.fail({ kind: 'html' });
		const { status, data, headers } = await act();
		expect([status, headers['content-type']]).toEqual([502, 'text/html']);
		expect(data).toContain('<h1>502 Bad Gateway</h1>');
		expect(sandbox.performed).toEqual([]);
	});

	test.each([
		[200, 1],
		[500, 0],
	])('empty body, %i', async (status, performed) => {
		sandbox.fail({ kind: 'emptyBody', status });
		const answer = await act();
		expect([answer.status, answer.data]).toEqual([status, '']);
		expect(answer.headers['content-length']).toBe('0');
		expect(sandbox.performed).toHaveLength(performed);
	});

	test('truncated JSON', async () => {
		sandbox.fail({ kind: 'truncatedJson' });
		const { status, data, headers } = await act();
		expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
		expect(data).toBe('{"object":"LinkedinPerformA');
		expect(sandbox.performed).toHaveLength(1);
	});

	test('truncated JSON although nothing was done', async () => {
		sandbox.fail({ kind: 'truncatedJson', performs: false });
		expect((await act()).data).toBe('{"object":"LinkedinPerformA');
		expect(sandbox.performed).toEqual([]);
	});

	test('JSON cut in the middle', async () => {
		sandbox.fail({ kind: 'truncatedJson', cutConnection: true });
		await expect(act()).rejects.toThrow('aborted');
		expect(sandbox.performed).toHaveLength(1);
		expect(sandbox.requests).toMatchObject([{ answered: 200 }]);
	});

	test('success: false', async () => {
		sandbox.fail({ kind: 'successFalse' });
		const { status, data } = await act();
		expect([status, data]).toEqual([200, { ...success, success: false }]);
		expect(sandbox.performed).toEqual([]);
	});

	test('latency', async () => {
		sandbox.fail({ kind: 'latency', ms: 20 });
		expect((await act()).data).toEqual(success);
		const [{ arrivedAt, answeredAt }] = sandbox.requests;
		expect(answeredAt! - arrivedAt).toBeGreaterThanOrEqual(19);
	});

	test('latency performs although the client has gone', async () => {
		sandbox.fail({ kind: 'latency', ms: 200 });
		const giveUp = new AbortController();
		const answer = act('AEM1', { signal: giveUp.signal }).catch((error) => error.code);
		await until(() => sandbox.requests[0]?.fault === 'latency');
		giveUp.abort();
		expect(await answer).toBe('ERR_CANCELED');
		await until(() => sandbox.performed.length === 1);
		expect(sandbox.requests).toMatchObject([{ answered: 'abandoned' }]);
	});

	test.each<[Fault, number, unknown, number]>([
		[{ kind: 'raw', status: 200, body: 'null' }, 200, null, 1],
		[{ kind: 'raw', status: 201, body: { odd: true } }, 201, { odd: true }, 1],
		[{ kind: 'raw', status: 200, performs: false }, 200, '', 0],
		[{ kind: 'raw', status: 404, body: 'gone', headers: { 'x-a': 'b' } }, 404, 'gone', 0],
	])('raw %j', async (fault, status, data, performed) => {
		sandbox.fail(fault);
		const answer = await act();
		expect([answer.status, answer.data]).toEqual([status, data]);
		expect(sandbox.performed).toHaveLength(performed);
	});
});

describe('which request a fault is for', () => {
	const status = async (userId?: string) => (await act(userId)).status;

	test('the next one, once', async () => {
		sandbox.fail({ kind: 'html' });
		expect([await status(), await status()]).toEqual([502, 200]);
		expect(sandbox.pendingFaults).toEqual([]);
	});

	test('in order, as often as asked', async () => {
		sandbox.fail({ kind: 'html' }, { times: 2 });
		sandbox.fail({ kind: 'rateLimit' });
		const seen = [await status(), await status(), await status(), await status()];
		expect(seen).toEqual([502, 502, 429, 200]);
	});

	test.each([Infinity, 'always'] as const)('each one, with %s', async (times) => {
		sandbox.fail({ kind: 'html' }, { times });
		for (let index = 0; index < 5; index += 1) expect(await status()).toBe(502);
		expect(sandbox.pendingFaults).toHaveLength(1);
	});

	test.each<FaultMatch>([
		{ userId: 'AEM2' },
		{ accountId: 'other' },
		{ action: 'saveLead' },
		{ operation: 'listAccounts' },
		{ userId: 'AEM1', action: 'saveLead' },
	])('not one that differs: %j', async (match) => {
		sandbox.fail({ kind: 'html' }, match);
		expect(await status('AEM1')).toBe(200);
		expect(sandbox.pendingFaults).toHaveLength(1);
	});

	test('the one that fits, past others in the queue', async () => {
		sandbox.fail({ kind: 'html' }, { operation: 'listAccounts' });
		sandbox.fail({ kind: 'rateLimit' }, { userId: 'AEM1', accountId: 'acc_test' });
		expect(await status('AEM1')).toBe(429);
		expect((await http.get('/accounts')).status).toBe(502);
	});

	test('not one that is refused anyway', async () => {
		sandbox.fail({ kind: 'html' });
		expect((await http.post('/linkedin/user/AEM1', {})).status).toBe(400);
		expect((await http.get('/accounts', { headers: { 'X-API-KEY': 'x' } })).status).toBe(401);
		expect(await status()).toBe(502);
	});

	test.each<[string, unknown, unknown]>([
		['kind', { kind: 'explode' }, {}],
		['when', { kind: 'drop' }, {}],
		[
			'type: "errors/typo" is not a documented error',
			{ kind: 'apiError', type: 'errors/typo' },
			{},
		],
		['ms', { kind: 'latency', ms: '5' }, {}],
		["'perform'", { kind: 'html', perform: true }, {}],
		['times', { kind: 'html' }, { times: 0 }],
		["'user'", { kind: 'html' }, { user: 'AEM1' }],
	])('none, if it is not a fault: %s', (problem, fault, match) => {
		expect(() => sandbox.fail(fault as Fault, match as FaultMatch)).toThrow(problem);
		expect(sandbox.pendingFaults).toEqual([]);
	});
});

/** Lets the event loop turn until something is so. */
async function until(condition: () => boolean): Promise<void> {
	while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

describe('from a moment on', () => {
	const statuses = async (users: string[]) => {
		const answered: number[] = [];
		for (const user of users) answered.push((await act(user)).status);
		return answered;
	};

	test('a fault comes after so many requests that it matches', async () => {
		const restricted: Fault = { kind: 'apiError', type: 'account_restricted' };
		sandbox.fail(restricted, { accountId: 'acc_test', after: 2, times: 'always' });
		sandbox.fail(restricted, { accountId: 'acc_other', times: 'always' });
		sandbox.fail({ kind: 'rateLimit' }, { userId: 'AEM2' });
		expect(await statuses(['AEM1', 'AEM2', 'AEM3', 'AEM4'])).toEqual([200, 429, 403, 403]);
		expect(sandbox.performed).toHaveLength(1);
	});

	test('an outage meets everybody, and ends', async () => {
		sandbox.fail({ kind: 'rateLimit' }, { userId: 'AEM3' });
		sandbox.outage({ kind: 'html', status: 503 });
		expect(await statuses(['AEM1', 'AEM2'])).toEqual([503, 503]);
		expect((await http.get('/accounts')).status).toBe(503);
		sandbox.outage();
		expect(await statuses(['AEM1', 'AEM3', 'AEM3'])).toEqual([200, 429, 200]);
		sandbox.outage({ kind: 'html', performs: true });
		expect(await statuses(['AEM4'])).toEqual([502]);
		expect(sandbox.performed.map(({ userId }) => userId)).toEqual(['AEM1', 'AEM3', 'AEM4']);
		sandbox.reset();
		expect(await statuses(['AEM1'])).toEqual([200]);
	});

	test('an outage has to be a fault', () => {
		expect(() => sandbox.outage({ kind: 'boom' } as never)).toThrow(/^Not a fault: kind: /);
	});
});

test('another clock gives the times', async () => {
	let time = 7_000;
	const elsewhere = await startSandbox({ now: () => time++ });
	const headers = { 'X-API-KEY': elsewhere.apiKey };
	elsewhere.fail({ kind: 'rateLimit', retryAfterSeconds: 1, format: 'date' }, { userId: 'AEM2' });
	await axios.post(`${elsewhere.url}/linkedin/user/AEM1`, body, { headers });
	const { headers: answered } = await axios.post(`${elsewhere.url}/linkedin/user/AEM2`, body, {
		headers,
		validateStatus: () => true,
	});
	await elsewhere.close();
	expect(elsewhere.requests[0]).toMatchObject({ arrivedAt: 7_000, answeredAt: 7_002 });
	expect(elsewhere.performed).toMatchObject([{ at: 7_001 }]);
	expect(answered['retry-after']).toBe('Thu, 01 Jan 1970 00:00:09 GMT');
});
