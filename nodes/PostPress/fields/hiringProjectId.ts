import { refuseEmpty } from './values/value';
import type { Field } from './field';
import { idFromLocator, takes } from './values/locator';

const displayName = 'Hiring Project';

const address = {
	pattern: 'linkedin\\.com/talent/hire/([0-9]+)',
	hint: 'The address of the project in Recruiter',
	example: 'https://www.linkedin.com/talent/hire/1234567890/overview',
};

/** The Recruiter project whose pipeline is changed. */
export const hiringProjectId: Field = {
	properties: [
		{
			displayName,
			name: 'hiringProjectId',
			type: 'resourceLocator',
			default: { mode: 'list', value: '' },
			required: true,
			description: 'The hiring project in Recruiter whose pipeline is changed',
			typeOptions: { loadOptionsDependsOn: ['accountId.value'] },
			modes: [
				{
					displayName: 'From List',
					name: 'list',
					type: 'list',
					typeOptions: { searchListMethod: 'searchHiringProjects', searchable: true },
				},
				{ displayName: 'By URL', name: 'url', type: 'string', ...takes(displayName, address) },
				{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. 1234567890' },
			],
		},
	],
	read: ({ get }) =>
		idFromLocator(get('hiringProjectId'), displayName, address) ??
		refuseEmpty(displayName, 'Choose the hiring project, or enter its address or ID.'),
};
