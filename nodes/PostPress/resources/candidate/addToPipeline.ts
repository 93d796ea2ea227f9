import { sendWith } from '../../fields/fillIn';
import { accountId } from '../../fields/accountId';
import { hiringProjectId } from '../../fields/hiringProjectId';
import { stage } from '../../fields/stage';
import { userId } from '../../fields/userId';
import type { Operation } from '../operation';

const fields = {
	account_id: accountId,
	user_id: userId,
	hiring_project_id: hiringProjectId,
	stage,
};

export const addToPipeline: Operation = {
	name: 'Add to Pipeline',
	value: 'addToPipeline',
	action: 'Add a candidate to a pipeline',
	subtitle: 'add candidate',
	description: 'Add a candidate to the pipeline of a Recruiter project',
	fields,
	routing: {
		request: {
			method: 'POST',
			url: '/linkedin/user/{user_id}',
			body: { api: 'recruiter', action: 'addCandidateToPipeline' },
		},
		send: sendWith(fields, 'add {user_id} to project {hiring_project_id}, at the stage {stage}'),
	},
};
