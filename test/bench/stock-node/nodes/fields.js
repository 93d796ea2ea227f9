'use strict';

const inBody = (property) => ({ send: { type: 'body', property } });

const locator = (displayName, name, details) => ({
	displayName,
	name,
	type: 'resourceLocator',
	default: { mode: 'id', value: '' },
	required: true,
	modes: [
		{ displayName: 'By ID', name: 'id', type: 'string' },
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			extractValue: { type: 'regex', regex: 'linkedin\\.com/.*/([A-Za-z0-9_-]+)' },
		},
	],
	...details,
});

const choice = (displayName, name, values, details) => ({
	displayName,
	name,
	type: 'options',
	options: values.map((value) => ({ name: value, value })),
	default: values[0],
	routing: inBody(name),
	...details,
});

const shownFor = (resource, operation) => ({ displayOptions: { show: { resource, operation } } });
const recruiter = shownFor(['candidate', 'applicant'], ['addToPipeline', 'changeStage', 'reject']);
const rejection = shownFor(['applicant'], ['reject']);
const notification = {
	displayOptions: {
		show: { resource: ['applicant'], operation: ['reject'], notifyApplicant: [true] },
	},
};

exports.fields = [
	locator('Account', 'accountId', { routing: inBody('account_id') }),
	locator('User', 'userId', {
		routing: { request: { url: '=/linkedin/user/{{ $value }}' } },
	}),
	locator('Hiring Project', 'hiringProjectId', {
		routing: inBody('hiring_project_id'),
		...recruiter,
	}),
	choice('Stage', 'stage', ['UNCONTACTED', 'CONTACTED', 'REPLIED'], {
		...shownFor(['candidate', 'applicant'], ['addToPipeline', 'changeStage']),
	}),
	choice(
		'Reason',
		'reason',
		[
			'NOT_MEET_BASIC_QUALIFICATIONS',
			'MORE_QUALIFIED_CANDIDATES',
			'NOT_CONSIDERED_OR_REASON_NOT_SPECIFIED',
			'NOT_IN_DESIRED_LOCATION',
			'WITHDREW_APPLICATION',
		],
		rejection,
	),
	{
		displayName: 'Notify Applicant',
		name: 'notifyApplicant',
		type: 'boolean',
		default: false,
		...rejection,
	},
	{
		displayName: 'Rejection Message',
		name: 'rejectionMessage',
		type: 'string',
		default: '',
		routing: inBody('rejection_notification.message'),
		...notification,
	},
	{
		displayName: 'Send Notification At',
		name: 'sendNotificationAt',
		type: 'dateTime',
		default: '',
		routing: inBody('rejection_notification.send_notification_at'),
		...notification,
	},
	locator('Lead List', 'listId', {
		required: false,
		routing: inBody('list_id'),
		...shownFor(['lead'], ['save']),
	}),
];
