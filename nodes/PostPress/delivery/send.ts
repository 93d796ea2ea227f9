import {
	sleep,
	type DeclarativeRestApiSettings,
	type IDataObject,
	type IExecutePaginationFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';

import { nameOf } from '../errors/answer';
import { lookFirst } from '../errors/catalogue';
import { ActionFailed, clientFailure, type Failure } from '../errors/failure';
import { networkFailure } from '../errors/network';
import type { DeliveryOptions } from '../fields/options';
import { addressOf } from './address';
import type { FilledRequest } from './fillIn';
import { inLane } from './lane';
import type { Pass } from './pass';
import { pauseBetweenRequests, waitBeforeRetry } from './retryPolicy';
import type { ActionMemory, Credential, Run } from './run';

type RequestData = DeclarativeRestApiSettings.ResultOptions;

/** What became of one item: its output, or why there is none and how many requests it took to know. */
export type Fate =
	| { items: INodeExecutionData[]; performed: boolean }
	| { failure: Failure; attempts: number };

/** PostPress's answer to an action that was performed, or what went wrong. */
type Result = { answer: IDataObject } | { failure: Failure };

/**
 * Performs the action of one item: in its account's lane, with retries, never twice.
 * What goes wrong with the action is a failure in the fate, not an exception.
 */
export async function send(
	context: IExecutePaginationFunctions,
	requestData: RequestData,
	request: FilledRequest,
	run: Run,
	pass: Pass,
): Promise<Fate> {
	const { pathValues, delivery, ...options } = request;
	const { method, body } = options;
	const itemIndex = context.getItemIndex();
	const outputOf = (json: IDataObject): INodeExecutionData[] => [
		{ json, pairedItem: { item: itemIndex } },
	];

	const { apiKey, baseUrl } = await run.credential(
		async () => await context.getCredentials<Credential>('postPressApi'),
	);
	const address = addressOf(baseUrl, options.url);
	if ('failure' in address) return { failure: address.failure, attempts: 0 };
	const { url } = address;
	if (delivery.previewOnly) {
		return { items: outputOf({ preview: true, method, url, body }), performed: false };
	}

	const memory = run.memoryOf(context, { method, url, body });
	if (memory.performed) return { items: outputOf(memory.performed), performed: true };

	const sendOnce = async (): Promise<Result> => {
		memory.attempts++;
		const headers = { ...options.headers, 'Idempotency-Key': memory.idempotencyKey };
		try {
			const [{ json }] = await context.makeRoutingRequest({
				...requestData,
				options: { ...options, url, headers },
			});
			return { answer: json };
		} catch (error) {
			const failure = error instanceof ActionFailed ? error.failure : networkFailure(error);
			return { failure: withoutSecret(failure, apiKey) };
		}
	};
	const lane = `${baseUrl} ${String(body.account_id)}`;
	const result = await inTurn(lane, sendOnce, memory, delivery, pass);
	if ('failure' in result) return { failure: result.failure, attempts: memory.attempts };

	const performed = { ...result.answer, api: body.api, action: body.action, ...pathValues };
	run.remember(memory, performed);
	return { items: outputOf(performed), performed: true };
}

/** Waits for the turn in the lane. Who is stopped while still waiting leaves at once. */
async function inTurn(
	lane: string,
	sendOnce: () => Promise<Result>,
	memory: ActionMemory,
	delivery: DeliveryOptions,
	pass: Pass,
): Promise<Result> {
	const attemptsBefore = memory.attempts;
	let hasTurn = false;
	const turn = inLane(
		lane,
		async () => {
			hasTurn = true;
			return await sendUntilSettled(sendOnce, memory, delivery, pass);
		},
		() =>
			memory.attempts > attemptsBefore ? pauseBetweenRequests(delivery.pause, Math.random()) : 0,
	);
	await Promise.race([turn, pass.halted]);
	return hasTurn ? await turn : { failure: settled(notSent(pass), memory) };
}

async function sendUntilSettled(
	sendOnce: () => Promise<Result>,
	memory: ActionMemory,
	delivery: DeliveryOptions,
	pass: Pass,
): Promise<Result> {
	let failure = notSent(pass);
	for (let tries = 1; !pass.isHalted; tries++) {
		const result = await sendOnce();
		if ('answer' in result) return result;
		({ failure } = result);
		if (nameOf(failure.type) === 'action_already_performed') {
			// After a lost answer this is the lost answer: the action was performed by an earlier try.
			if (memory.inDoubt || delivery.alreadyPerformedIsSuccess) return { answer: alreadyPerformed };
		}
		memory.inDoubt ||= failure.outcome === 'unknown';
		const wait = waitBeforeRetry(failure, tries, delivery, Math.random());
		if (wait === undefined) break;
		await Promise.race([sleep(wait), pass.halted]);
	}
	return { failure: settled(failure, memory) };
}

/** The output of an action that PostPress answered with "already performed", in the form of its success. */
const alreadyPerformed: IDataObject = {
	object: 'LinkedinPerformActionOnUser',
	success: true,
	already_performed: true,
};

/** The last failure of an item; a refusal does not settle what became of an earlier try whose answer was lost. */
function settled(failure: Failure, { inDoubt }: ActionMemory): Failure {
	if (!inDoubt || failure.outcome === 'unknown') return failure;
	return {
		...failure,
		outcome: 'unknown',
		remedy: `The answer to an earlier try was lost. ${lookFirst} ${failure.remedy}`,
	};
}

function notSent({ isCanceled }: Pass): Failure {
	return clientFailure('client/not_sent', 'not_sent', {
		title: isCanceled
			? 'Not sent: the execution was stopped before the turn of this item'
			: 'Not sent: another item failed before the turn of this one',
		remedy: 'Run this item again when you are ready.',
	});
}

/** An answer may repeat what it was sent. */
function withoutSecret(failure: Failure, apiKey: string): Failure {
	const secret = apiKey.trim();
	const clean = <T extends string | null>(text: T) =>
		(secret && text ? text.replaceAll(secret, '***') : text) as T;
	const { title, detail, instance } = failure;
	return { ...failure, title: clean(title), detail: clean(detail), instance: clean(instance) };
}
