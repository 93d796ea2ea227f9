import fs from 'node:fs';
import path from 'node:path';
import { CREDENTIAL_NAME, CREDENTIAL_TYPE } from '../../harness/app/examples';
import type { WorkflowFile } from '../../harness/app/rest';
import { startBench, type Bench } from './support/bench';
import { eventually } from '../../harness/eventually';
import { addCandidate, chain, node, postPress, webhook } from '../../harness/app/workflows';
import { locator } from '../../harness/locators';

/** What a caller sends for each person; the PostPress node reads it by expression. */
const PARAMETERS = addCandidate('', {
	userId: { ...locator('id', '={{ $json.body.person }}') },
	stage: '={{ $json.body.stage }}',
	options: { delayBetweenRequests: 0, retryWait: 0.1 },
});

/** Longer than any other text, so that a search for it cannot meet something else by chance. */
const KEY = `pp_live_${'0123456789abcdef'.repeat(4)}`;

let bench: Bench;

beforeAll(async () => {
	bench = await startBench({
		sandbox: { apiKey: KEY },
		env: { N8N_LOG_LEVEL: 'debug', DB_LOGGING_ENABLED: 'false' },
	});
	await publish(listening('stop', {}));
	await publish(listening('continue', { onError: 'continueErrorOutput' }));
}, 120_000);

beforeEach(() => bench.sandbox.reset());

afterAll(() => bench?.stop());

/** Performs for whoever calls the webhook, and answers with what became of it. */
function listening(path: string, more: Record<string, unknown>): WorkflowFile {
	return chain(path, [webhook(path), postPress(bench.credential, PARAMETERS, more)]);
}

async function publish(workflow: WorkflowFile): Promise<void> {
	await bench.rest.publish(await bench.rest.createWorkflow(workflow));
}

async function call(path: string, body: object): Promise<{ status: number; text: string }> {
	const response = await fetch(`${bench.url}/webhook/${path}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
	return { status: response.status, text: await response.text() };
}

test('a published workflow performs what the webhook asks for', async () => {
	const { status, text } = await call('stop', { person: 'AEMAAweb1', stage: 'contacted' });
	expect(status).toBe(200);
	expect(JSON.parse(text)).toMatchObject([{ success: true, user_id: 'AEMAAweb1' }]);
	expect(bench.sandbox.performed).toMatchObject([{ userId: 'AEMAAweb1' }]);
	expect(bench.sandbox.requests[0].body).toMatchObject({ stage: 'CONTACTED' });
});

test('a broken payload performs nothing, and the execution says which field', async () => {
	const { status } = await call('stop', { somebody: 'AEMAAweb1' });
	expect(status).toBe(500);
	expect(bench.sandbox.requests).toEqual([]);
	await eventually(async () => {
		const [{ id, status: ended }] = await bench.rest.executions(undefined, 1);
		expect(ended).toBe('error');
		expect((await bench.rest.execution(id)).data).toContain('User is empty');
	});
});

test('the error output carries the reason, the type and the request', async () => {
	bench.sandbox.fail({ kind: 'apiError', type: 'invalid_recipient' });
	const workflow = chain('to look at', [
		webhook('look'),
		postPress(bench.credential, PARAMETERS, { onError: 'continueErrorOutput' }),
	]);
	workflow.nodes.push(node('To look at', 'n8n-nodes-base.noOp'));
	workflow.connections.PostPress = {
		main: [[], [{ node: 'To look at', type: 'main', index: 0 }]],
	};
	await publish(workflow);

	const { text } = await call('look', { person: 'AEMAAweb2', stage: 'REPLIED' });
	expect(JSON.parse(text)).toMatchObject([
		{
			body: { person: 'AEMAAweb2' },
			error: {
				message: expect.stringContaining('recipient'),
				user: 'AEMAAweb2',
				outcome: 'refused',
				type: 'errors/invalid_recipient',
				status: 422,
				instance: expect.stringMatching(/^req_/),
				attempts: 1,
			},
		},
	]);
	expect(bench.sandbox.performed).toEqual([]);
});

test('many calls at once: one request of the account is in flight at a time', async () => {
	const people = Array.from({ length: 30 }, (_, index) => `AEMAAmany${index}`);
	const answers = await Promise.all(
		people.map((person) => call('stop', { person, stage: 'UNCONTACTED' })),
	);
	expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
	expect(bench.sandbox.performed.map(({ userId }) => userId).sort()).toEqual([...people].sort());
	expect(bench.sandbox.maxInFlight()).toBe(1);
});

test('an answer that is lost is asked for again, and the action is performed once', async () => {
	bench.sandbox.fail({ kind: 'drop', when: 'after' });
	bench.sandbox.fail({ kind: 'apiError', type: 'service_unavailable' });
	const { status } = await call('stop', { person: 'AEMAAlost', stage: 'REPLIED' });
	expect(status).toBe(200);
	expect(bench.sandbox.requests.map(({ answered }) => answered)).toEqual(['dropped', 503, 200]);
	expect(new Set(bench.sandbox.requests.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
	expect(bench.sandbox.performed).toHaveLength(1);
});

test('saved workflows still run after n8n was started again', async () => {
	await bench.restart();
	const { status } = await call('stop', { person: 'AEMAAagain', stage: 'REPLIED' });
	expect(status).toBe(200);
	expect(bench.sandbox.performed).toMatchObject([{ userId: 'AEMAAagain' }]);
}, 120_000);

test('the API key stands nowhere in clear: database, execution data, logs, answers', async () => {
	for (const fault of [
		{ kind: 'drop', when: 'before' },
		{ kind: 'html' },
		{ kind: 'emptyBody' },
		{ kind: 'truncatedJson' },
		{ kind: 'apiError', type: 'invalid_credentials' },
		{ kind: 'raw', status: 500, body: { type: 'errors/unexpected_error', title: 'Oops' } },
	] as const) {
		bench.sandbox.fail(fault);
		const { text } = await call('continue', { person: 'AEMAAkey', stage: 'REPLIED' });
		expect(text).not.toContain(KEY);
	}
	const wrong = await bench.rest.saveCredential('A wrong one', CREDENTIAL_TYPE, {
		apiKey: KEY,
		baseUrl: `${bench.sandbox.url}/nowhere`,
	});
	await publish(chain('wrong', [webhook('wrong'), postPress(wrong, PARAMETERS)]));
	await call('wrong', { person: 'AEMAAkey', stage: 'REPLIED' });

	for (const { id } of await bench.rest.executions()) {
		expect((await bench.rest.execution(id)).data).not.toContain(KEY);
	}
	const places = filesIn(bench.userFolder);
	expect(places.map((file) => path.basename(file))).toEqual(
		expect.arrayContaining(['database.sqlite', 'n8n.log']),
	);
	expect(places.filter((file) => fs.readFileSync(file).includes(KEY))).toEqual([]);
	expect((await bench.rest.credentials()).map(({ name }) => name)).toContain(CREDENTIAL_NAME);
});

function filesIn(folder: string): string[] {
	return fs
		.readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => path.join(entry.parentPath, entry.name));
}
