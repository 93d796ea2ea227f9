import type { Field } from './field';
import { idFromLocator, takes } from './values/locator';

const displayName = 'Lead List';

const address = {
	pattern: 'linkedin\\.com/sales/lists/people/([0-9]+)',
	hint: 'The address of the list in Sales Navigator',
	example: 'https://www.linkedin.com/sales/lists/people/7012345678901234567',
};

/** The Sales Navigator list that a lead is saved into; left empty, the lead is saved into none. */
export const listId: Field = {
	properties: [
		{
			displayName,
			name: 'listId',
			type: 'resourceLocator',
			default: { mode: 'list', value: '' },
			description:
				'The Sales Navigator list to save the lead into. Leave empty to save the lead without a list.',
			typeOptions: { loadOptionsDependsOn: ['accountId.value'] },
			modes: [
				{
					displayName: 'From List',
					name: 'list',
					type: 'list',
					typeOptions: { searchListMethod: 'searchLeadLists', searchable: true },
				},
				{ displayName: 'By URL', name: 'url', type: 'string', ...takes(displayName, address) },
				{
					displayName: 'By ID',
					name: 'id',
					type: 'string',
					placeholder: 'e.g. 7012345678901234567',
				},
			],
		},
	],
	read: ({ get }) => idFromLocator(get('listId'), displayName, address),
};
