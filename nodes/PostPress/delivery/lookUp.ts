import type { IDataObject, IExecutePaginationFunctions, IHttpRequestOptions } from 'n8n-workflow';

import type { Failure, Result } from '../errors/failure';
import { idOf, type PublicProfile } from '../fields/values/person';
import { shown } from '../fields/values/value';
import type { Send } from '../transport/ask';
import type { Credential } from '../transport/credential';

/**
 * What the look-ups of an execution have found, by execution, then by account, product and name: n8n hands the
 * same "flow" object to all nodes of one. A look-up is a profile read, and LinkedIn allows an account about a
 * hundred a day.
 */
const found = new WeakMap<object, Map<string, Result<string>>>();

/**
 * The ID of the person behind a public profile; who was looked up in this execution is not looked up again.
 *
 * @param lane of the account
 * @param lookUp asks PostPress, with retries
 */
export async function idOfProfile(
	context: IExecutePaginationFunctions,
	lane: string,
	{ product, slug }: PublicProfile,
	lookUp: () => Promise<Result<string>>,
): Promise<Result<string>> {
	const execution = context.getContext('flow');
	const ofExecution = found.get(execution) ?? new Map<string, Result<string>>();
	found.set(execution, ofExecution);
	const name = `${lane} ${product.api} ${slug}`;
	const result = ofExecution.get(name) ?? (await lookUp());
	if (isFinal(result)) ofExecution.set(name, result);
	return result;
}

/** Whether asking again in the same execution would bring the same. */
function isFinal(result: Result<string>): boolean {
	if ('answer' in result) return true;
	const { status, type } = result.failure;
	return status === 404 || type === 'client/validation';
}

/**
 * Asks PostPress for the ID of the person behind a public profile.
 *
 * @param http timeout, proxy and the like
 * @param send sends one request of the account
 * @returns the ID in the product of the action
 */
export async function lookUpOnce(
	http: IHttpRequestOptions,
	accountId: string,
	profile: PublicProfile,
	{ base }: Credential,
	send: Send,
): Promise<Result<string>> {
	const url = base.join(`/users/${encodeURIComponent(profile.slug)}`);
	const qs = { account_id: accountId, linkedin_api: profile.product.api };
	const isProfile = (body: IDataObject) => typeof body.provider_id === 'string';
	const result = await send({ ...http, method: 'GET', url, qs, body: undefined }, isProfile);
	if ('failure' in result) return { failure: ofLookUp(result.failure, profile) };
	return idOf(profile, String(result.answer.provider_id));
}

/** A look-up does nothing to the person, so nothing is ever in doubt. */
function ofLookUp(failure: Failure, { slug, product }: PublicProfile): Failure {
	const { parameter, status, title, remedy } = failure;
	const outcome = failure.outcome === 'unknown' ? 'not_sent' : failure.outcome;
	// Others of the account are told of it too.
	if (failure.stopsAccount) return { ...failure, outcome };
	const isAboutProfile = !parameter && [400, 403, 404, 422].includes(Number(status));
	return {
		...failure,
		outcome,
		title: `The public profile ${shown(slug)} could not be looked up: ${title}`,
		parameter: isAboutProfile ? 'User' : parameter,
		remedy: isAboutProfile
			? `Check the address; the profile may be private, or renamed. The address of the person in ${product.name} works as well, like ${product.example}`
			: `Nothing was done to this person. ${remedy}`,
	};
}
