import type { Field } from './field';
import { chosenFromList, idText, locatorOf } from './values/locator';
import { isEmpty, refuseEmpty } from './values/value';

const displayName = 'Account';

/** The linked LinkedIn account that performs the action. */
export const accountId: Field = {
	properties: [
		chosenFromList({
			displayName,
			name: 'accountId',
			required: true,
			description: 'The LinkedIn account that performs the action',
			search: 'searchAccounts',
			example: 'acc_linkedin_01HXYZ4QK3WJ8FN3M6QH7TZ8GR',
		}),
	],
	read({ get }) {
		const { value } = locatorOf(get('accountId'));
		if (isEmpty(value)) refuseEmpty(displayName, 'Choose the account, or enter its ID.');
		return idText(value, displayName);
	},
};
