import type { OperationId } from '../contract/contract';
import type { Answer } from '../contract/answer';
import { errorAnswer } from './errorAnswer';
import { jsonAnswer, react, type Reaction } from '../faults/reaction';
import { performs, type Fault } from '../faults/fault';
import { operations, type Call } from '../state/operations';
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
	const { idempotencyKeys, now } = world.settings;
	const key = record.method === 'POST' ? call.idempotencyKey : undefined;
	const stored = key === undefined ? undefined : world.keys.errors.get(key);
	if (stored) {
		record.replayed = true;
		return stored;
	}
	const fault = world.outage ?? world.faults.take(record);
	record.fault = fault?.kind;
	const wait = () => waits.for(latencyMs + (fault?.kind === 'latency' ? fault.ms : 0));

	const reaction = await work();
	const isError = typeof reaction === 'object' && reaction.status >= 400;
	if (idempotencyKeys === 'storeErrors' && key && isError && isOfTheApi(fault)) {
		world.keys.errors.set(key, reaction);
	}
	return reaction;

	async function work(): Promise<Reaction> {
		if (fault && !performs(fault)) {
			await wait();
			return react(fault, undefined, record.requestId, now());
		}
		const answer = await perform().catch((error) => errorAnswer(error, record.requestId));
		return fault ? react(fault, answer, record.requestId, now()) : jsonAnswer(answer);
	}

	async function perform(): Promise<Answer> {
		if (!key || idempotencyKeys === 'ignore') return act();
		const keyed = await world.keys.once(key, `${record.path}\n${record.rawBody}`, act);
		record.replayed = keyed.replayed;
		return keyed.answer;
	}

	async function act(): Promise<Answer> {
		await wait();
		return operations[operation](world, call);
	}
}

/** Whether the API itself answers where this fault happens, and not a gateway before it. */
function isOfTheApi(fault: Fault | undefined): boolean {
	return fault === undefined || ['apiError', 'latency', 'rateLimit'].includes(fault.kind);
}
