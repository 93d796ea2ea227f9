import type { Resource } from '../operation';
import { addToPipeline } from './addToPipeline';
import { reject } from './reject';

export const applicant: Resource = {
	name: 'Applicant',
	value: 'applicant',
	description: 'Somebody who applied to a job of yours on LinkedIn',
	operations: [addToPipeline, reject],
};
