import type { ActionBody, Product } from '../contract/actions';
import type { OperationId } from '../contract/contract';
import { actionAnswer, type Answer } from '../contract/answer';
import { refuse } from '../contract/envelope';

import { pageBody, pageOf } from '../contract/page';
import type { SeedAccount } from './seed';
import type { World } from './world';

/** A request that has passed the key check and the contract. */
export interface Call {
	/** The parameter of the path: the person, or the name that is looked up. */
	subject: string;
	query: Record<string, string | number | boolean | undefined>;
	body: unknown;
	idempotencyKey: string | undefined;
}

/** What each operation does and answers; throws a `Refusal` where it does nothing. */
export const operations: Record<OperationId, (world: World, call: Call) => Answer> = {
	performAction(
		{ directory, settings, state, performed },
		{ subject: userId, body: json, idempotencyKey },
	) {
		const body = json as ActionBody;
		const { api, action, account_id: accountId } = body;
		directory.requireAccount(accountId, api);
		directory.requireRecipient(userId, api);
		if ('hiring_project_id' in body) directory.requireEntry('projects', body.hiring_project_id);
		if ('list_id' in body && body.list_id) directory.requireEntry('leadLists', body.list_id);
		state.apply(userId, body);
		performed.push({
			api,
			action,
			accountId,
			userId,
			body,
			idempotencyKey,
			at: settings.now(),
		});
		return actionAnswer(true);
	},

	listAccounts({ directory, settings }, { query }) {
		const { limit = 100, cursor } = query as { limit?: number; cursor?: string };
		const { entries, cursor: next } = pageOf(directory.listAccounts(), limit, cursor);
		const page = { entries: entries.map(accountBody), cursor: next };
		return { status: 200, body: pageBody(settings.listShape, 'AccountList', page) };
	},

	listSearchParameters({ directory, settings }, { query }) {
		const {
			type,
			account_id,
			service,
			keywords,
			limit = 10,
		} = query as {
			type: 'HIRING_PROJECTS' | 'LEAD_LISTS';
			account_id: string;
			service?: string;
			keywords?: string;
			limit?: number;
		};
		const [kind, product] = (
			{
				HIRING_PROJECTS: ['projects', 'recruiter'],
				LEAD_LISTS: ['leadLists', 'sales_navigator'],
			} as const
		)[type];
		if (service !== undefined && service !== product.toUpperCase()) {
			refuse('invalid_parameters', `query/service must be ${product.toUpperCase()} for ${type}`);
		}
		directory.requireAccount(account_id, product);
		const items = directory
			.find(kind, account_id, keywords)
			.slice(0, limit)
			.map(({ id, title }) => ({ object: 'LinkedinSearchParameter', id, title }));
		const paging = { page_count: items.length };
		const body =
			settings.listShape === 'items'
				? { object: 'LinkedinSearchParametersList', items, paging }
				: { data: items, paging };
		return { status: 200, body };
	},

	listHiringProjects({ directory, settings }, { query }) {
		const {
			account_id,
			limit = 100,
			cursor,
		} = query as {
			account_id: string;
			limit?: number;
			cursor?: string;
		};
		directory.requireAccount(account_id, 'recruiter');
		const found = pageOf(directory.find('projects', account_id), limit, cursor);
		const page = {
			entries: found.entries.map(({ id, title }) => ({ object: 'HiringProject', id, name: title })),
			cursor: found.cursor,
		};
		return { status: 200, body: pageBody(settings.listShape, 'HiringProjectList', page) };
	},

	getUserProfile({ directory }, { subject, query }) {
		const { account_id, linkedin_api } = query as { account_id: string; linkedin_api?: Product };
		directory.requireAccount(account_id, linkedin_api);
		const { slug, firstName, lastName, headline, ids } = directory.profile(subject);
		return {
			status: 200,
			body: {
				object: 'UserProfile',
				provider: 'LINKEDIN',
				provider_id: (linkedin_api && ids[linkedin_api]) ?? ids.classic,
				public_identifier: slug,
				first_name: firstName,
				last_name: lastName,
				headline,
			},
		};
	},
};

function accountBody(account: SeedAccount): object {
	const { id, name, type, products, status, createdAt } = account;
	return {
		object: 'Account',
		type,
		id,
		name,
		created_at: createdAt,
		connection_params:
			type === 'LINKEDIN'
				? { im: { id: `${id}_im`, username: name, premiumFeatures: products } }
				: { mail: { username: name } },
		sources: [{ id: `${id}_${type === 'LINKEDIN' ? 'MESSAGING' : 'MAILS'}`, status }],
	};
}
