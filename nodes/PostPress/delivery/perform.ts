import type { IDataObject, IExecutePaginationFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { nameOf } from '../errors/catalogue';
import { clientFailure, type Failure, type Result } from '../errors/failure';
import { isTool } from '../errors/report';
import type { Filled } from '../fields/fillIn';
import type { Options } from '../fields/options';
import { ask, type Send } from '../transport/ask';
import type { Credential } from '../transport/credential';
import type { Action } from './action';
import { idempotencyKey } from './idempotencyKey';
import { performed } from './item';
import { close, inLane, pauseBetweenPeople, rest, waitIn } from './lane';
import { idOfProfile, lookUpOnce } from './lookUp';
import { OUTAGE, type Pass } from './pass';
import { notSent, withRetries } from './retry';
import type { Run } from './run';

/** How long a tool waits in all, in milliseconds: its clients give up after a minute, and ask again. */
const PATIENCE_OF_TOOLS = 20_000;

/** One item on its way. */
export interface Item {
	context: IExecutePaginationFunctions;
	index: number;
	/** Method, path of the API below the Base URL, and what n8n had set: timeout, proxy, headers and the like. */
	http: IHttpRequestOptions;
	filled: Filled;
	run: Run;
	pass: Pass;
}

/** An item that has what it takes to be sent. */
interface ReadyItem extends Item {
	options: Options;
	accountId: string;
	credential: Credential;
	/** Name of the account's lane. */
	lane: string;
	/** No try waits for longer than until then, in milliseconds since 1970. */
	until: number;
	send: Send;
}

/**
 * Performs the action of one item: in its account's lane, with retries, never twice.
 * What became of it is settled in the lane, so that the next in it knows.
 *
 * @returns the output, or what went wrong
 */
export async function perform(item: Item): Promise<Result<IDataObject>> {
	const { context, index, filled, run, pass } = item;
	// What an earlier pass has performed stays so, and what it has left in doubt is asked for word by word,
	// even if the parameters will not do by now.
	let action = run.ledger.earlierAction(index);
	const settle = (result: Result<IDataObject>, origin?: string) => {
		const settled = inLightOf(action, result);
		pass.settle(index, settled, origin);
		return settled;
	};

	if (action?.output) return settle({ answer: action.output });
	const { failure } = filled;
	const options = filled.options as Options;
	if (failure && !(action?.inDoubt && options)) return settle({ failure });
	if (pass.stopsOnError) await pass.everyItemRead.reached;

	const { account_id } = (action?.inDoubt ? action.request : filled).body;
	const accountId = String(account_id);
	const credential = await run.credential(context, accountId);
	if ('failure' in credential) return settle(credential);

	const { origin } = credential.base;
	const lane = `${origin} ${accountId}`;
	const patience = isTool(context.getNode()) ? PATIENCE_OF_TOOLS : undefined;
	const until = Date.now() + (patience ?? Infinity);
	const { pause } = options;
	const send: Send = async (request, isExpected) => {
		const result = await ask(context, request, isExpected, credential);
		rest(lane, pauseBetweenPeople(pause, Math.random()));
		if ('failure' in result) close(lane, result.failure.retryAfter ?? 0);
		return result;
	};
	const ready = { ...item, options, accountId, credential, lane, until, send };

	const turn = await inLane(lane, { party: run, leave: pass.ended, patience }, async (closed) => {
		// Before 2.39, n8n begins a pass while an earlier one still has people on their way.
		action = run.ledger.earlierAction(index);
		if (action?.output) return settle({ answer: action.output });
		const why = whyNot(ready, closed);
		if (why) return settle({ failure: why });
		const asked = action?.inDoubt ? { answer: action } : await actionOf(ready);
		if ('answer' in asked) action = asked.answer;
		const result = 'answer' in asked ? await performAction(ready, asked.answer) : asked;
		if ('failure' in result && result.failure.stopsAccount) run.stop(lane, result.failure);
		return settle(result, origin);
	});
	if (turn) return turn;
	return settle({ failure: pass.ended.isReached ? notSent(pass) : busy(waitIn(lane, pause)) });
}

/** Sends the request of an action until it is known what became of it. */
async function performAction(item: ReadyItem, action: Action): Promise<Result<IDataObject>> {
	const { index, options, pass, run, until } = item;
	const result = await withRetries(() => sendOnce(item, action), options, pass, until);
	if ('failure' in result) return result;
	const output = performed(action, result.answer);
	run.ledger.remember(index, action, output);
	return { answer: output };
}

/** The action of an item whose parameters will do; who is known by a public profile only is looked up. */
async function actionOf(item: ReadyItem): Promise<Result<Action>> {
	const { accountId, context, credential, filled, http, index, lane } = item;
	const { options, pass, run, send, until } = item;
	const failure = filled.failureAtTurn(Date.now());
	if (failure) return { failure };
	const { person } = filled;
	const id =
		typeof person === 'object'
			? await idOfProfile(context, lane, person, async () => {
					const lookUp = async () => await lookUpOnce(http, accountId, person, credential, send);
					return await withRetries(lookUp, options, pass, until);
				})
			: { answer: String(person) };
	if ('failure' in id) return id;
	const path = http.url.replace('{user_id}', () => encodeURIComponent(id.answer));
	const request = { method: http.method, path, body: filled.body };
	const asked = { request, userId: id.answer, deed: filled.deed };
	return { answer: run.ledger.actionFor(index, asked) };
}

/** Sends the request of an action once, and notes what that says about it. */
async function sendOnce(item: ReadyItem, action: Action): Promise<Result<IDataObject>> {
	const { context, credential, http, options, pass, run, send } = item;
	const { method, path, body } = action.request;
	const url = credential.base.join(path);
	if (!action.inDoubt) {
		// A retry, and the look-up before, take their time.
		const late = item.filled.failureAtTurn(Date.now());
		if (late) {
			return { failure: { ...(action.failure ?? late), retry: 'no', attempts: action.attempts } };
		}
		const { firstExecution } = run.ledger;
		action.idempotencyKey = idempotencyKey(
			context,
			action,
			options.idempotencyKey,
			firstExecution,
			pass.runIndex,
		);
	}
	const headers = { ...http.headers, 'Idempotency-Key': action.idempotencyKey };
	action.attempts++;
	const result = await send({ ...http, method, url, body, headers }, isDone);
	if ('answer' in result) return result;

	const isRepeated = nameOf(result.failure.type) === 'action_already_performed';
	if (isRepeated && options.alreadyPerformedIsSuccess) return { answer: alreadyPerformed };
	const failure = action.inDoubt ? whileInDoubt(result.failure, isRepeated) : result.failure;
	action.failure = failure;
	if (failure.outcome === 'unknown') action.inDoubt = true;
	else if (failure.outcome === 'refused' && !action.inDoubt) action.refusals++;
	return { failure };
}

const isDone = (body: IDataObject) => body.success === true;

/** What an answer means while that to an earlier try is lost. */
function whileInDoubt(failure: Failure, isRepeated: boolean): Failure {
	if (isRepeated) {
		return {
			...failure,
			outcome: 'unknown',
			remedy:
				'It was done by the try whose answer was lost, or before, perhaps with another stage or without a message.',
		};
	}
	// The earlier try may still be under way.
	return failure.status === 409 ? { ...failure, outcome: 'unknown', retry: 'yes' } : failure;
}

/** The answer to an action that had been performed before, in the form of a success. */
const alreadyPerformed: IDataObject = {
	object: 'LinkedinPerformActionOnUser',
	success: true,
	already_performed: true,
};

/**
 * What is reported of an item in this pass, in the light of earlier ones. Who is not sent again is still what an
 * earlier pass found out, and a refusal does not settle what became of an earlier try whose answer was lost.
 */
function inLightOf<Answer>(action: Action | undefined, result: Result<Answer>): Result<Answer> {
	if ('answer' in result || !action) return result;
	const { outcome, type } = result.failure;
	const isSkipped = outcome === 'not_sent' && type !== 'client/validation';
	const last = (isSkipped && action.failure) || result.failure;
	const { attempts, deed, inDoubt } = action;
	const failure = { ...last, attempts: attempts || last.attempts, ...(inDoubt && { deed }) };
	if (!inDoubt || failure.outcome === 'unknown') return { failure };
	const remedy = `The answer to an earlier try was lost. ${failure.remedy}`;
	return { failure: { ...failure, outcome: 'unknown', remedy } };
}

/**
 * Why an item is not sent although it is its turn.
 * @param closed for how long its lane is, in milliseconds; 0: it is open
 */
function whyNot(
	{ accountId, credential, lane, pass, run }: ReadyItem,
	closed: number,
): Failure | undefined {
	if (pass.ended.isReached) return notSent(pass);
	const stopped = run.whyStopped(lane);
	if (stopped) {
		return clientFailure('client/account_stopped', 'not_sent', {
			title: `Not sent: the account ${accountId} was stopped before the turn of this item. ${stopped.title}`,
			detail: stopped.detail,
			remedy: stopped.remedy,
		});
	}
	if (closed > 0) {
		return clientFailure('client/account_stopped', 'not_sent', {
			title: `Not sent: PostPress asks to wait ${Math.ceil(closed / 60_000)} minutes with the account ${accountId}`,
			retryAfter: closed,
			remedy: 'Run this item again after that, and plan fewer people a day.',
		});
	}
	if (!pass.isOutage(credential.base.origin)) return undefined;
	return clientFailure('client/not_sent', 'not_sent', {
		title: `Not sent: PostPress did not answer, or failed, for ${OUTAGE} people in a row`,
		remedy: 'Run this item again when PostPress answers.',
	});
}

/** @param wait in milliseconds */
function busy(wait: number): Failure {
	const seconds = Math.max(1, Math.ceil(wait / 1000));
	return clientFailure('client/not_sent', 'not_sent', {
		title: `Not sent: this account is busy, try again in ${seconds} seconds`,
		retryAfter: wait,
		remedy: 'Nothing was done. Call again then, not earlier.',
	});
}
