import type { INodeExecutionData } from 'n8n-workflow';

import type { Sandbox } from '../../sandbox';
import { failed, performed, type RunResult } from '../../harness/engine';
import type { Client } from './client';
import type { Person, Scenario } from './scenario';

/** What the node says of an item. */
type Report = 'performed' | 'refused' | 'not_sent' | 'unknown';

/** A line of the books that does not balance. */
export interface Imbalance {
	what:
		| 'performed twice'
		| 'sent again after success'
		| 'another key for the same action'
		| 'more than one request of an account at once'
		| 'performed, but reported as not performed'
		| 'reported as performed, but not performed'
		| 'without a report'
		| 'with two reports'
		| 'the sums of the error are wrong';
	who: string;
}

/** Reports by person, or the sums that the error of a stopped run gives. */
export interface Reports {
	byPerson: Map<string, Report[]>;
	sums?: Record<Report, number>;
}

/** Compares what the node reported with what the sandbox did, when it has done everything that it will do. */
export function balance(
	scenario: Scenario,
	result: RunResult,
	sandbox: Sandbox,
	client: Client,
): Imbalance[] {
	const done = countPerformed(sandbox);
	const problems = [...fromRequests(sandbox, client)];
	for (const [userId, times] of done) {
		if (times > 1) problems.push({ what: 'performed twice', who: userId });
	}
	// n8n keeps nothing of the node that was running when the user pressed Stop.
	if (result.status === 'canceled') return problems;

	const reports = readReports(scenario, result);
	if (reports.sums) return [...problems, ...checkSums(scenario, reports.sums, done)];
	for (const person of scenario.people) {
		const { userId } = person;
		const own = reports.byPerson.get(userId) ?? [];
		if (own.length === 0) problems.push({ what: 'without a report', who: userId });
		if (own.length > 1) problems.push({ what: 'with two reports', who: userId });
		const problem = own[0] && compare(own[0], done.has(userId));
		if (problem) problems.push({ what: problem, who: userId });
	}
	return problems;
}

function compare(report: Report, isDone: boolean): Imbalance['what'] | undefined {
	if (report === 'unknown') return undefined;
	if (report === 'performed')
		return isDone ? undefined : 'reported as performed, but not performed';
	return isDone ? 'performed, but reported as not performed' : undefined;
}

function countPerformed({ performed: actions }: Sandbox): Map<string, number> {
	const counts = new Map<string, number>();
	for (const { userId } of actions) counts.set(userId, (counts.get(userId) ?? 0) + 1);
	return counts;
}

/** What can be seen from the requests alone. */
function* fromRequests(sandbox: Sandbox, client: Client): Generator<Imbalance> {
	const keys = new Map<string, string>();
	for (const { userId = '', idempotencyKey = '', rawBody } of sandbox.requests) {
		const action = `${userId} ${rawBody}`;
		const key = keys.get(action) ?? idempotencyKey;
		if (key !== idempotencyKey) yield { what: 'another key for the same action', who: userId };
		keys.set(action, key);
	}
	for (const who of client.sentAfterSuccess) yield { what: 'sent again after success', who };
	for (const who of client.crowded) {
		yield { what: 'more than one request of an account at once', who };
	}
}

function readReports({ people, onError }: Scenario, result: RunResult): Reports {
	const byPerson = new Map<string, Report[]>();
	if (result.error) return { byPerson, sums: readSums(people, result) };
	const items = [
		...performed(result),
		...(onError === 'continueErrorOutput' ? failed(result) : []),
	];
	for (const item of items) {
		const { userId } = people[indexOf(item)];
		byPerson.set(userId, [...(byPerson.get(userId) ?? []), reportOf(item)]);
	}
	return { byPerson };
}

function indexOf({ pairedItem }: INodeExecutionData): number {
	const { item } = pairedItem as { item: number };
	return item;
}

function reportOf({ json }: INodeExecutionData): Report {
	const { outcome } = (json.details ?? {}) as { outcome?: Report };
	return outcome ?? (json.success === true ? 'performed' : 'unknown');
}

/** The sums in the error of a run that was stopped by an item. */
function readSums(people: Person[], { error }: RunResult): Record<Report, number> {
	const sums = { performed: 0, refused: 0, not_sent: 0, unknown: 0 };
	const { outcome } = (error?.context?.data ?? {}) as { outcome?: Report };
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
	{ people, onError }: Scenario,
	sums: Record<Report, number>,
	done: Map<string, number>,
): Imbalance[] {
	const all = sums.performed + sums.refused + sums.not_sent + sums.unknown;
	const isRoom = sums.performed <= done.size && done.size <= sums.performed + sums.unknown;
	if (onError === 'stopWorkflow' && all === people.length && isRoom) return [];
	const who = `${JSON.stringify(sums)} of ${people.length}; performed: ${done.size}`;
	return [{ what: 'the sums of the error are wrong', who }];
}
