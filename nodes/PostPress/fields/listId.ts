import type { Field } from './field';
import { chosenFromList, idFromLocator } from './values/locator';

const displayName = 'Lead List';

const address = {
	pattern: 'linkedin\\.com/sales/lists/people/([0-9]+)',
	hint: 'The address of the list in Sales Navigator',
	example: 'https://www.linkedin.com/sales/lists/people/7012345678901234567',
};

/** The Sales Navigator list that a lead is saved into; left empty, the lead is saved into none. */
export const listId: Field = {
	properties: [
		chosenFromList({
			displayName,
			name: 'listId',
			description: 'The Sales Navigator list for the lead. Empty: none.',
			search: 'searchLeadLists',
			address,
			example: '7012345678901234567',
		}),
	],
	read: ({ get }) => idFromLocator(get('listId'), displayName, address),
	inWords: (value, _, name) => (value === undefined ? '' : ` in list ${name ?? String(value)}`),
};
