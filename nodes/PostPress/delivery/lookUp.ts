import type { IDataObject, IExecutePaginationFunctions, IHttpRequestOptions } from 'n8n-workflow';

import { lookFirst } from '../errors/catalogue';
import type { Failure, Result } from '../errors/failure';
import { shown } from '../fields/values/value';
import { idOf, type PublicProfile } from '../fields/values/person';
import { ask } from '../transport/ask';
import type { Credential } from '../transport/credential';

/** Name of a look-up → what it found. */
export type LookUps = Map<string, Result<string>>;

/**
 * What the look-ups of an execution have found, by execution: n8n hands the same "flow" object to all
 * nodes of one. A look-up is a profile read, and LinkedIn allows an account about a hundred a day.
 */
const found = new WeakMap<object, LookUps>();

/** The look-ups of the execution that `context` belongs to. */
export function lookUpsOf(context: IExecutePaginationFunctions): LookUps {
	const execution = context.getContext('flow');
	const known = found.get(execution) ?? new Map();
	found.set(execution, known);
	return known;
}

/** Whether asking again in the same execution would bring the same. */
export function isFinal(result: Result<string>): boolean {
	return (
		'answer' in result ||
		result.failure.status === 404 ||
		result.failure.type === 'client/validation'
	);
}

/**
 * Asks PostPress for the ID of the person behind a public profile.
 *
 * @param options address of the profile in the API, timeout, proxy and the like
 * @returns the ID in the product of the action
 */
export async function lookUpOnce(
	context: IExecutePaginationFunctions,
	options: IHttpRequestOptions,
	accountId: string,
	profile: PublicProfile,
	credential: Credential,
): Promise<Result<string>> {
	const qs = { account_id: accountId, linkedin_api: profile.product.api };
	const isProfile = (body: IDataObject) => typeof body.provider_id === 'string';
	const request: IHttpRequestOptions = { ...options, method: 'GET', qs, body: undefined };
	const result = await ask(context, request, isProfile, credential);
	if ('failure' in result) return { failure: ofLookUp(result.failure, profile) };
	return idOf(profile, String(result.answer.provider_id));
}

/** A look-up does nothing to the person, so nothing is ever in doubt. */
function ofLookUp(failure: Failure, { slug, product }: PublicProfile): Failure {
	const { outcome, parameter, status, title } = failure;
	const isAboutProfile = !parameter && [400, 403, 404, 422].includes(Number(status));
	return {
		...failure,
		outcome: outcome === 'unknown' ? 'not_sent' : outcome,
		title: `The public profile ${shown(slug)} could not be looked up: ${title}`,
		parameter: isAboutProfile ? 'User' : parameter,
		remedy: isAboutProfile
			? `Check the address; the profile may be private, or renamed. The address of the person in ${product.name} works as well, like ${product.example}`
			: failure.remedy.replace(lookFirst, 'Nothing was done to this person.'),
	};
}
