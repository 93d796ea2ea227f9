import { sendWith } from '../../fields/fillIn';
import { accountId } from '../../fields/accountId';
import { listId } from '../../fields/listId';
import { leadUserId } from '../../fields/userId';
import type { Operation } from '../operation';

const fields = {
	account_id: accountId,
	user_id: leadUserId,
	list_id: listId,
};

export const save: Operation = {
	name: 'Save',
	value: 'save',
	action: 'Save a lead',
	subtitle: 'save lead',
	description: 'Save a person as a lead in Sales Navigator',
	fields,
	routing: {
		request: {
			method: 'POST',
			url: '/linkedin/user/{user_id}',
			body: { api: 'sales_navigator', action: 'saveLead' },
		},
		send: sendWith(fields, 'save {user_id} as a lead{list_id}'),
	},
};
