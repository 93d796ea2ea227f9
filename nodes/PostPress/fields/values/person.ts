import { validationFailure, type Failure } from '../../errors/failure';
import { isId } from './locator';
import { shown } from './value';

/** A LinkedIn product with IDs of its own for people. */
export interface Product {
	name: string;
	/** Its name in PostPress's `linkedin_api` parameter. */
	api: 'recruiter' | 'sales_navigator';
	/** How its IDs begin. PostPress shows AEM… for Recruiter on one page and AE… on two others. */
	prefix: string;
	/** Address of a person in the product. */
	example: string;
}

export const recruiter: Product = {
	name: 'Recruiter',
	api: 'recruiter',
	prefix: 'AE',
	example: 'https://www.linkedin.com/talent/profile/AEM...',
};

export const salesNavigator: Product = {
	name: 'Sales Navigator',
	api: 'sales_navigator',
	prefix: 'ACw',
	example: 'https://www.linkedin.com/sales/lead/ACw...',
};

/**
 * Why an ID of a person cannot belong to a product; undefined if it can.
 * Only what is certainly wrong is refused: PostPress knows its IDs better.
 */
export function mismatch(id: string, own: Product): string | undefined {
	if (/^A(Co|Do)/.test(id)) return `is a classic LinkedIn ID, which ${own.name} does not know`;
	const other = own === recruiter ? salesNavigator : recruiter;
	if (!id.startsWith(other.prefix)) return undefined;
	return `belongs to ${other.name}, but this operation needs an ID or address of ${own.name}`;
}

/** Somebody whose ID in a product has to be looked up. */
export interface PublicProfile {
	/** The name in the address: `williamhgates` in linkedin.com/in/williamhgates. */
	slug: string;
	product: Product;
}

/** Where the name stands in an address, with or without its host. */
const ADDRESS = /(?:^|linkedin\.com\/(?:mwlite\/)?)\/?in\/([^/?#\s]+)/i;

/**
 * The name in the address of a public profile, in any of its spellings: with a country's subdomain,
 * trailing parts, percent-encoded, or the bare name.
 *
 * @returns undefined if the text is none of these
 */
export function slugOf(text: string): string | undefined {
	const name = ADDRESS.exec(text)?.[1] ?? (/^[^/?#:@\s]+$/.test(text) ? text : undefined);
	if (name === undefined) return undefined;
	let slug = name;
	try {
		slug = decodeURIComponent(name);
	} catch {
		// A percent sign that encodes nothing is part of the name.
	}
	return isId(slug) ? slug : undefined;
}

/** Whether a text is the address of a public profile. */
export function isPublicProfile(text: string): boolean {
	return ADDRESS.test(text);
}

/** The ID that a look-up found, or why the action cannot use it. */
export function idOf(
	{ slug, product }: PublicProfile,
	id: string,
): { answer: string } | { failure: Failure } {
	const reason = isId(id) ? mismatch(id, product) : 'is not an ID';
	if (reason === undefined) return { answer: id };
	return {
		failure: validationFailure(
			`User: PostPress knows ${shown(slug)} only by ${shown(id)}, which ${reason}`,
			'User',
			`Use the address of the person in ${product.name}, like ${product.example}`,
		),
	};
}
