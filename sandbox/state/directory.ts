import type { Product } from '../contract/actions';
import { refuse } from '../contract/envelope';
import type { Seed, SeedAccount, SeedEntry, SeedPerson } from './seed';

/** What a sandbox insists on knowing. */
export interface DirectoryRules {
	/** Unknown accounts do not exist (else they are full accounts with both seats). */
	strictAccounts: boolean;
	/** Unknown hiring projects and lead lists do not exist. */
	strictProjects: boolean;
	/** Unknown people do not exist. */
	strictPeople: boolean;
}

/** The kinds of things that are found by title. */
export type EntryKind = 'projects' | 'leadLists';

const idPrefix: Record<Product, string> = { recruiter: 'AE', sales_navigator: 'ACw' };

/** What the sandbox knows: accounts, projects, lists, people. Never changes after the start. */
export class Directory {
	private readonly accounts: ReadonlyMap<string, SeedAccount>;
	private readonly entries: Record<EntryKind, ReadonlySet<string>>;
	private readonly people: ReadonlyMap<string, SeedPerson>;

	constructor(
		private readonly seed: Seed,
		private readonly rules: DirectoryRules,
	) {
		this.accounts = new Map(seed.accounts.map((account) => [account.id, account]));
		this.entries = {
			projects: new Set(seed.projects.map(({ id }) => id)),
			leadLists: new Set(seed.leadLists.map(({ id }) => id)),
		};
		this.people = new Map(
			seed.people.flatMap((person) =>
				[person.slug, ...Object.values(person.ids)].map((name) => [name, person] as const),
			),
		);
	}

	/** All linked accounts. */
	listAccounts(): readonly SeedAccount[] {
		return this.seed.accounts;
	}

	/** Refuses an account that does not exist, is disconnected, or has no seat for the product. */
	requireAccount(id: string, product?: Product): void {
		const account = this.accounts.get(id);
		if (!account) {
			if (this.rules.strictAccounts) refuse('resource_not_found', `Account not found: ${id}`);
			return;
		}
		if (account.type !== 'LINKEDIN') refuse('invalid_account');
		if (account.status !== 'OK') refuse('disconnected_account');
		if (product && !account.products.includes(product)) refuse('invalid_account');
	}

	/** Refuses an id of the other product and, where strict, an unknown person. */
	requireRecipient(userId: string, product: Product): void {
		if (!userId.startsWith(idPrefix[product])) refuse('invalid_recipient');
		if (this.rules.strictPeople && !this.people.has(userId)) {
			refuse('resource_not_found', 'User not found.');
		}
	}

	/** Refuses, where strict, a hiring project or lead list that is unknown. */
	requireEntry(kind: EntryKind, id: string): void {
		if (!this.rules.strictProjects || this.entries[kind].has(id)) return;
		const what = kind === 'projects' ? 'Hiring project' : 'Lead list';
		refuse('resource_not_found', `${what} not found: ${id}`);
	}

	/** The hiring projects or lead lists that an account sees, narrowed by words of the title. */
	find(kind: EntryKind, accountId: string, keywords = ''): SeedEntry[] {
		const wanted = keywords.trim().toLowerCase();
		return this.seed[kind].filter(
			({ title, accountIds }) =>
				(!accountIds || !this.accounts.has(accountId) || accountIds.includes(accountId)) &&
				title.toLowerCase().includes(wanted),
		);
	}

	/** The person of a public profile name or id; refuses one unknown or private. */
	profile(identifier: string): SeedPerson {
		const person = this.people.get(identifier);
		if (!person) return refuse('resource_not_found', 'User not found.');
		if (person.private) refuse('resource_access_restricted');
		return person;
	}
}
