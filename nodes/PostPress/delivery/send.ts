import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	INodeExecutionData,
} from 'n8n-workflow';

import { nameOf } from '../errors/answer';
import { lookFirst } from '../errors/catalogue';
import { ActionFailed, type Failure } from '../errors/failure';
import { networkFailure } from '../errors/network';
import { hide } from '../errors/text';
import { parseBaseUrl, type BaseUrl } from './address';
import type { FilledRequest } from './fillIn';
import { inLane } from './lane';
import { isFinal, lookUpOnce, lookUpsOf, type LookUps } from './lookUp';
import type { Pass } from './pass';
import { pauseBetweenRequests } from './retryPolicy';
import type { ActionMemory, Credential, Run } from './run';
import { notSent, withRetries, type Result } from './withRetries';

type RequestData = DeclarativeRestApiSettings.ResultOptions;

/** What became of one item: its output, or why there is none and how many requests it took to know. */
export type Fate =
	| { items: INodeExecutionData[]; performed: boolean }
	| { failure: Failure; attempts: number };

/** The action of an item, once the ids in its path are known. */
interface Action {
	url: string;
	ids: IDataObject;
	memory: ActionMemory;
}

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
	let credential: Credential;
	try {
		credential = await run.credential(
			async () => await context.getCredentials<Credential>('postPressApi'),
		);
	} catch (error) {
		return { failure: networkFailure(error), attempts: 0 };
	}
	const base = parseBaseUrl(credential.baseUrl);
	if ('failure' in base) return { failure: base.failure, attempts: 0 };
	const item = new Item(context, requestData, request, run, pass, base, credential.apiKey);
	return request.delivery.previewOnly ? item.preview() : await item.perform();
}

class Item {
	private readonly lane: string;

	private readonly lookUps: LookUps;

	/** Requests sent in this pass. */
	private requests = 0;

	constructor(
		private readonly context: IExecutePaginationFunctions,
		private readonly requestData: RequestData,
		private readonly request: FilledRequest,
		private readonly run: Run,
		private readonly pass: Pass,
		private readonly base: BaseUrl,
		private readonly apiKey: string,
	) {
		this.lookUps = lookUpsOf(context);
		this.lane = `${base.name} ${String(request.body.account_id)}`;
	}

	/** The request as it would be sent; the id of a public profile stays a name in braces. */
	preview(): Fate {
		const { method, body, ids } = this.request;
		const url = this.base.join(this.path(ids));
		return { items: this.output({ preview: true, method, url, body }), performed: false };
	}

	async perform(): Promise<Fate> {
		const { body } = this.request;
		let action = this.action();
		if (action?.memory.performed) return this.performed(action.memory.performed);

		let hasTurn = false;
		const turn = inLane(
			this.lane,
			async (): Promise<Result<IDataObject>> => {
				hasTurn = true;
				const failure = await this.lookUp();
				if (!failure) action = this.action() as Action;
				const result = failure ? { failure } : await this.send(action as Action);
				// Before the lane goes to the next item, which has to see it.
				if ('failure' in result) this.pass.fail(this.context.getItemIndex());
				return result;
			},
			() => (this.requests > 0 ? this.pause() : 0),
		);
		// Who is stopped while still waiting leaves at once: others may hold the lane for long.
		await Promise.race([turn, this.pass.halted]);
		const result = hasTurn ? await turn : { failure: notSent(this.pass) };

		if ('failure' in result) {
			const { inDoubt, attempts = this.requests, failure: earlier } = { ...action?.memory };
			// Who is not sent again is still what an earlier pass of Retry On Fail found out.
			const failure = (this.requests === 0 && earlier) || result.failure;
			return { failure: inDoubt ? doubtful(failure) : failure, attempts };
		}
		const { ids, memory } = action as Action;
		const output = { ...result.answer, api: body.api, action: body.action, ...ids };
		this.run.remember(memory, output);
		return this.performed(output);
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
		const url = this.base.join(this.path(ids));
		return { url, ids, memory: this.run.memoryOf(this.context, this.pass, { method, url, body }) };
	}

	/** Looks up who is known by a public profile only and was not looked up in this execution. */
	private async lookUp(): Promise<Failure | undefined> {
		const { ids, delivery, body, ...options } = this.request;
		for (const profile of Object.values(ids)) {
			if (typeof profile === 'string') continue;
			const key = this.key(profile);
			const url = this.base.join(`/users/${encodeURIComponent(profile.slug)}`);
			const accountId = String(body.account_id);
			const known = this.lookUps.get(key);
			const result =
				known ??
				(await withRetries(
					async () => {
						this.requests++;
						return await lookUpOnce(this.context, options, url, accountId, profile);
					},
					delivery,
					this.pass,
				));
			if (isFinal(result)) this.lookUps.set(key, result);
			if ('failure' in result) return withoutSecret(result.failure, this.apiKey);
			if (!known) await this.pass.wait(this.pause());
		}
		return undefined;
	}

	private async send(action: Action): Promise<Result<IDataObject>> {
		const { delivery } = this.request;
		return await withRetries(async () => await this.sendOnce(action), delivery, this.pass);
	}

	/** Sends the request of the action once. */
	private async sendOnce({ url, memory }: Action): Promise<Result<IDataObject>> {
		const { delivery } = this.request;
		const headers = { ...this.request.headers, 'Idempotency-Key': memory.idempotencyKey };
		this.requests++;
		memory.attempts++;
		try {
			const [{ json }] = await this.context.makeRoutingRequest({
				...this.requestData,
				options: { ...this.request, url, headers },
			});
			return { answer: withoutSecret(json, this.apiKey) };
		} catch (error) {
			const failure = error instanceof ActionFailed ? error.failure : networkFailure(error);
			// After a lost answer this is the lost answer: an earlier try has performed the action.
			const isDone = memory.inDoubt || delivery.alreadyPerformedIsSuccess;
			if (isDone && nameOf(failure.type) === 'action_already_performed') {
				return { answer: alreadyPerformed };
			}
			memory.inDoubt ||= failure.outcome === 'unknown';
			memory.failure = withoutSecret(failure, this.apiKey);
			return { failure: memory.failure };
		}
	}

	private performed(output: IDataObject): Fate {
		return { items: this.output(output), performed: true };
	}

	private output(json: IDataObject): INodeExecutionData[] {
		return [{ json, pairedItem: { item: this.context.getItemIndex() } }];
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
		return pauseBetweenRequests(this.request.delivery.pause, Math.random());
	}
}

/** The output of an action that PostPress answered with "already performed", in the form of its success. */
const alreadyPerformed: IDataObject = {
	object: 'LinkedinPerformActionOnUser',
	success: true,
	already_performed: true,
};

/** A refusal does not settle what became of an earlier try whose answer was lost. */
function doubtful(failure: Failure): Failure {
	if (failure.outcome === 'unknown') return failure;
	return {
		...failure,
		outcome: 'unknown',
		remedy: `The answer to an earlier try was lost. ${lookFirst} ${failure.remedy}`,
	};
}

/** An answer may repeat what it was sent. */
function withoutSecret<T extends object>(answer: T, apiKey: string): T {
	const clean = (_name: string, value: unknown) =>
		typeof value === 'string' ? hide(apiKey.trim(), value) : value;
	return JSON.parse(JSON.stringify(answer, clean)) as T;
}
