import { validationFailure, type Failure } from '../../errors/failure';
import { shown } from '../field';
import { isId } from './locator';
import { mismatch, type Product } from './product';

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
	const name = ADDRESS.exec(text)?.[1] ?? (/^[^/?#:\s]+$/.test(text) ? text : undefined);
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
