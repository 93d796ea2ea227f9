import type { Product, Stage } from '../contract/actions';

/** The state of an account's connection to its provider. */
export type SourceStatus =
	| 'OK'
	| 'STOPPED'
	| 'ERROR'
	| 'CREDENTIALS'
	| 'PERMISSIONS'
	| 'CONNECTING';

/** An account linked to PostPress. */
export interface SeedAccount {
	id: string;
	name: string;
	/** `LINKEDIN`, or another provider's name. */
	type: string;
	/** The LinkedIn products that the account has a seat for. */
	products: Product[];
	status: SourceStatus;
	/** ISO date. */
	createdAt: string;
}

/** A hiring project or a lead list. */
export interface SeedEntry {
	id: string;
	title: string;
	/** The accounts that see it. Default: every account. */
	accountIds?: string[];
}

/** A person on LinkedIn, with an id for each product. */
export interface SeedPerson {
	/** The last part of the public profile's address, decoded. */
	slug: string;
	firstName: string;
	lastName: string;
	headline: string;
	ids: { recruiter?: string; sales_navigator?: string; classic: string };
	/** The profile cannot be read: 403 `errors/resource_access_restricted`. Default false. */
	private?: boolean;
}

/** What a sandbox starts with. */
export interface Seed {
	accounts: SeedAccount[];
	projects: SeedEntry[];
	leadLists: SeedEntry[];
	people: SeedPerson[];
	/** People who are in a pipeline already. */
	pipelines: Array<{ hiringProjectId: string; userId: string; stage: Stage }>;
	/** People who are saved as leads already. */
	savedLeads: Array<{ listId: string; userId: string }>;
}
