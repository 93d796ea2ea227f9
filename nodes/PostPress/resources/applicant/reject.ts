import { sendWith } from '../../fields/fillIn';
import { accountId } from '../../fields/accountId';
import { hiringProjectId } from '../../fields/hiringProjectId';
import { rejectionNotification } from '../../fields/rejectionNotification';
import { rejectionReason } from '../../fields/rejectionReason';
import { userId } from '../../fields/userId';
import type { Operation } from '../operation';

const fields = {
	account_id: accountId,
	user_id: userId,
	hiring_project_id: hiringProjectId,
	reason: rejectionReason,
	rejection_notification: rejectionNotification,
};

export const reject: Operation = {
	name: 'Reject',
	value: 'reject',
	action: 'Reject an applicant',
	subtitle: 'reject applicant',
	description: 'Reject an applicant in Recruiter, silently or with a message. Cannot be undone.',
	fields,
	routing: {
		request: {
			method: 'POST',
			url: '/linkedin/user/{user_id}',
			body: { api: 'recruiter', action: 'rejectApplicant' },
		},
		send: sendWith(
			fields,
			'reject {user_id} from project {hiring_project_id} ({reason}){rejection_notification}',
		),
	},
};
