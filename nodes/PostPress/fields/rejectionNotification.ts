import { unixMilliseconds } from './values/dateTime';
import { isEmpty, isOn, refuse, refuseEmpty } from './values/value';
import type { Field } from './field';

/** Whether the applicant hears of the rejection, with which words, and when. */
export const rejectionNotification: Field = {
	properties: [
		{
			displayName: 'A rejection cannot be undone. To try it out, turn on Options > Preview Only.',
			name: 'rejectionNotice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Notify Applicant',
			name: 'notifyApplicant',
			type: 'boolean',
			default: false,
			description: 'Whether LinkedIn tells the applicant about the rejection',
		},
		{
			displayName: 'Silent: the applicant gets no message',
			name: 'silenceNotice',
			type: 'notice',
			default: '',
			displayOptions: { show: { notifyApplicant: [false] } },
		},
		{
			displayName: 'Rejection Message',
			name: 'rejectionMessage',
			type: 'string',
			typeOptions: { rows: 5 },
			default: '',
			required: true,
			placeholder: 'e.g. Thank you for your interest in joining our team. …',
			description:
				'The text that the applicant receives. A field that is missing in the data leaves a gap: look at the preview.',
			displayOptions: { show: { notifyApplicant: [true] } },
		},
		{
			displayName: 'Send Notification At',
			name: 'sendNotificationAt',
			type: 'dateTime',
			default: '',
			description: 'When the applicant is notified. Leave empty to notify at once.',
			hint: "In the workflow's timezone, unless the value names another. An expression may also give a date or UNIX milliseconds.",
			displayOptions: { show: { notifyApplicant: [true] } },
		},
	],
	read({ get, timezone, now }) {
		if (!isOn(get('notifyApplicant'), 'Notify Applicant')) return undefined;
		const sendAt = get('sendNotificationAt');
		return {
			message: messageOf(get('rejectionMessage')),
			...(!isEmpty(sendAt) && {
				send_notification_at: unixMilliseconds(sendAt, 'Send Notification At', timezone, now),
			}),
		};
	},
};

function messageOf(value: unknown): string {
	if (isEmpty(value)) {
		refuseEmpty('Rejection Message', 'Complete the text for this applicant.');
	}
	if (typeof value !== 'string') refuse('Rejection Message', value, 'is not text');
	return value;
}
