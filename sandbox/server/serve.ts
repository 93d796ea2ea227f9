import type { OperationId } from '../contract/contract';
import type { Answer } from '../contract/answer';
import { errorAnswer } from './errorAnswer';
import { jsonAnswer, react, type Reaction } from '../faults/reaction';
import { performs } from '../faults/fault';
import { operations, type Call } from '../state/operations';
import { now } from '../state/traffic';
import type { Waits } from './waits';
import type { Arrival } from '../state/world';

/** How long requests take. */
export interface Pace {
	waits: Waits;
	/** Milliseconds before each request is worked on. */
	latencyMs: number;
}

/** Works on a request that the contract lets through, and lets the fault meant for it happen. */
export async function serve(
	operation: OperationId,
	call: Call,
	{ world, exchange }: Arrival,
	{ waits, latencyMs }: Pace,
): Promise<Reaction> {
	const { record } = exchange;
	const fault = world.faults.take(record);
	record.fault = fault?.kind;
	const wait = () => waits.for(latencyMs + (fault?.kind === 'latency' ? fault.ms : 0));

	if (fault && !performs(fault)) {
		await wait();
		return react(fault, undefined, record.requestId, now());
	}
	const answer = await perform().catch((error) => errorAnswer(error, record.requestId));
	return fault ? react(fault, answer, record.requestId, now()) : jsonAnswer(answer);

	async function perform(): Promise<Answer> {
		const { idempotencyKey: key } = call;
		if (!key || record.method !== 'POST' || !world.settings.honourIdempotencyKey) return work();
		const keyed = await world.keys.once(key, `${record.path}\n${record.rawBody}`, work);
		record.replayed = keyed.replayed;
		return keyed.answer;
	}

	async function work(): Promise<Answer> {
		await wait();
		return operations[operation](world, call);
	}
}
