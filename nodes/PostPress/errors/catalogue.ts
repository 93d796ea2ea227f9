import type { Failure } from './failure';

/** What this node knows about one of PostPress's error types. */
export interface CatalogueEntry {
	/** HTTP status code that PostPress sends it with. */
	status: number;
	/** Whether the same request may be sent again. */
	retry: Failure['retry'];
	/** What the user can do: plain sentences. */
	remedy: string;
	/** Display name of the parameter that the type points at, where it does. */
	parameter?: string;
	/** Whether it says that the account cannot act, at least not in this product: the rest of the run is not sent. */
	stopsAccount?: boolean;
}

/** Types that have everything but the remedy in common. */
const group = (
	shared: Omit<CatalogueEntry, 'remedy'>,
	remedies: Record<string, string>,
): Array<[string, CatalogueEntry]> =>
	Object.entries(remedies).map(([type, remedy]) => [type, { ...shared, remedy }]);

const account = 'Account';
const reconnect = 'reconnect the account in PostPress.';
const seat =
	'Choose an account with a Recruiter seat for candidates and applicants, or with a Sales Navigator seat for leads.';
const tryLater = 'Run this item again in a few minutes.';
const tryOrReconnect = `${tryLater} If it repeats, ${reconnect}`;
const support = 'If it repeats, report it to PostPress support with the request ID.';

/**
 * Every error type that PostPress documents, by its name without `errors/`.
 * Sources: the 39 types of "Perform an action with a user profile", the 400 types of its other pages,
 * and 429, which no page lists but every tier implies.
 */
export const catalogue: Readonly<Record<string, CatalogueEntry>> = Object.fromEntries([
	...group(
		{ status: 400, retry: 'no' },
		{
			invalid_parameters: 'Correct the value that the message names.',
			missing_parameters:
				'Fill in the parameter that the message names. An expression may have come out empty for this item.',
			malformed_request: `Look for unusual characters in the values of this item. ${support}`,
			invalid_url: 'Copy the address again from the browser, or use the ID.',
			unescaped_characters: 'Remove special characters from the IDs, or copy the IDs again.',
			limit_too_high: 'Ask for fewer results at once.',
		},
	),
	...group(
		{ status: 400, retry: 'no', parameter: 'Rejection Message' },
		{
			content_too_large: 'Shorten the rejection message.',
			too_many_characters: 'Shorten the rejection message.',
		},
	),
	...group(
		{ status: 401, retry: 'no', stopsAccount: true },
		{
			missing_credentials: 'Open the PostPress credential of this node and enter the API key.',
			invalid_credentials: `Test the API key in the credential. If it is valid, the LinkedIn session has ended: ${reconnect}`,
		},
	),
	...group(
		{ status: 401, retry: 'no' },
		{
			insufficient_privileges:
				'Give the API key the scope for LinkedIn actions in the PostPress dashboard, or use another key.',
		},
	),
	...group(
		{ status: 401, retry: 'no', parameter: account, stopsAccount: true },
		{
			multiple_sessions:
				'LinkedIn allows one session at a time: reconnect the account in PostPress with the cookie method.',
			wrong_account:
				'Reconnect the account in PostPress with the LinkedIn login that belongs to it.',
			invalid_checkpoint_solution:
				"Reconnect the account in PostPress and answer LinkedIn's security check again.",
			checkpoint_error: `Log in to LinkedIn in a browser and answer the security check there, then ${reconnect}`,
			expired_credentials: `The LinkedIn session has ended: ${reconnect}`,
			disconnected_account: 'Reconnect the account in PostPress, then run this item again.',
			disconnected_feature: `The Recruiter or Sales Navigator session has ended: ${reconnect}`,
		},
	),
	...group(
		{ status: 401, retry: 'no', parameter: account },
		{
			invalid_proxy_credentials: 'Correct the proxy login of this account in PostPress.',
			expired_link: 'Connect the account in PostPress with a new connection link.',
			invalid_credentials_but_valid_account_imap:
				'Correct the mail login of this account in PostPress.',
		},
	),
	...group(
		{ status: 403, retry: 'no' },
		{
			resource_access_restricted:
				'Ask the owner of the hiring project or list to share it with this account, or choose another account.',
		},
	),
	...group(
		{ status: 403, retry: 'no', parameter: account },
		{
			insufficient_permissions:
				'Ask the administrator of your LinkedIn contract for the right to do this, or choose another account.',
			account_mismatch: 'Choose the account that owns the hiring project or the list.',
		},
	),
	...group(
		{ status: 403, retry: 'no', parameter: account, stopsAccount: true },
		{
			account_restricted:
				'LinkedIn has restricted this account: stop its workflows and resolve the restriction on LinkedIn first.',
			unknown_authentication_context:
				'LinkedIn asks for one more step at login: reconnect the account in PostPress and complete it.',
			session_mismatch: `The session belongs to somebody else: ${reconnect}`,
			action_required:
				'Log in to LinkedIn with this account and complete the step that it asks for.',
			feature_not_subscribed: seat,
			subscription_required: 'Check the LinkedIn seat of this account and your PostPress plan.',
		},
	),
	...group(
		{ status: 404, retry: 'no' },
		{
			resource_not_found:
				'Check that this account can see the person, and the hiring project or list, on LinkedIn.',
			invalid_resource_identifier:
				'Copy the IDs of the person and of the hiring project or list again, or use their addresses.',
		},
	),
	...group(
		{ status: 422, retry: 'no' },
		{
			action_already_performed:
				'This run changed nothing: it was done before, perhaps with another stage or without a message. Look at the person on LinkedIn. The option "Already Performed Is Success" lets such items pass.',
			unprocessable_entity:
				'Look at the person on LinkedIn: the action may not be possible any more, for example after they left the project.',
			provider_unreachable: tryLater,
		},
	),
	...group(
		{ status: 422, retry: 'no', parameter: account, stopsAccount: true },
		{
			invalid_account: seat,
		},
	),
	...group(
		{ status: 422, retry: 'no', parameter: account },
		{
			account_configuration_error:
				'Check the settings of this account in PostPress, and its seat on LinkedIn.',
		},
	),
	...group(
		{ status: 422, retry: 'no', parameter: 'User' },
		{
			invalid_recipient:
				'Use the address of the person from Recruiter (IDs begin with AE) for candidates and applicants, from Sales Navigator (ACw) for leads.',
		},
	),
	...group(
		{ status: 429, retry: 'yes' },
		{
			too_many_requests:
				'Set a longer pause with the option "Delay Between Requests", plan fewer people a day for this account, and run this item again later.',
		},
	),
	// "Once": a 500 may mean that LinkedIn's limit is reached, and repeating it makes that worse.
	...group(
		{ status: 500, retry: 'once' },
		{
			unexpected_error: support,
			provider_error:
				'LinkedIn has a problem, or its limit for this account is reached: pause the workflows of this account.',
		},
	),
	...group(
		{ status: 500, retry: 'no', parameter: account },
		{ authentication_intent_error: `The login has failed: ${reconnect}` },
	),
	...group(
		{ status: 503, retry: 'yes' },
		{
			no_client_session: tryOrReconnect,
			no_channel: tryOrReconnect,
			no_handler: `${tryLater} ${support}`,
			network_down: tryLater,
			service_unavailable: tryLater,
		},
	),
	...group({ status: 504, retry: 'yes' }, { request_timeout: support }),
]);

/** What to do about an error type that the catalogue does not know: the HTTP status decides. */
export function byStatus(status: number): Omit<CatalogueEntry, 'status'> {
	const similar = similarTypes[status] ?? (status < 500 ? undefined : 'unexpected_error');
	if (similar) return { ...catalogue[similar], parameter: undefined, stopsAccount: undefined };
	return { retry: 'no', remedy: `Check the values of this item. ${support}` };
}

/** The documented type that says the most about a status. */
const similarTypes: Readonly<Record<number, string>> = {
	401: 'invalid_credentials',
	403: 'insufficient_permissions',
	404: 'resource_not_found',
	408: 'request_timeout',
	422: 'unprocessable_entity',
	429: 'too_many_requests',
	502: 'request_timeout',
	503: 'service_unavailable',
	504: 'request_timeout',
};

/** The name of an error type as the catalogue lists it: `errors/invalid_account` → `invalid_account`. */
export function nameOf(type: string | null): string {
	return (type ?? '').replace(/^errors\//, '');
}
