import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { byId, byUrl, fromItem } from './parameters';

/** A request as the documents demand it. */
export interface ExpectedRequest {
	/** The person, as in the path. */
	userId: string;
	body: IDataObject;
}

/** How one operation is filled in, and what it has to send then. */
export interface OperationSample {
	resource: string;
	operation: string;
	/** Plain values for everything that the operation can be given. */
	parameters: INodeParameters;
	request: ExpectedRequest;
	/** Parameters as expressions, three input items for them, and a request for each. */
	expressions: INodeParameters;
	items: [IDataObject, IDataObject, IDataObject];
	requests: [ExpectedRequest, ExpectedRequest, ExpectedRequest];
	/** What a preview says of each, in the timezone Europe/Berlin. */
	sentences: [string, string, string];
}

const ACCOUNT = 'acc_linkedin_01HXYZ4QK3WJ8FN3M6QH7TZ8GR';
const OTHER_ACCOUNT = 'acc_linkedin_01JV5WP1H6RKPDH8MJTX1NGB3Z';
const SALES_ACCOUNT = 'acc_linkedin_01JE6DQPM6TTSQB8BKN3P4RXCC';
const PROJECT = 'proj_01HXYZ4QK3WJ8FN3M6QH7TZ8GR';

// People whom the sandbox has not met: nothing has been done with them yet.
const CANDIDATE = 'AEMAAqT5-b0Zk_81mPqL9xW-r2nU7dYcVhEoSgJtKiFa';
const CANDIDATES = ['AEMAAz-4uVdR8_cKpY1oXfGh2Wn6sTqLbEmJ0iAa', 'AE_short-1', 'AEMAACr-1eYBl'];
const LEAD = 'ACwAAx-7tRkE0_9wLmZc3bVnHd5sQyUoPfGj1iTa8rKe';
const LEADS = ['ACwAAp-3yHnW6_2dKxJq8vZcLm4tRsUeBgFo1iEa', 'ACw_short-1', 'ACwAACr-1eYBl'];

/** Far enough for every run of the tests, near enough for the check of the unit. */
const NEXT_YEAR = new Date().getUTCFullYear() + 1;

const common = (operation: string, resource: string) => ({ resource, operation });

/** The two operations that add somebody to a pipeline and the one that moves them take the same. */
function pipelineSample(
	resource: string,
	operation: string,
	action: string,
	sentences: OperationSample['sentences'],
): OperationSample {
	const stageParameter = operation === 'changeStage' ? 'newStage' : 'stage';
	const body = (account_id: string, hiring_project_id: string, stage: string) => ({
		account_id,
		api: 'recruiter',
		action,
		hiring_project_id,
		stage,
	});
	return {
		resource,
		operation,
		parameters: {
			...common(operation, resource),
			accountId: byId(ACCOUNT),
			userId: byId(CANDIDATE),
			hiringProjectId: byId(PROJECT),
			[stageParameter]: 'CONTACTED',
		},
		request: { userId: CANDIDATE, body: body(ACCOUNT, PROJECT, 'CONTACTED') },
		expressions: {
			...common(operation, resource),
			accountId: byId(fromItem('account')),
			userId: byId(fromItem('person')),
			hiringProjectId: byUrl(fromItem('project')),
			[stageParameter]: fromItem('stage'),
		},
		items: [
			{
				account: ACCOUNT,
				person: CANDIDATES[0],
				project: 'https://www.linkedin.com/talent/hire/1483848495/overview',
				stage: 'UNCONTACTED',
			},
			{
				account: OTHER_ACCOUNT,
				person: CANDIDATES[1],
				project: 'https://www.linkedin.com/talent/hire/1345116580/manage/all?start=25',
				stage: 'CONTACTED',
			},
			{
				account: ACCOUNT,
				person: CANDIDATES[2],
				project: 'https://www.linkedin.com/talent/hire/9007199254740993123',
				stage: 'REPLIED',
			},
		],
		requests: [
			{ userId: CANDIDATES[0], body: body(ACCOUNT, '1483848495', 'UNCONTACTED') },
			{ userId: CANDIDATES[1], body: body(OTHER_ACCOUNT, '1345116580', 'CONTACTED') },
			{ userId: CANDIDATES[2], body: body(ACCOUNT, '9007199254740993123', 'REPLIED') },
		],
		sentences,
	};
}

const rejection = {
	account_id: ACCOUNT,
	api: 'recruiter',
	action: 'rejectApplicant',
	hiring_project_id: PROJECT,
};

const reject: OperationSample = {
	resource: 'applicant',
	operation: 'reject',
	parameters: {
		...common('reject', 'applicant'),
		accountId: byId(ACCOUNT),
		userId: byId(CANDIDATE),
		hiringProjectId: byId(PROJECT),
		reason: 'MORE_QUALIFIED_CANDIDATES',
		notifyApplicant: true,
		rejectionMessage: 'Thank you.\nWe have "chosen" someone else – all the best! 🍀',
		sendNotificationAt: `${NEXT_YEAR}-03-01T09:30:00+01:00`,
	},
	request: {
		userId: CANDIDATE,
		body: {
			...rejection,
			reason: 'MORE_QUALIFIED_CANDIDATES',
			rejection_notification: {
				message: 'Thank you.\nWe have "chosen" someone else – all the best! 🍀',
				send_notification_at: Date.UTC(NEXT_YEAR, 2, 1, 8, 30),
			},
		},
	},
	expressions: {
		...common('reject', 'applicant'),
		accountId: byId(ACCOUNT),
		userId: byUrl(fromItem('address')),
		hiringProjectId: byId(fromItem('project')),
		reason: fromItem('reason'),
		notifyApplicant: fromItem('tell'),
		rejectionMessage: '=Dear {{ $json.name }}, thank you.',
		sendNotificationAt: fromItem('at'),
	},
	items: [
		{
			address: `https://www.linkedin.com/talent/profile/${CANDIDATES[0]}`,
			project: PROJECT,
			reason: 'NOT_MEET_BASIC_QUALIFICATIONS',
			tell: true,
			name: 'Amara',
			at: Date.UTC(NEXT_YEAR, 5, 1),
		},
		{
			address: `https://www.linkedin.com/talent/profile/${CANDIDATES[1]}`,
			project: PROJECT,
			reason: 'WITHDREW_APPLICATION',
			tell: false,
			name: 'Jonas',
		},
		{
			address: `https://www.linkedin.com/talent/profile/${CANDIDATES[2]}`,
			project: 1483848495,
			reason: 'NOT_CONSIDERED_OR_REASON_NOT_SPECIFIED',
			tell: true,
			name: 'Priya',
		},
	],
	requests: [
		{
			userId: CANDIDATES[0],
			body: {
				...rejection,
				reason: 'NOT_MEET_BASIC_QUALIFICATIONS',
				rejection_notification: {
					message: 'Dear Amara, thank you.',
					send_notification_at: Date.UTC(NEXT_YEAR, 5, 1),
				},
			},
		},
		{ userId: CANDIDATES[1], body: { ...rejection, reason: 'WITHDREW_APPLICATION' } },
		{
			userId: CANDIDATES[2],
			body: {
				...rejection,
				hiring_project_id: '1483848495',
				reason: 'NOT_CONSIDERED_OR_REASON_NOT_SPECIFIED',
				rejection_notification: { message: 'Dear Priya, thank you.' },
			},
		},
	],
	sentences: [
		`Would reject ${CANDIDATES[0]} from project ${PROJECT} (Basic Qualifications Not Met), with the message “Dear Amara, thank you.”, on 1 Jun ${NEXT_YEAR}, 02:00 (Europe/Berlin).`,
		`Would reject ${CANDIDATES[1]} from project ${PROJECT} (Withdrew Application), silently.`,
		`Would reject ${CANDIDATES[2]} from project 1483848495 (Not Considered or Reason Not Specified), with the message “Dear Priya, thank you.”`,
	],
};

const saving = { account_id: SALES_ACCOUNT, api: 'sales_navigator', action: 'saveLead' };

const save: OperationSample = {
	resource: 'lead',
	operation: 'save',
	parameters: {
		...common('save', 'lead'),
		accountId: byId(SALES_ACCOUNT),
		leadUserId: byId(LEAD),
		listId: byId('7154321558885357524'),
	},
	request: { userId: LEAD, body: { ...saving, list_id: '7154321558885357524' } },
	expressions: {
		...common('save', 'lead'),
		accountId: byId(SALES_ACCOUNT),
		leadUserId: byUrl(fromItem('address')),
		listId: byId(fromItem('list')),
	},
	items: [
		{
			address: `https://www.linkedin.com/sales/lead/${LEADS[0]},NAME_SEARCH,kP3x?_ntb=abc%3D`,
			list: '9007199254740993123',
		},
		{ address: `https://www.linkedin.com/sales/people/${LEADS[1]}`, list: '' },
		{ address: `https://www.linkedin.com/sales/lead/${LEADS[2]}` },
	],
	requests: [
		{ userId: LEADS[0], body: { ...saving, list_id: '9007199254740993123' } },
		{ userId: LEADS[1], body: saving },
		{ userId: LEADS[2], body: saving },
	],
	sentences: [
		`Would save ${LEADS[0]} as a lead in list 9007199254740993123.`,
		`Would save ${LEADS[1]} as a lead.`,
		`Would save ${LEADS[2]} as a lead.`,
	],
};

const addSentences: OperationSample['sentences'] = [
	`Would add ${CANDIDATES[0]} to project 1483848495, at the stage Uncontacted.`,
	`Would add ${CANDIDATES[1]} to project 1345116580, at the stage Contacted.`,
	`Would add ${CANDIDATES[2]} to project 9007199254740993123, at the stage Replied.`,
];

/** Every operation of the node; the tables of the tests are made from it. */
export const operationSamples: OperationSample[] = [
	pipelineSample('candidate', 'addToPipeline', 'addCandidateToPipeline', addSentences),
	pipelineSample('candidate', 'changeStage', 'changeCandidatePipeline', [
		`Would move ${CANDIDATES[0]} in project 1483848495 to the stage Uncontacted.`,
		`Would move ${CANDIDATES[1]} in project 1345116580 to the stage Contacted.`,
		`Would move ${CANDIDATES[2]} in project 9007199254740993123 to the stage Replied.`,
	]),
	pipelineSample('applicant', 'addToPipeline', 'addApplicantToPipeline', addSentences),
	reject,
	save,
];

/** The sample of one operation. */
export function sampleOf(resource: string, operation: string): OperationSample {
	const sample = operationSamples.find(
		(one) => one.resource === resource && one.operation === operation,
	);
	if (!sample) throw new Error(`There is no sample of ${resource}: ${operation}`);
	return sample;
}
