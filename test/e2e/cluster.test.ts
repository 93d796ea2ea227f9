import type { SavedExecution, SavedWorkflow } from '../../harness/app/rest';
import { eventually } from '../../harness/eventually';
import { dataOf, outputOf } from './support/executions';
import { startCluster, type Cluster } from './support/cluster';
import { addCandidate, chain, node, postPress, webhook } from '../../harness/app/workflows';
import { locator } from '../../harness/locators';

const EXECUTIONS = 200;
const BATCHES = 10;
const ITEMS = 12;

let bench: Cluster;

beforeAll(async () => {
	bench = await startCluster({ latencyMs: 20 });
}, 240_000);

afterAll(() => bench?.stop(), 60_000);

/** Calls the webhook process, which hands the work to a worker. */
async function call(path: string, body: object): Promise<{ status: number; text: string }> {
	const response = await fetch(`${bench.webhooks}/webhook/${path}`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
	return { status: response.status, text: await response.text() };
}

/** The people whom the sandbox has served, in order. */
const performed = () => bench.sandbox.performed.map(({ userId }) => userId).sort();

test('two hundred executions are spread over both workers, and each performs its action once', async () => {
	const workflow = chain('Spread', [
		webhook('spread'),
		postPress(
			bench.credential,
			addCandidate('', {
				accountId: locator('id', '={{ $json.body.account }}'),
				userId: locator('id', '={{ $json.body.person }}'),
				options: { delayBetweenRequests: 0 },
			}),
		),
	]);
	const saved = await bench.rest.createWorkflow(workflow);
	await bench.rest.publish(saved);

	const people = Array.from({ length: EXECUTIONS }, (_, index) => `AEMAAspread${index}`);
	const answers = await Promise.all(
		people.map((person, index) => call('spread', { person, account: `acc_${index % 10}` })),
	);
	expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
	expect(performed()).toEqual([...people].sort());
	expect(bench.sandbox.requestCount).toBe(EXECUTIONS);

	const executions = await eventually(async () => {
		const found = await bench.rest.executions(saved.id, EXECUTIONS);
		expect(found.filter(({ status }) => status !== 'success')).toEqual([]);
		expect(found).toHaveLength(EXECUTIONS);
		return found;
	});
	const [first, second] = bench.workers.map((worker) => bench.startedBy(worker));
	expect([...first, ...second].sort()).toEqual(executions.map(({ id }) => id).sort());
	expect(Math.min(first.length, second.length)).toBeGreaterThan(EXECUTIONS / 5);
}, 120_000);

describe('a worker that is killed in the middle of its batches', () => {
	const people = (batch: number) =>
		Array.from({ length: ITEMS }, (_, item) => `AEMAAbatch${batch}item${item}`);
	const everybody = Array.from({ length: BATCHES }, (_, batch) => people(batch))
		.flat()
		.sort();

	let workflow: SavedWorkflow;
	let broken: SavedExecution[];

	beforeAll(async () => {
		bench.sandbox.reset();
		workflow = await bench.rest.createWorkflow(
			chain('Batch', [
				webhook('batch', { responseMode: 'onReceived' }),
				node('People', 'n8n-nodes-base.splitOut', {
					fieldToSplitOut: 'body.people',
					options: { destinationFieldName: 'person' },
				}),
				postPress(
					bench.credential,
					addCandidate('', {
						accountId: locator('id', "={{ $('Webhook').first().json.body.account }}"),
						userId: locator('id', '={{ $json.person }}'),
						options: { delayBetweenRequests: 0.2 },
					}),
					{ onError: 'continueErrorOutput' },
				),
			]),
		);
		await bench.rest.publish(workflow);
		for (let batch = 0; batch < BATCHES; batch++) await handIn(batch);
		await eventually(() => expect(performed().length).toBeGreaterThan(ITEMS), 60_000);
		await bench.workers[0].kill();
	}, 120_000);

	test('its executions end as failed and say so; the other worker finishes the others', async () => {
		const ended = await eventually(async () => {
			const executions = await bench.rest.executions(workflow.id);
			expect(executions).toHaveLength(BATCHES);
			expect(executions.filter(({ status }) => !/success|error|crashed/.test(status))).toEqual([]);
			return executions;
		}, 120_000);
		broken = ended.filter(({ status }) => status !== 'success');
		expect(broken.length).toBeGreaterThan(0);
		// The last lines of the log of the one that was killed may be lost; the other's are all there.
		const byTheOther = bench.startedBy(bench.workers[1]);
		expect(broken.filter(({ id }) => byTheOther.includes(id))).toEqual([]);
		for (const { id } of broken) {
			const { resultData } = dataOf(await bench.rest.execution(id));
			expect(resultData.error?.message).toContain('failed to be processed too many times');
		}
		expect(new Set(performed()).size).toBe(performed().length);
	}, 150_000);

	// n8n's own Retry is of no use here: it ends at once with the message of the first time.
	test('handed in again, they perform the rest and tell who had been done before', async () => {
		const before = new Set(performed());
		const known = new Set((await bench.rest.executions(workflow.id)).map(({ id }) => id));
		for (let batch = 0; batch < BATCHES; batch++) await handIn(batch);
		const repeated = await eventually(async () => {
			const executions = await bench.rest.executions(workflow.id);
			const fresh = executions.filter(({ id }) => !known.has(id));
			expect(fresh.map(({ status }) => status)).toEqual(Array(BATCHES).fill('success'));
			return fresh;
		}, 60_000);

		const told: string[] = [];
		for (const { id } of repeated) {
			for (const { json } of outputOf(await bench.rest.execution(id), 'PostPress')) {
				const person = String(json.user_id ?? json.person);
				const details = {
					outcome: 'refused',
					type: 'errors/action_already_performed',
				};
				if (before.has(person)) expect(json.error).toMatchObject(details);
				else expect(json).toMatchObject({ success: true });
				told.push(person);
			}
		}
		expect(told.sort()).toEqual(everybody);
		expect(performed()).toEqual(everybody);
	}, 90_000);

	const handIn = (batch: number) =>
		call('batch', { account: `acc_batch${batch}`, people: people(batch) });
});
