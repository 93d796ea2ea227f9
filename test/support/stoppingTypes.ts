/** Types that say that the account cannot act, whatever it is asked for; not taken from the node's own catalogue. */
export const STOPPING: readonly string[] = [
	'account_restricted',
	'action_required',
	'checkpoint_error',
	'invalid_checkpoint_solution',
	'disconnected_account',
	'disconnected_feature',
	'expired_credentials',
	'invalid_credentials',
	'missing_credentials',
	'wrong_account',
	'multiple_sessions',
	'session_mismatch',
	'unknown_authentication_context',
	// For the product of the operation alone.
	'invalid_account',
	'feature_not_subscribed',
	'subscription_required',
];
