import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import axios, { type AxiosInstance } from 'axios';

const cli = join(__dirname, '../../sandbox/cli.ts');
const body = {
	account_id: 'acc_test',
	api: 'recruiter',
	action: 'addCandidateToPipeline',
	hiring_project_id: 'proj_test',
};

function run(...args: string[]): ChildProcessWithoutNullStreams {
	const child = spawn(process.execPath, ['--import', 'tsx', cli, ...args], {
		cwd: join(__dirname, '../..'),
	});
	for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8');
	return child;
}

/** What a stream has said so far, and a wait until it says something. */
function listen(stream: NodeJS.ReadableStream) {
	let text = '';
	stream.on('data', (chunk) => (text += chunk));
	return async (expected: RegExp): Promise<RegExpExecArray> => {
		for (;;) {
			const match = expected.exec(text);
			if (match) return match;
			await once(stream, 'data');
		}
	};
}

async function ended(child: ChildProcessWithoutNullStreams) {
	let text = '';
	child.stderr.on('data', (chunk) => (text += chunk));
	child.stdout.on('data', (chunk) => (text += chunk));
	const [code] = await once(child, 'close');
	return { code, text };
}

describe('a sandbox on the command line', () => {
	let child: ChildProcessWithoutNullStreams;
	let says: ReturnType<typeof listen>;
	let http: AxiosInstance;

	beforeAll(async () => {
		child = run('--port', '0', '--idempotency-keys', 'ignore');
		says = listen(child.stdout);
		const [, baseURL] = await says(/Base URL +(\S+)/);
		const [, apiKey] = await says(/API key +(\S+)/);
		http = axios.create({ baseURL, headers: { 'X-API-KEY': apiKey }, validateStatus: () => true });
	});
	beforeEach(async () => {
		expect((await http.post('/../_sandbox/reset')).status).toBe(204);
	});
	afterAll(async () => {
		child.kill('SIGINT');
		const [code] = await once(child, 'close');
		expect(code).toBe(0);
	});

	const act = () => http.post('/linkedin/user/AEM1', body, { headers: { 'Idempotency-Key': 'k' } });

	test('prints a line for each request', async () => {
		expect((await act()).status).toBe(200);
		await says(
			/POST {2}\/v1\/linkedin\/user\/AEM1 {2}addCandidateToPipeline {2}acc_test {2}→ {2}200/,
		);
		expect((await act()).status).toBe(422);
		await says(/→ {2}422/);
	});

	test('takes faults, and shows what was done', async () => {
		const order = { fault: { kind: 'drop', when: 'after' }, match: { userId: 'AEM1' } };
		const { status, data } = await http.post('/../_sandbox/faults', order);
		expect([status, data.pending]).toEqual([201, [{ ...order, after: 0, left: 1 }]]);
		await expect(act()).rejects.toMatchObject({ code: 'ECONNRESET' });
		await says(/dropped.*\(fault: drop\)/);
		const performed = await http.get('/../_sandbox/performed');
		expect(performed.data).toMatchObject([{ userId: 'AEM1', body }]);
		const state = await http.get('/../_sandbox/state');
		expect(state.data.pipelines.proj_test).toEqual({ AEM1: 'UNCONTACTED' });
		expect((await http.get('/../_sandbox/faults')).data).toEqual({ pending: [] });
	});

	test('takes an outage, and its end', async () => {
		expect((await http.post('/../_sandbox/outage', { kind: 'html', status: 503 })).status).toBe(
			204,
		);
		expect((await act()).status).toBe(503);
		expect((await http.post('/../_sandbox/outage', 'null')).status).toBe(204);
		expect((await act()).status).toBe(200);
	});

	test.each([
		[{ fault: { kind: 'boom' } }, /^Not a fault: fault\.kind: Invalid discriminator value/],
		[{ fault: { kind: 'hang' } }, /^Not a fault: fault\.when: Required\.$/],
		[{ kind: 'hang', when: 'before' }, /^Not a fault: fault: /],
		[{ fault: { kind: 'html' }, match: { times: -1 } }, /^Not a fault: match\.times: /],
		['{"fault":', /^The body is not JSON: /],
		[undefined, /^The body is not JSON: /],
	])('refuses %j', async (order, problem) => {
		const { status, data } = await http.post('/../_sandbox/faults', order);
		expect(status).toBe(400);
		expect(data.error).toMatch(problem);
	});

	test('says which routes there are', async () => {
		const { status, data } = await http.get('/../_sandbox/x');
		expect(status).toBe(404);
		expect(data.routes).toContain('POST /_sandbox/faults');
	});

	test('says that the port is taken', async () => {
		const { port } = new URL(http.defaults.baseURL!);
		const { code, text } = await ended(run('--port', port));
		expect(code).toBe(1);
		expect(text).toContain('Choose another port with --port.');
	});
});

test.each([
	[['--port', 'x'], '--port must be a whole number from 0 to 65535, not "x".'],
	[['--latency', '-1'], '--latency'],
	[['--idempotency-keys', 'burn'], 'must be one of honour, storeErrors, ignore, not "burn".'],
	[['--colour'], "Unknown option '--colour'"],
])('refuses %j', async (args, problem) => {
	const { code, text } = await ended(run(...args));
	expect(code).toBe(1);
	expect(text).toContain(problem);
});

test('explains itself', async () => {
	const { code, text } = await ended(run('--help'));
	expect(code).toBe(0);
	expect(text).toContain('--idempotency-keys');
});
