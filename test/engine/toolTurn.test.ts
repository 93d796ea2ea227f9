import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { agentOutput, toolWorkflow, type RunResult } from '../../harness/engine';
import { byId, people, startDelivery, until, usersOf } from './support/delivery';

const delivery = startDelivery();
const { clock } = delivery;

/** How long a tool waits for its turn, in milliseconds. */
const PATIENCE = 20_000;

const fromAI = (name: string) => `={{ $fromAI('${name}', 'what the model says', 'string') }}`;

const parameters = (options: IDataObject): INodeParameters => ({
	resource: 'candidate',
	operation: 'addToPipeline',
	accountId: byId('acc_a'),
	userId: byId(fromAI('person')),
	hiringProjectId: byId('proj_test'),
	options: options as INodeParameters,
});

const calls = people(7).map(({ user }) => ({ person: user }));

/** What the model reads for each call: an answer of the API, or an error. */
const read = (result: RunResult) =>
	agentOutput(result).observations.map((observation) => {
		const parsed = JSON.parse(observation) as IDataObject | Array<{ output: string }>;
		if (!Array.isArray(parsed)) return parsed as { error?: string };
		return (JSON.parse(parsed[0].output) as Array<{ error?: string }>)[0];
	});

const start = (options: IDataObject = { delayBetweenRequests: 0 }) =>
	// A sub-agent, older agents and the MCP trigger call a tool while they run, in parallel if the model says so.
	delivery.startWorkflow(
		toolWorkflow({
			parameters: parameters(options),
			calls: [calls],
			via: 'supplyData',
			requestOptions: { timeout: 60_000 },
		}),
	);

test('seven calls at once: who has no turn within 20 seconds is not sent, and hears when to ask again', async () => {
	const { sandbox } = delivery;
	clock.hold();
	sandbox.fail({ kind: 'hang', when: 'before' }, { userId: 'AEM0' });
	const { finished } = start({ delayBetweenRequests: 0, maxRetries: 0 });
	await until(() => sandbox.requests.length === 1, 'the first call was in flight');
	await clock.advance(PATIENCE + 1_000);
	const observed = read(await delivery.timingOut(finished));
	expect(usersOf(sandbox.requests)).toEqual(['AEM0']);
	expect(observed).toHaveLength(7);
	for (const { error } of observed.slice(1)) {
		expect(error).toMatch(/busy/i);
		expect(error).toMatch(/try again in \d+ seconds?/i);
		expect(error).toMatch(/not sent|nothing was sent/i);
	}
});

test('who is not sent then is not sent later either', async () => {
	const { sandbox } = delivery;
	clock.hold();
	sandbox.fail({ kind: 'hang', when: 'after' }, { userId: 'AEM0' });
	const { finished } = start({ delayBetweenRequests: 0, maxRetries: 0 });
	await until(() => sandbox.requests.length === 1, 'the first call was in flight');
	await clock.advance(PATIENCE + 1_000);
	await delivery.timingOut(finished);
	await delivery.everyLaneGone();
	expect(sandbox.requests).toHaveLength(1);
});

test('the pause counts as a wait for the turn', async () => {
	const { sandbox } = delivery;
	// From 5 to 15 seconds between two people: two to five of seven have their turn in time.
	const observed = read(await clock.moving(start({}).finished));
	const done = observed.filter(({ error }) => error === undefined);
	expect(done.length).toBe(sandbox.performed.length);
	expect(done.length).toBeGreaterThanOrEqual(2);
	expect(done.length).toBeLessThanOrEqual(5);
	const [first, ...others] = sandbox.requests.map(({ arrivedAt }) => arrivedAt);
	for (const arrivedAt of others) expect(arrivedAt - first).toBeLessThanOrEqual(PATIENCE);
});

test('so does the wait between two tries: its clients have given up by then, and ask again', async () => {
	const { sandbox } = delivery;
	sandbox.fail({ kind: 'rateLimit', retryAfterSeconds: 12 }, { userId: 'AEM0', times: 2 });
	const observed = read(await clock.moving(start({ delayBetweenRequests: 0 }).finished));
	expect(observed[0].error).toMatch(/too many requests/i);
	const arrived = sandbox.requests.map(({ arrivedAt }) => arrivedAt);
	expect(Math.max(...arrived) - arrived[0]).toBeLessThanOrEqual(PATIENCE);
});

test('a long pause is known at once: nobody waits for a turn that comes too late', async () => {
	const { sandbox } = delivery;
	clock.hold();
	await delivery.run({ items: people(1), options: { delayBetweenRequests: 600 } });
	const observed = read(await clock.moving(start().finished));
	expect(sandbox.requests).toHaveLength(1);
	for (const { error } of observed) expect(error).toMatch(/try again in \d+ seconds?/i);
	await delivery.everyLaneGone();
});

test('a workflow waits for as long as it takes', async () => {
	const { sandbox } = delivery;
	await clock.moving(delivery.run({ items: people(5), options: { delayBetweenRequests: 60 } }));
	expect(sandbox.performed).toHaveLength(5);
});
