import {
	NodeOperationError,
	type IDataObject,
	type ILoadOptionsFunctions,
	type INodeListSearchResult,
	type NodeApiError,
} from 'n8n-workflow';

import { oneLine } from '../errors/text';
import { fetchList, type Entry } from './fetchList';

/** What is said of an account whose connection is not in order. */
const STATUS = new Map(
	Object.entries({
		CREDENTIALS: 'needs to be reconnected',
		PERMISSIONS: 'lacks permissions',
	}),
);

/** The LinkedIn accounts that are linked in PostPress; none is hidden, whatever its products or status. */
export async function searchAccounts(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const accounts = await fetchList(this, '/accounts', { limit: 250 });
	return choices(
		accounts.filter(({ type }) => type === undefined || type === 'LINKEDIN'),
		accountLabel,
		filter,
	);
}

/** The hiring projects that the chosen account sees in Recruiter. */
export async function searchHiringProjects(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const account_id = chosenAccount(this);
	try {
		return await searchParameters(this, 'HIRING_PROJECTS', 'RECRUITER', account_id, filter);
	} catch (error) {
		// Not every PostPress has the search; the plain list cannot filter, but it can be filtered here.
		if ((error as NodeApiError).httpCode !== '404') {
			throw error as NodeApiError;
		}
		const projects = await fetchList(this, '/linkedin/projects', { account_id, limit: 100 });
		return choices(projects, title, filter);
	}
}

/** The lead lists that the chosen account sees in Sales Navigator. */
export async function searchLeadLists(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	return await searchParameters(this, 'LEAD_LISTS', 'SALES_NAVIGATOR', chosenAccount(this), filter);
}

async function searchParameters(
	context: ILoadOptionsFunctions,
	type: string,
	service: string,
	account_id: string,
	filter?: string,
): Promise<INodeListSearchResult> {
	const keywords = filter?.trim();
	const entries = await fetchList(context, '/linkedin/search/parameters', {
		type,
		account_id,
		service,
		limit: 100,
		...(keywords && { keywords }),
	});
	return choices(entries, title);
}

function choices(
	entries: Entry[],
	label: (entry: Entry) => string,
	filter = '',
): INodeListSearchResult {
	const wanted = filter.trim().toLowerCase();
	const results = entries
		.map((entry) => ({ name: label(entry), value: entry.id }))
		.filter(({ name }) => name.toLowerCase().includes(wanted));
	return { results };
}

const title = ({ title: own, name, id }: Entry) => oneLine(own) ?? oneLine(name) ?? id;

/** "Elena Rossi (Recruiter, Sales Navigator): needs to be reconnected" */
function accountLabel({ name, id, connection_params, sources }: Entry): string {
	const params = connection_params as { im?: { premiumFeatures?: unknown } } | undefined;
	const features = params?.im?.premiumFeatures;
	const seats =
		Array.isArray(features) &&
		[
			features.includes('recruiter') && 'Recruiter',
			features.includes('sales_navigator') && 'Sales Navigator',
		].filter(Boolean);
	const statuses = Array.isArray(sources)
		? sources.map((source) => (source as IDataObject | null)?.status)
		: [];
	const bad = statuses.find((status) => typeof status === 'string' && status !== 'OK');
	return [
		oneLine(name) ?? id,
		seats ? ` (${seats.join(', ') || 'no seat'})` : '',
		bad === undefined
			? ''
			: `: ${STATUS.get(String(bad)) ?? (oneLine(bad) ?? 'unknown').toLowerCase()}`,
	].join('');
}

/** The lists of projects and leads belong to an account. */
function chosenAccount(context: ILoadOptionsFunctions): string {
	const account = context.getCurrentNodeParameter('accountId', { extractValue: true });
	if (typeof account === 'string' && account.trim() !== '') return account.trim();
	throw new NodeOperationError(
		context.getNode(),
		'Choose the account first, or enter the ID by hand',
	);
}
