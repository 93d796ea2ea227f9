import { sendWith } from '../../fields/fillIn';
import { accountId } from '../../fields/accountId';
import { hiringProjectId } from '../../fields/hiringProjectId';
import { newStage } from '../../fields/stage';
import { userId } from '../../fields/userId';
import type { Operation } from '../operation';

const fields = {
	account_id: accountId,
	user_id: userId,
	hiring_project_id: hiringProjectId,
	stage: newStage,
};

export const changeStage: Operation = {
	name: 'Change Stage',
	value: 'changeStage',
	action: 'Change the stage of a candidate',
	subtitle: 'move candidate',
	description: 'Move a candidate to another stage of a Recruiter project',
	fields,
	routing: {
		request: {
			method: 'POST',
			url: '/linkedin/user/{user_id}',
			body: { api: 'recruiter', action: 'changeCandidatePipeline' },
		},
		send: sendWith(fields, 'move {user_id} in project {hiring_project_id} to the stage {stage}'),
	},
};
