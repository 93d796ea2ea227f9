import { isEmpty, refuseEmpty } from './values/value';
import type { Field } from './field';
import { idText, locatorOf } from './values/locator';

const displayName = 'Account';

/** The linked LinkedIn account that performs the action. */
export const accountId: Field = {
	properties: [
		{
			displayName,
			name: 'accountId',
			type: 'resourceLocator',
			default: { mode: 'list', value: '' },
			required: true,
			description: 'The LinkedIn account, linked in PostPress, that performs the action',
			modes: [
				{
					displayName: 'From List',
					name: 'list',
					type: 'list',
					typeOptions: { searchListMethod: 'searchAccounts', searchable: true },
				},
				{
					displayName: 'By ID',
					name: 'id',
					type: 'string',
					placeholder: 'e.g. acc_linkedin_01HXYZ4QK3WJ8FN3M6QH7TZ8GR',
				},
			],
		},
	],
	read({ get }) {
		const { value } = locatorOf(get('accountId'));
		if (isEmpty(value))
			refuseEmpty(displayName, 'Choose the account, or enter its ID from PostPress.');
		return idText(value, displayName);
	},
};
