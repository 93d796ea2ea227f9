import type { Field } from './field';
import { chosenFromList, idFromLocator } from './values/locator';
import { refuseEmpty } from './values/value';

const displayName = 'Hiring Project';

const address = {
	pattern: 'linkedin\\.com/talent/hire/([0-9]+)',
	hint: 'The address of the project in Recruiter',
	example: 'https://www.linkedin.com/talent/hire/1234567890/overview',
};

/** The Recruiter project whose pipeline is changed. */
export const hiringProjectId: Field = {
	properties: [
		chosenFromList({
			displayName,
			name: 'hiringProjectId',
			required: true,
			description: 'The project in Recruiter whose pipeline is changed',
			search: 'searchHiringProjects',
			address,
			example: '1234567890',
		}),
	],
	read: ({ get }) =>
		idFromLocator(get('hiringProjectId'), displayName, address) ??
		refuseEmpty(displayName, 'Choose the project, or enter its address or ID.'),
};
