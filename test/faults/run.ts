import { startSandbox, type Sandbox } from '../../sandbox';
import { itemsWorkflow, type Engine, type RunResult } from '../../harness/engine';
import { balance, type Imbalance } from './books';
import { watchClient, type Client } from './client';
import { TIMEOUT, type Scenario } from './scenario';

/** How one scenario ended. */
export interface Verdict {
	scenario: Scenario;
	result: RunResult;
	imbalances: Imbalance[];
	/** Requests that the sandbox saw. */
	requests: number;
	performed: number;
	/** Requests that a fault met. */
	faults: number;
	/** Requests that the client gave up while the sandbox worked on them. */
	late: number;
}

/** Runs a scenario on n8n's engine against a sandbox of its own, and balances the books. */
export async function run(engine: Engine, scenario: Scenario): Promise<Verdict> {
	const { people, idempotencyKeys, latencyMs } = scenario;
	const accounts = new Map(people.map(({ userId, accountId }) => [userId, accountId]));
	let answered = 0;
	let stop = () => {};
	const sandbox = await startSandbox({
		idempotencyKeys,
		latencyMs,
		onAnswered: () => {
			if (++answered === scenario.stopAfterRequests) stop();
		},
	});
	const client = watchClient(sandbox.port, (userId) => accounts.get(userId) ?? userId);
	try {
		for (const { userId, faults } of people) {
			for (const fault of faults) sandbox.fail(fault, { userId });
		}
		const execution = engine.start(workflowOf(scenario), {
			credentials: { postPressApi: { apiKey: sandbox.apiKey, baseUrl: sandbox.url } },
		});
		stop = execution.cancel;
		const result = await execution.finished;
		await sandbox.everythingDone();
		return verdict(scenario, result, sandbox, client);
	} finally {
		client.stop();
		await sandbox.close();
	}
}

function verdict(scenario: Scenario, result: RunResult, sandbox: Sandbox, client: Client): Verdict {
	const { requests, performed } = sandbox;
	return {
		scenario,
		result,
		imbalances: balance(scenario, result, sandbox, client),
		requests: requests.length,
		performed: performed.length,
		faults: requests.filter(({ fault }) => fault !== undefined && fault !== 'latency').length,
		late: requests.filter(({ answered }) => answered === 'abandoned').length,
	};
}

function workflowOf({ people, parameters, options, onError, maxTries }: Scenario) {
	return itemsWorkflow({
		items: people.map(({ userId, accountId, isInvalid }) => ({
			json: { accountId, userId: isInvalid ? `ACoA${userId}` : userId },
		})),
		parameters: { ...parameters, options } as never,
		requestOptions: { timeout: TIMEOUT },
		onError,
		...(maxTries > 0 && { retryOnFail: true, maxTries, waitBetweenTries: 1 }),
	});
}
