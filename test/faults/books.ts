import type { INodeExecutionData } from 'n8n-workflow';

import type { RecordedRequest, Sandbox } from '../../sandbox';
import { failed, performed, type RunResult } from '../../harness/engine';
import type { Client, ClientEvent } from './client';
import type { Person, Scenario } from './scenario';
import { STOPPING } from '../support/stoppingTypes';
import { typeOf, verdictOf, waitOf } from './verdict';

/** What the node says of an item. */
type Outcome = 'performed' | 'refused' | 'not_sent' | 'unknown';

interface Report {
	outcome: Outcome;
	/** The error type, if it failed. */
	type?: string | null;
	attempts?: number;
}

/** A line of the books that does not balance. */
export interface Imbalance {
	what:
		| 'performed twice'
		| 'sent again after success'
		| 'another key while an answer is in doubt'
		| 'the key of a refusal once more'
		| 'another key for the same event'
		| 'another request under the same key'
		| 'more than one request of an account at once'
		| 'a request for an account that was stopped'
		| 'a request for an account before its Retry-After was over'
		| 'two people of an account without a pause between them'
		| 'sent on through an outage'
		| 'performed, but reported as not performed'
		| 'reported as performed, but not performed'
		| 'reported as unknown, though every try was answered'
		| 'reported as not sent, though it was'
		| 'without a report'
		| 'with two reports'
		| 'the sums of the error are wrong';
	who: string;
}

/** One or more executions at the same time, from their start to their end. */
interface Act {
	/** What the client has done meanwhile. */
	asked: readonly ClientEvent[];
	/** Who had been performed before, and who is performed now. */
	doneBefore: ReadonlySet<string>;
	done: ReadonlySet<string>;
}

/** An execution that is over, and its items. */
interface Ended {
	batch: Person[];
	result: RunResult;
}

/** Whose action the sandbox has performed for the node; what was done by hand has no key. */
export function peopleDone({ performed: actions }: Sandbox): Set<string> {
	return new Set(
		actions.filter(({ idempotencyKey }) => idempotencyKey).map(({ userId }) => userId),
	);
}

const ofTheNode = ({ requests }: Sandbox) =>
	requests.filter(({ idempotencyKey }) => idempotencyKey !== undefined);

/** Compares what the node reported with what the sandbox did, when it has done everything that it will do. */
export function balanceReports(scenario: Scenario, act: Act, ended: Ended[]): Imbalance[] {
	if (scenario.isTwice) return balanceTwins(act, ended, scenario);
	return ended.flatMap(({ batch, result }) => [
		...balanceExecution(scenario, act, batch, result),
		...afterStop(act, batch),
	]);
}

function balanceExecution(
	scenario: Scenario,
	act: Act,
	batch: Person[],
	result: RunResult,
): Imbalance[] {
	// n8n keeps nothing of the node that was running when the user pressed Stop.
	if (result.status === 'canceled') return [];
	if (result.error) {
		return checkSums(scenario, batch, readSums(batch, result), act);
	}
	const reports = readReports(scenario, batch, result);
	return [
		...batch.flatMap((person): Imbalance[] => {
			const { userId } = person;
			const [report, ...more] = reports.get(userId) ?? [];
			if (!report) return [{ what: 'without a report', who: userId }];
			if (more.length > 0) return [{ what: 'with two reports', who: userId }];
			const what = compare(report, person, scenario, act);
			return what ? [{ what, who: userId }] : [];
		}),
		...outage(scenario, batch, reports),
	];
}

function compare(
	{ outcome, type }: Report,
	{ isDoneBefore, userId }: Person,
	{ options }: Scenario,
	{ asked, done, doneBefore }: Act,
): Imbalance['what'] | undefined {
	const own = asked.filter(({ what, request }) => what === 'sent' && request.userId === userId);
	const verdicts = own.map(({ request }) => verdictOf(request.answer));
	switch (outcome) {
		case 'performed':
			return done.has(userId) || (isDoneBefore && options.alreadyPerformedIsSuccess)
				? undefined
				: 'reported as performed, but not performed';
		case 'unknown':
			// What an earlier execution has left in doubt stays so, asked for or not.
			return verdicts.includes('unknown') || own.length === 0
				? undefined
				: 'reported as unknown, though every try was answered';
		case 'not_sent':
			if (own.length > 0) return 'reported as not sent, though it was';
			break;
		case 'refused':
			if (type === 'errors/action_already_performed' && doneBefore.has(userId)) return undefined;
			if (type === 'errors/action_already_performed' && !isDoneBefore) {
				return 'performed, but reported as not performed';
			}
	}
	const isNew = done.has(userId) && !doneBefore.has(userId);
	return isNew ? 'performed, but reported as not performed' : undefined;
}

/** Two executions of the same people: each may have performed what the other was refused. */
function balanceTwins({ done, doneBefore }: Act, ended: Ended[], scenario: Scenario): Imbalance[] {
	if (ended.some(({ result }) => result.status === 'canceled' || result.error)) return [];
	const [one, other] = ended.map(({ batch, result }) => readReports(scenario, batch, result));
	const counts = scenario.options.alreadyPerformedIsSuccess;
	return ended[0].batch.flatMap(({ userId, isDoneBefore }): Imbalance[] => {
		const reports = [...(one.get(userId) ?? []), ...(other?.get(userId) ?? [])];
		const outcomes = reports.map(({ outcome }) => outcome);
		if (outcomes.length !== ended.length) return [{ what: 'without a report', who: userId }];
		if (outcomes.includes('performed') && !done.has(userId) && !(isDoneBefore && counts)) {
			return [{ what: 'reported as performed, but not performed', who: userId }];
		}
		const isSaid = reports.some(
			({ outcome, type }) =>
				['performed', 'unknown'].includes(outcome) || type === 'errors/action_already_performed',
		);
		return done.has(userId) && !doneBefore.has(userId) && !isSaid
			? [{ what: 'performed, but reported as not performed', who: userId }]
			: [];
	});
}

/** After three people in a row without an answer the rest is not sent; with one account it is plain who comes when. */
function outage(
	{ onError, maxTries }: Scenario,
	batch: Person[],
	reports: Map<string, Report[]>,
): Imbalance[] {
	const isOneLane = new Set(batch.map(({ accountId }) => accountId)).size === 1;
	if (onError === 'stopWorkflow' || maxTries > 0 || !isOneLane) return [];
	let lost = 0;
	for (const { userId } of batch) {
		const [report] = reports.get(userId) ?? [];
		if (!report || report.attempts === 0) continue;
		if (lost >= 3) return [{ what: 'sent on through an outage', who: userId }];
		lost = report.outcome === 'unknown' ? lost + 1 : 0;
	}
	return [];
}

/** What can be seen from the requests alone, those of all executions together. */
export function* balanceTraffic(
	scenario: Scenario,
	sandbox: Sandbox,
	client: Client,
	people: ReadonlyMap<string, Person>,
): Generator<Imbalance> {
	const counts = new Map<string, number>();
	for (const { userId } of sandbox.performed) counts.set(userId, (counts.get(userId) ?? 0) + 1);
	for (const [who, times] of counts) if (times > 1) yield { what: 'performed twice', who };
	for (const { what, request } of client.events) {
		if (what === 'sent' && request.isCrowded) {
			yield { what: 'more than one request of an account at once', who: request.userId };
		}
	}
	const isKeyed = scenario.options.idempotencyKey !== undefined;
	if (isKeyed) yield* oneKeyEach(sandbox);
	else {
		yield* keysOf(client);
		yield* requestsByKey(sandbox);
	}
	yield* pauses(scenario, sandbox);
	yield* closures(sandbox, client, people);
}

/** One event, one key, whoever is told of it. */
function* oneKeyEach(sandbox: Sandbox): Generator<Imbalance> {
	const keys = new Map<string, string | undefined>();
	const owners = new Map<string | undefined, string>();
	for (const { userId = '', idempotencyKey } of ofTheNode(sandbox)) {
		if (keys.has(userId) && keys.get(userId) !== idempotencyKey) {
			yield { what: 'another key for the same event', who: userId };
		}
		keys.set(userId, idempotencyKey);
		const owner = owners.get(idempotencyKey) ?? userId;
		if (owner !== userId) yield { what: 'another request under the same key', who: userId };
		owners.set(idempotencyKey, owner);
	}
}

/** A new key after a definite refusal, the same while an answer is in doubt. */
function* keysOf({ events }: Client): Generator<Imbalance> {
	const known = new Map<
		string,
		{ key: string; inDoubt: boolean; isRefused: boolean; isDone: boolean }
	>();
	const last = new Map<string, ClientEvent['request']>();
	for (const { what, request } of events) {
		if (what !== 'sent') continue;
		const { userId, idempotencyKey: key } = request;
		const before = last.get(userId);
		last.set(userId, request);
		if (!before) continue;
		const state = known.get(userId) ?? { key: '', inDoubt: false, isRefused: false, isDone: false };
		const verdict = verdictOf(before.answer);
		if (verdict === 'unknown') state.inDoubt = true;
		state.isRefused = verdict === 'refused' && !state.inDoubt;
		state.isDone ||= verdict === 'performed';
		known.set(userId, state);
		if (state.isDone) yield { what: 'sent again after success', who: userId };
		const isSame = key === before.idempotencyKey;
		if (state.inDoubt && !isSame)
			yield { what: 'another key while an answer is in doubt', who: userId };
		if (state.isRefused && isSame) yield { what: 'the key of a refusal once more', who: userId };
	}
}

/** Under one key the same is asked for, word by word. */
function* requestsByKey(sandbox: Sandbox): Generator<Imbalance> {
	const known = new Map<string, string>();
	for (const { userId = '', idempotencyKey = '', path, rawBody } of ofTheNode(sandbox)) {
		const request = `${path} ${rawBody}`;
		if ((known.get(idempotencyKey) ?? request) !== request) {
			yield { what: 'another request under the same key', who: userId };
		}
		known.set(idempotencyKey, request);
	}
}

const byAccount = (requests: readonly RecordedRequest[]) =>
	Object.values(Object.groupBy(requests, ({ accountId = '' }) => accountId)) as RecordedRequest[][];

/** Between two people there is at least half of the pause. */
function* pauses({ delay }: Scenario, sandbox: Sandbox): Generator<Imbalance> {
	for (const own of byAccount(ofTheNode(sandbox))) {
		for (const [index, { userId = '', arrivedAt }] of own.entries()) {
			const before = own[index - 1];
			if (!before || before.userId === userId || before.answeredAt === undefined) continue;
			if (arrivedAt - before.answeredAt < 500 * delay - 1) {
				yield { what: 'two people of an account without a pause between them', who: userId };
			}
		}
	}
}

/** What an answer closes stays closed: an account in its execution, a lane until its `Retry-After` is over. */
function* closures(
	sandbox: Sandbox,
	{ events }: Client,
	people: ReadonlyMap<string, Person>,
): Generator<Imbalance> {
	const arrivals = new Map<string, number[]>();
	for (const { userId = '', arrivedAt } of ofTheNode(sandbox)) {
		arrivals.set(userId, [...(arrivals.get(userId) ?? []), arrivedAt]);
	}
	const opensAt = new Map<string, number>();
	const times = new Map<string, number>();
	const timeOf = new Map<ClientEvent['request'], number>();
	for (const { what, request } of events) {
		const { userId, answer } = request;
		const account = people.get(userId)?.accountId ?? '';
		if (what === 'sent') {
			const count = times.get(userId) ?? 0;
			times.set(userId, count + 1);
			const at = arrivals.get(userId)?.[count] ?? NaN;
			timeOf.set(request, at);
			if (at < (opensAt.get(account) ?? -Infinity)) {
				yield { what: 'a request for an account before its Retry-After was over', who: userId };
			}
		} else if (answer && waitOf(answer) > 0) {
			const until = (timeOf.get(request) ?? NaN) + waitOf(answer);
			opensAt.set(account, Math.max(opensAt.get(account) ?? 0, until));
		}
	}
}

/** No account gets a request from an execution in which it was stopped. */
function* afterStop({ asked }: Act, batch: Person[]): Generator<Imbalance> {
	const accounts = new Map(batch.map(({ userId, accountId }) => [userId, accountId]));
	const stopped = new Set<string>();
	for (const { what, request } of asked) {
		const { userId, answer } = request;
		const account = accounts.get(userId);
		if (account === undefined) continue;
		if (what === 'sent') {
			if (stopped.has(account)) {
				yield { what: 'a request for an account that was stopped', who: userId };
			}
		} else if (answer) {
			const isStop = verdictOf(answer) === 'refused' && STOPPING.includes(typeOf(answer) ?? '');
			if (isStop) stopped.add(account);
		}
	}
}

function readReports(
	{ onError }: Scenario,
	batch: Person[],
	result: RunResult,
): Map<string, Report[]> {
	const reports = new Map<string, Report[]>();
	const items = [
		...performed(result),
		...(onError === 'continueErrorOutput' ? failed(result) : []),
	];
	for (const item of items) {
		const { userId } = batch[indexOf(item)];
		reports.set(userId, [...(reports.get(userId) ?? []), reportOf(item)]);
	}
	return reports;
}

function indexOf({ pairedItem }: INodeExecutionData): number {
	const { item } = pairedItem as { item: number };
	return item;
}

function reportOf({ json }: INodeExecutionData): Report {
	return (json.error ?? json) as unknown as Report;
}

/** The sums in the error of a run that was stopped by an item. */
function readSums(people: Person[], { error }: RunResult): Record<Outcome, number> {
	const sums = { performed: 0, refused: 0, not_sent: 0, unknown: 0 };
	const { outcome } = (error?.context?.data ?? {}) as { outcome?: Outcome };
	if (outcome) sums[outcome]++;
	const text = String(error?.description);
	const read = (words: string) => Number(new RegExp(`(\\d+) ${words}`).exec(text)?.[1] ?? 0);
	const others = /The other items: /.exec(text);
	if (people.length > 1 && !others) return sums;
	sums.performed += read('performed');
	sums.refused += read('refused');
	sums.unknown += read('perhaps performed');
	sums.not_sent += read('not sent');
	return sums;
}

/** Without reports by person, the sums have to leave room for what the sandbox did, and no more. */
function checkSums(
	{ onError, options, repeats }: Scenario,
	batch: Person[],
	sums: Record<Outcome, number>,
	act: Act,
): Imbalance[] {
	const all = sums.performed + sums.refused + sums.not_sent + sums.unknown;
	const done = batch.filter(({ userId }) => act.done.has(userId)).length;
	const byHand = batch.filter(({ isDoneBefore }) => isDoneBefore).length;
	const most = done + (options.alreadyPerformedIsSuccess ? byHand : 0);
	// What a repetition does not reach was performed by the first run all the same.
	const isRoom = sums.performed <= most && (repeats > 0 || done <= sums.performed + sums.unknown);
	if (onError === 'stopWorkflow' && all === batch.length && isRoom) return [];
	const who = `${JSON.stringify(sums)} of ${batch.length}; performed: ${done}`;
	return [{ what: 'the sums of the error are wrong', who }];
}
