import { fillIn } from '../../fields/fillIn';
import { accountId } from '../../fields/accountId';
import { hiringProjectId } from '../../fields/hiringProjectId';
import { firstStage } from '../../fields/stage';
import { recruiterUser } from '../../fields/userId';
import type { Operation } from '../operation';

const fields = {
	account_id: accountId,
	user_id: recruiterUser,
	hiring_project_id: hiringProjectId,
	stage: firstStage,
};

export const addToPipeline: Operation = {
	name: 'Add to Pipeline',
	value: 'addToPipeline',
	action: 'Add an applicant to a pipeline',
	description: 'Add an applicant to the pipeline of a hiring project in LinkedIn Recruiter',
	fields,
	routing: {
		request: {
			method: 'POST',
			url: '/linkedin/user/{user_id}',
			body: { api: 'recruiter', action: 'addApplicantToPipeline' },
		},
		send: { preSend: [fillIn(fields)], paginate: true },
	},
};
