import { inWords, isPast, unixMilliseconds } from './values/dateTime';
import { isEmpty, isOn, refuse, refuseEmpty, refuseGap } from './values/value';
import type { Field } from './field';

/** Whether the applicant hears of the rejection, with which words, and when. */
export const rejectionNotification: Field = {
	properties: [
		{
			displayName: 'A rejection cannot be undone. To try it out, turn on Preview Only.',
			name: 'rejectionNotice',
			type: 'notice',
			default: '',
			displayOptions: { show: { previewOnly: [false] } },
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
				'The text that the applicant receives. If a field of the data is empty for somebody, that person is not rejected.',
			displayOptions: { show: { notifyApplicant: [true] } },
		},
		{
			displayName: 'Send Notification At',
			name: 'sendNotificationAt',
			type: 'dateTime',
			default: '',
			description: 'When the applicant is notified',
			hint: "Empty: at once. In the workflow's timezone, unless another is named.",
			displayOptions: { show: { notifyApplicant: [true] } },
		},
	],
	read({ get, gapIn, timezone, now }): Notification | undefined {
		if (!isOn(get('notifyApplicant'), 'Notify Applicant')) return undefined;
		const message = get('rejectionMessage');
		if (isEmpty(message)) refuseEmpty(displayMessage, 'Complete the text for this applicant.');
		if (typeof message !== 'string') refuse(displayMessage, message, 'is not text');
		refuseGap(displayMessage, gapIn('rejectionMessage'));
		const sendAt = get('sendNotificationAt');
		return {
			message,
			...(!isEmpty(sendAt) && {
				send_notification_at: unixMilliseconds(sendAt, displayTime, timezone, now),
			}),
		};
	},
	inWords(value, timezone) {
		if (value === undefined) return ', silently';
		const { message, send_notification_at: sendAt } = value as Notification;
		const when = sendAt === undefined ? '' : `, on ${inWords(sendAt, timezone)}`;
		return `, with the message “${message}”${when}`;
	},
	checkAtTurn(value, now) {
		const { send_notification_at: sendAt } = (value ?? {}) as Partial<Notification>;
		if (sendAt === undefined || !isPast(sendAt, now)) return;
		refuse(
			displayTime,
			new Date(sendAt).toISOString(),
			'has passed before it was the turn of this applicant',
			'Choose a later time. Empty means at once.',
		);
	},
};

/** `rejection_notification` as the API takes it; the time in UNIX milliseconds. */
interface Notification {
	message: string;
	send_notification_at?: number;
}

const displayMessage = 'Rejection Message';

const displayTime = 'Send Notification At';
