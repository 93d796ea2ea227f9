import { startSandbox, type Sandbox } from '../../sandbox';
import {
	itemsWorkflow,
	n8nClock,
	type Engine,
	type Execution,
	type RetryOptions,
	type RunResult,
} from '../../harness/engine';
import { balanceReports, balanceTraffic, peopleDone, type Imbalance } from './books';
import { watchClient } from './client';
import { TIMEOUT, type Person, type Scenario } from './scenario';

/** How one scenario ended. */
export interface Verdict {
	scenario: Scenario;
	/** Of all executions, those that n8n ran again included. */
	results: RunResult[];
	imbalances: Imbalance[];
	/** How many executions were run again by n8n's *Executions > Retry*. */
	retried: number;
	/** Requests that the sandbox saw. */
	requests: number;
	performed: number;
	/** Requests that a fault met. */
	faults: number;
	/** Requests that the client gave up while the sandbox worked on them. */
	late: number;
}

const A_DAY = 86_400_000;

/**
 * Runs a scenario on n8n's engine against a sandbox of its own, and balances the books after each execution.
 * Nobody waits: the clock is moved.
 */
export async function run(engine: Engine, scenario: Scenario): Promise<Verdict> {
	const clock = n8nClock();
	const { batches, common, idempotencyKeys, isTwice, latencyMs } = scenario;
	const people = new Map(batches.flat().map((person) => [person.userId, person]));
	let answered = 0;
	let stop = () => {};
	const sandbox = await startSandbox({
		idempotencyKeys,
		latencyMs,
		now: clock.now,
		onAnswered: () => {
			if (++answered === scenario.stopAfterRequests) stop();
		},
	});
	for (const person of people.values()) {
		if (person.isDoneBefore) await doBefore(person, scenario, sandbox);
	}
	clock.hold();
	const client = watchClient(sandbox.port, (userId) => people.get(userId)?.accountId ?? userId);
	for (const { fault, match } of common) sandbox.fail(fault, match);
	for (const { userId, faults } of people.values()) {
		for (const fault of faults) sandbox.fail(fault, { userId });
	}

	const results: RunResult[] = [];
	const imbalances: Imbalance[] = [];
	let retried = 0;
	const where: RetryOptions = {
		credentials: { postPressApi: { apiKey: sandbox.apiKey, baseUrl: sandbox.url } },
		beforeCredentialRead() {
			if (sandbox.requestCount >= (scenario.credentialBreaksAfter ?? Infinity)) {
				throw new Error('The credential cannot be read');
			}
		},
	};
	/** Waits for executions of batches that are under way at the same time, and balances the books. */
	const follow = async (executions: Array<[Person[], Execution]>): Promise<RunResult[]> => {
		const asked = client.events.length;
		const done = peopleDone(sandbox);
		const ended = await clock.moving(
			Promise.all(executions.map(async ([, { finished }]) => await finished)),
		);
		await sandbox.everythingDone();
		results.push(...ended);
		const act = { asked: client.events.slice(asked), doneBefore: done, done: peopleDone(sandbox) };
		const own = executions.map(([batch], index) => ({ batch, result: ended[index] }));
		imbalances.push(...balanceReports(scenario, act, own));
		return ended;
	};

	try {
		for (let time = 0; time <= scenario.repeats; time++) {
			const executions = batches.map((batch): [Person[], Execution] => [
				batch,
				engine.start(workflowOf(scenario, batch), where),
			]);
			stop = executions[0][1].cancel;
			const ended = await follow(executions);
			for (const [index, batch] of batches.entries()) {
				let last = ended[index];
				// Twins are one action: after a retry of the one nobody could tell what the other has done.
				const most = isTwice ? 0 : scenario.retries;
				for (let retry = 0; retry < most && last.status === 'error'; retry++) {
					retried++;
					[last] = await follow([[batch, engine.retry(last, where)]]);
				}
			}
		}
		imbalances.push(...balanceTraffic(scenario, sandbox, client, people));
		await clock.advance(A_DAY);
		return verdict(scenario, results, imbalances, retried, sandbox);
	} finally {
		clock.release();
		client.stop();
		await sandbox.close();
	}
}

/** Somebody does it by hand. */
async function doBefore(
	{ userId, accountId }: Person,
	{ body }: Scenario,
	{ url, apiKey }: Sandbox,
): Promise<void> {
	await fetch(`${url}/linkedin/user/${userId}`, {
		method: 'POST',
		headers: { 'X-API-KEY': apiKey, 'Content-Type': 'application/json' },
		body: JSON.stringify({ ...body, account_id: accountId }),
	});
}

function verdict(
	scenario: Scenario,
	results: RunResult[],
	imbalances: Imbalance[],
	retried: number,
	{ requests, performed }: Sandbox,
): Verdict {
	return {
		scenario,
		results,
		imbalances,
		retried,
		requests: requests.length,
		performed: performed.length,
		faults: requests.filter(({ fault }) => fault !== undefined && fault !== 'latency').length,
		late: requests.filter(({ answered }) => answered === 'abandoned').length,
	};
}

function workflowOf({ parameters, options, onError, maxTries }: Scenario, people: Person[]) {
	return itemsWorkflow({
		items: people.map(({ userId, accountId, isInvalid }) => ({
			json: { accountId, userId: isInvalid ? `ACoA${userId}` : userId, event: `event ${userId}` },
		})),
		parameters: { ...parameters, options } as never,
		requestOptions: { timeout: TIMEOUT },
		onError,
		...(maxTries > 0 && { retryOnFail: true, maxTries, waitBetweenTries: 1 }),
	});
}
