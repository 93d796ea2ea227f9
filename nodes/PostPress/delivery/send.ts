import type {
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	INodeExecutionData,
} from 'n8n-workflow';

import { nameOf, lookFirst } from '../errors/catalogue';
import { clientFailure, type Failure, type Result } from '../errors/failure';
import { ask } from '../transport/ask';
import type { Credential } from '../transport/credential';
import type { FilledRequest } from '../fields/fillIn';
import { inLane } from './lane';
import { isFinal, lookUpOnce, lookUpsOf, type LookUps } from './lookUp';
import type { Pass } from './pass';
import { pauseBetweenRequests, notSent, withRetries } from './retry';
import type { Action, Run } from './run';

/** What became of one item: its output, or why there is none and how many requests it took to know. */
export type Fate =
	| { items: INodeExecutionData[]; performed: boolean }
	| { failure: Failure; attempts: number };

/**
 * Performs the action of one item: in its account's lane, with retries, never twice.
 * What goes wrong with the action is a failure in the fate, not an exception.
 */
export async function send(
	context: IExecutePaginationFunctions,
	request: FilledRequest,
	run: Run,
	pass: Pass,
): Promise<Fate> {
	let credential: Awaited<ReturnType<Run['credential']>>;
	try {
		credential = await run.credential(context, String(request.body.account_id));
	} catch (error) {
		const title = `The credential could not be read: ${(error as Error).message}`;
		const remedy = 'Open the credential of this node and save it again.';
		const failure = clientFailure('client/validation', 'not_sent', { title, remedy });
		return { failure, attempts: 0 };
	}
	if ('failure' in credential) return { failure: credential.failure, attempts: 0 };
	const sending = new Sending(context, request, run, pass, credential);
	return request.options.previewOnly ? sending.preview() : await sending.perform();
}

/** The output of an item that was performed. */
export function outputOf(context: IExecutePaginationFunctions, json: IDataObject): Fate {
	return { items: [{ json, pairedItem: { item: context.getItemIndex() } }], performed: true };
}

/**
 * What is reported of an item that failed in this pass, in the light of earlier ones.
 * @param requests how many were sent for it in this pass
 */
export function reported(failure: Failure, requests: number, action?: Action): Fate {
	// Who is not sent again is still what an earlier pass of Retry On Fail found out.
	const last = requests === 0 && action?.failure ? action.failure : failure;
	const attempts = action?.attempts || requests;
	if (!action?.inDoubt || last.outcome === 'unknown') return { failure: last, attempts };
	// A refusal does not settle what became of an earlier try whose answer was lost.
	const remedy = `The answer to an earlier try was lost. ${lookFirst} ${last.remedy}`;
	return { failure: { ...last, outcome: 'unknown', remedy }, attempts };
}

/** The sending of one item in one pass. */
class Sending {
	private readonly lane: string;

	private readonly lookUps: LookUps;

	/** Requests sent in this pass, look-ups included. */
	private requests = 0;

	constructor(
		private readonly context: IExecutePaginationFunctions,
		private readonly request: FilledRequest,
		private readonly run: Run,
		private readonly pass: Pass,
		private readonly credential: Credential,
	) {
		this.lookUps = lookUpsOf(context);
		this.lane = `${credential.base.address} ${String(request.body.account_id)}`;
	}

	/** The request as it would be sent; the id of a public profile stays a name in braces. */
	preview(): Fate {
		const { method, body, ids } = this.request;
		const url = this.credential.base.join(this.path(ids));
		return { ...outputOf(this.context, { preview: true, method, url, body }), performed: false };
	}

	async perform(): Promise<Fate> {
		const known = this.action();
		let hasTurn = false;
		const turn = inLane(
			this.lane,
			async () => {
				hasTurn = true;
				const atTurn = await this.atTurn();
				// Before the lane goes to the next item, which has to see it.
				if ('failure' in atTurn.result) this.pass.fail(this.context.getItemIndex());
				return atTurn;
			},
			() => (this.requests > 0 ? this.pause() : 0),
		);
		// Who is stopped while still waiting leaves at once: others may hold the lane for long.
		await Promise.race([turn, this.pass.halted]);
		if (!hasTurn) return reported(notSent(this.pass), 0, known);

		const { action = known, result } = await turn;
		if ('failure' in result) return reported(result.failure, this.requests, action);
		const { api, action: name } = this.request.body;
		const output = { ...result.answer, api, action: name, ...action?.ids };
		if (action) this.run.remember(action, output);
		return outputOf(this.context, output);
	}

	private async atTurn(): Promise<{ action?: Action; result: Result<IDataObject> }> {
		const failure = await this.lookUp();
		const action = failure ? undefined : this.action();
		if (!action) return { result: { failure: failure ?? notSent(this.pass) } };
		const { options } = this.request;
		const result = await withRetries(async () => await this.sendOnce(action), options, this.pass);
		return { action, result };
	}

	/** The action, if all ids in its path are known by now. */
	private action(): Action | undefined {
		const ids: Record<string, string> = {};
		for (const [name, id] of Object.entries(this.request.ids)) {
			const found = typeof id === 'string' ? { answer: id } : this.lookUps.get(this.key(id));
			if (!found || 'failure' in found) return undefined;
			ids[name] = found.answer;
		}
		const { method, body } = this.request;
		const url = this.credential.base.join(this.path(ids));
		return this.run.actionFor(this.context, this.pass, { method, url, body }, ids);
	}

	/** Looks up who is known by a public profile only and was not looked up in this execution. */
	private async lookUp(): Promise<Failure | undefined> {
		const { http, ids, options, body } = this.request;
		for (const profile of Object.values(ids)) {
			if (typeof profile === 'string') continue;
			const key = this.key(profile);
			const url = this.credential.base.join(`/users/${encodeURIComponent(profile.slug)}`);
			const accountId = String(body.account_id);
			const known = this.lookUps.get(key);
			const result =
				known ??
				(await withRetries(
					async () => {
						this.requests++;
						return await lookUpOnce(
							this.context,
							{ ...http, url },
							accountId,
							profile,
							this.credential,
						);
					},
					options,
					this.pass,
				));
			if (isFinal(result)) this.lookUps.set(key, result);
			if ('failure' in result) return result.failure;
			if (!known) await this.pass.wait(this.pause());
		}
		return undefined;
	}

	/** Sends the request of the action once. */
	private async sendOnce(action: Action): Promise<Result<IDataObject>> {
		const { http, options } = this.request;
		const headers = { ...http.headers, 'Idempotency-Key': action.idempotencyKey };
		const request = { ...http, ...action.request, headers } as IHttpRequestOptions;
		this.requests++;
		action.attempts++;
		const result = await ask(this.context, request, isPerformed, this.credential);
		if ('answer' in result) return result;
		const { failure } = result;

		// After a lost answer this is the lost answer: an earlier try has performed the action.
		const isDone = action.inDoubt || options.alreadyPerformedIsSuccess;
		if (isDone && nameOf(failure.type) === 'action_already_performed') {
			return { answer: alreadyPerformed };
		}
		action.inDoubt ||= failure.outcome === 'unknown';
		action.failure = failure;
		return result;
	}

	private key({ slug, product }: { slug: string; product: { api: string } }): string {
		return `${this.lane} ${product.api} ${slug}`;
	}

	private path(ids: FilledRequest['ids']): string {
		return Object.entries(ids).reduce(
			(path, [name, id]) =>
				typeof id === 'string' ? path.replace(`{${name}}`, () => encodeURIComponent(id)) : path,
			this.request.url,
		);
	}

	private pause(): number {
		return pauseBetweenRequests(this.request.options.pause, Math.random());
	}
}

const isPerformed = (body: IDataObject) => body.success === true;

/** The output of an action that PostPress answered with "already performed", in the form of its success. */
const alreadyPerformed: IDataObject = {
	object: 'LinkedinPerformActionOnUser',
	success: true,
	already_performed: true,
};
