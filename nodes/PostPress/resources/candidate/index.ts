import type { Resource } from '../operation';
import { addToPipeline } from './addToPipeline';
import { changeStage } from './changeStage';

export const candidate: Resource = {
	name: 'Candidate',
	value: 'candidate',
	description: 'Somebody whom you found in LinkedIn Recruiter',
	operations: [addToPipeline, changeStage],
};
