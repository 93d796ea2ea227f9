import type { Fault } from '../../sandbox';
import type { RunResult } from '../../harness/engine';
import {
	addCandidate,
	answersRead,
	byId,
	people,
	startDelivery,
	until,
	type Settings,
} from './support/delivery';
import { testFailingExpression } from './support/versions';

const delivery = startDelivery();

const refusal: Fault = { kind: 'apiError', type: 'unprocessable_entity' };

/** What n8n has logged of the stop. */
const tallies = ({ logs }: RunResult) =>
	logs
		.map((entry) => JSON.parse(entry) as { level: string; message: string })
		.filter(({ message }) => /PostPress.*stopped/i.test(message));

/** Stops an execution of people when four of them have had their turn. */
async function stopInTheMiddle(settings: Settings): Promise<RunResult> {
	const { clock, sandbox } = delivery;
	sandbox.fail(refusal, { userId: 'AEM1' });
	sandbox.fail({ kind: 'drop', when: 'after' }, { userId: 'AEM2' });
	// n8n has shorter waits of its own.
	clock.hold(1_000);
	const execution = delivery.start({
		...settings,
		options: { delayBetweenRequests: 10, maxRetries: 0 },
		onError: 'continueErrorOutput',
	});
	for (let turn = 1; turn <= 4; turn++) {
		// answersRead() asks the sandbox for something else, which is among its requests as well.
		const asked = () => sandbox.requests.filter(({ operation }) => operation === 'performAction');
		await until(() => asked()[turn - 1]?.answeredAt !== undefined, `${turn} had had their turn`);
		await answersRead(sandbox);
		await until(() => clock.pending.length > 0, 'the pause began');
		if (turn < 4) clock.skip();
	}
	execution.cancel();
	return await execution.finished;
}

/** n8n fails an item whose expression does before the node hears of it. */
const broken = { userId: byId("={{ $json.user ?? $('Nowhere').item.json.user }}") };

/** A stopped execution of the settings leaves one line, with what became of eight people. */
async function leavesOneLine(settings: Settings): Promise<void> {
	const result = await stopInTheMiddle(settings);
	expect(result.status).toBe('canceled');
	const lines = tallies(result);
	expect(lines).toHaveLength(1);
	const [{ level, message }] = lines;
	expect(['info', 'warn']).toContain(level);
	expect(message).toMatch(/2 performed/);
	expect(message).toMatch(/1 refused/);
	expect(message).toMatch(/1 (unknown|perhaps performed)/);
	expect(message).toMatch(/4 not sent/);
}

const logged = 'a stopped execution leaves one line in the log, with the tally';

test(logged, async () => await leavesOneLine({ items: people(8) }));

testFailingExpression(
	`${logged}, also if n8n itself fails an item`,
	async () =>
		await leavesOneLine({
			items: [...people(8), {}],
			parameters: { ...addCandidate, ...broken },
		}),
);

test('an execution that comes to its end leaves none', async () => {
	expect(tallies(await delivery.run({ items: people(2) }))).toEqual([]);
	delivery.sandbox.fail(refusal);
	expect(tallies(await delivery.run({ items: people(2) }))).toEqual([]);
});

testFailingExpression(
	'where a run goes on after a failure, nothing of its ledger is stored, as n8n never retries it',
	async () => {
		const items = [...people(2), {}];
		const parameters = { ...addCandidate, ...broken };
		const result = await delivery.run({ items, parameters, onError: 'continueErrorOutput' });
		expect(delivery.sandbox.performed).toHaveLength(2);
		expect(result.find('inDoubt')).toEqual([]);
	},
);
