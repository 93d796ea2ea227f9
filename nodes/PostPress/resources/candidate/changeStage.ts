import { fillIn } from '../../fields/fillIn';
import { accountId } from '../../fields/accountId';
import { hiringProjectId } from '../../fields/hiringProjectId';
import { newStage } from '../../fields/stage';
import { recruiterUser } from '../../fields/userId';
import type { Operation } from '../operation';

const fields = {
	account_id: accountId,
	user_id: recruiterUser,
	hiring_project_id: hiringProjectId,
	stage: newStage,
};

export const changeStage: Operation = {
	name: 'Change Stage',
	value: 'changeStage',
	action: 'Change the stage of a candidate',
	description: 'Move a candidate to another stage of the pipeline in LinkedIn Recruiter',
	fields,
	routing: {
		request: {
			method: 'POST',
			url: '/linkedin/user/{user_id}',
			body: { api: 'recruiter', action: 'changeCandidatePipeline' },
		},
		send: { preSend: [fillIn(fields)], paginate: true },
	},
};
