import type { Resource } from '../operation';
import { save } from './save';

export const lead: Resource = {
	name: 'Lead',
	value: 'lead',
	description: 'Somebody to keep in LinkedIn Sales Navigator',
	operations: [save],
};
