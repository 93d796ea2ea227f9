import type { INodeProperties, INodePropertyMode } from 'n8n-workflow';

import { oneLine } from '../../errors/text';
import { isEmpty, refuse } from './value';

/** A kind of LinkedIn address that holds an ID. */
export interface LinkedInAddress {
	/** Regular expression with one group: the ID. */
	pattern: string;
	/** Where people find such an address. */
	hint: string;
	example: string;
	/** What else to try when an address is not of this kind. */
	otherwise?: string;
}

/** A resource locator parameter after its expressions were evaluated. */
export interface Locator {
	/** The mode that the user chose, such as `id` or `url`; `id` for a bare value. */
	mode: unknown;
	value: unknown;
}

/** Reads a resource locator; a bare value, as an expression for the whole parameter gives it, counts as an ID. */
export function locatorOf(parameter: unknown): Locator {
	const isLocator = typeof parameter === 'object' && parameter !== null && 'mode' in parameter;
	return isLocator ? (parameter as Locator) : { mode: 'id', value: parameter };
}

/** The name of the entry that was chosen from a list in the editor. */
export function nameInList(parameter: unknown): string | undefined {
	const { mode, cachedResultName } = locatorOf(parameter) as Locator & {
		cachedResultName?: unknown;
	};
	return mode === 'list' ? (oneLine(cachedResultName) ?? undefined) : undefined;
}

/**
 * An ID as text.
 *
 * LinkedIn's list IDs have 19 digits, more than a JavaScript number can hold, so a large number has
 * been rounded before it came here and is refused.
 */
export function idText(value: unknown, displayName: string): string {
	if (typeof value === 'number') {
		if (!Number.isSafeInteger(value) || value < 0) {
			refuse(
				displayName,
				value,
				'is a number that cannot be an exact ID',
				'Pass the ID as text, in quotes.',
			);
		}
		return String(value);
	}
	if (typeof value !== 'string') refuse(displayName, value, 'is not an ID', 'Pass the ID as text.');
	const id = value.trim();
	if (!isId(id)) refuse(displayName, id, 'is not an ID');
	// Behind a question mark there may be addresses too.
	if (new Set(id.replace(/[?#]\S*/g, '').match(ADDRESS)).size > 1) {
		refuse(displayName, id, 'holds more than one address');
	}
	return id;
}

/**
 * Whether a text may be a part of a path. Half a surrogate pair cannot be encoded, and URL parsers resolve dots
 * even when they are encoded: they would lead to another path.
 */
export function isId(text: string): boolean {
	return text.length < TOO_LONG && !/\p{Surrogate}|^\.{0,2}$/u.test(text);
}

/** An address, with or without its host. */
const ADDRESS = /(?<![^\s,])(?:[^\s,]*linkedin\.com|\/?in)\/[^\s,]*/gi;

/** Longer than any address, and short enough for every expression that looks into one. */
const TOO_LONG = 10_000;

/** The mode "By URL" for a kind of address, but for its name in the editor. */
export function takes(
	displayName: string,
	{ pattern, hint, example, otherwise = '' }: LinkedInAddress,
): Omit<INodePropertyMode, 'displayName'> {
	// Not set is not wrong: n8n flags that by itself where the parameter is required.
	const regex = `(\\s*|[^]*${pattern}[^]*)`;
	const errorMessage = `${displayName}: not an address like ${example}${otherwise}`;
	return {
		name: 'url',
		type: 'string',
		hint,
		placeholder: `e.g. ${example}`,
		extractValue: { type: 'regex', regex: pattern },
		validation: [{ type: 'regex', properties: { regex, errorMessage } }],
	};
}

/** What is particular to a parameter that is chosen from a list of PostPress. */
type Choice = Pick<INodeProperties, 'displayName' | 'name' | 'description' | 'required'> & {
	/** The method that brings the list. */
	search: string;
	/** The kind of address that holds such an ID; left out where there is none. */
	address?: LinkedInAddress;
	/** An ID. */
	example: string;
};

/** A parameter that is chosen from a list of PostPress, or given by address or ID. */
export function chosenFromList({ search, address, example, ...property }: Choice): INodeProperties {
	const { displayName } = property;
	const typeOptions = { searchListMethod: search, searchable: true };
	return {
		...property,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		// The lists of LinkedIn belong to an account.
		...(address && { typeOptions: { loadOptionsDependsOn: ['accountId.value'] } }),
		modes: [
			{ displayName: 'From List', name: 'list', type: 'list', typeOptions },
			...(address ? [{ displayName: 'By URL', ...takes(displayName, address) }] : []),
			{ displayName: 'By ID', name: 'id', type: 'string', placeholder: `e.g. ${example}` },
		],
	};
}

/**
 * The ID that a locator names: as it stands, or taken out of an address.
 * An address is recognised in every mode, since people and agents paste addresses everywhere.
 *
 * @returns undefined if the locator is empty
 */
export function idFromLocator(
	parameter: unknown,
	displayName: string,
	{ pattern, example }: Pick<LinkedInAddress, 'pattern' | 'example'>,
): string | undefined {
	const { mode, value } = locatorOf(parameter);
	if (isEmpty(value)) return undefined;
	const text = idText(value, displayName);
	const id = new RegExp(pattern, 'i').exec(text)?.[1];
	if (id !== undefined) return id;
	if (mode === 'url' || /^https?:|linkedin\.com\//i.test(text)) {
		refuse(
			displayName,
			text,
			'is not an address that holds such an ID',
			`Use one like ${example} instead.`,
		);
	}
	return text;
}
