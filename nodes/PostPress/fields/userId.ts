import type { INodeProperties } from 'n8n-workflow';

import { refuse, refuseEmpty, type Field } from './field';
import { idFromLocator, locatorOf, takes } from './locator';

const displayName = 'User';

/** Addresses of a person in Recruiter and in Sales Navigator. */
const pattern =
	'linkedin\\.com/(?:talent/(?:[^?#]*/)?profile|sales/(?:lead|people))/([A-Za-z0-9_-]+)';

/** Address of a public profile, with or without its host. */
const PUBLIC_PROFILE = /(^|linkedin\.com)\/?(in|pub)\//i;

interface Product {
	name: string;
	/** How its IDs begin. PostPress shows AEM… for Recruiter on one page and AE… on two others. */
	prefix: string;
	example: string;
}

const recruiter: Product = {
	name: 'Recruiter',
	prefix: 'AE',
	example: 'https://www.linkedin.com/talent/profile/AEM…',
};

const salesNavigator: Product = {
	name: 'Sales Navigator',
	prefix: 'ACw',
	example: 'https://www.linkedin.com/sales/lead/ACw…',
};

const property: INodeProperties = {
	displayName,
	name: 'userId',
	type: 'resourceLocator',
	default: { mode: 'url', value: '' },
	required: true,
	description: 'The person on whom the action is performed',
	modes: [
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			...takes({
				pattern,
				hint: 'The address of the person in Recruiter (for candidates and applicants) or in Sales Navigator (for leads)',
				example: recruiter.example,
			}),
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. AEMAACr-1eYBl...',
			hint: 'Recruiter IDs begin with AE, Sales Navigator IDs with ACw',
		},
	],
};

/** The person, by an ID of Recruiter. */
export const recruiterUser: Field = {
	properties: [property],
	read: reader(recruiter, salesNavigator),
};

/** The person, by an ID of Sales Navigator. */
export const salesNavigatorUser: Field = {
	properties: [property],
	read: reader(salesNavigator, recruiter),
};

function reader(own: Product, other: Product): Field['read'] {
	return ({ get }) => {
		const getIt = `Open the person in ${own.name} and use the address shown there, like ${own.example}`;
		const parameter = get('userId');
		const { value } = locatorOf(parameter);
		if (typeof value === 'string' && PUBLIC_PROFILE.test(value)) {
			refuse(
				displayName,
				value,
				`is a public profile address, which holds no ID of ${own.name}. ${getIt}`,
			);
		}
		const id = idFromLocator(parameter, displayName, { pattern, example: own.example });
		if (id === undefined) {
			refuseEmpty(displayName, `Enter the ${own.name} address or ID of the person.`);
		}
		if (/^A(Co|Do)/.test(id)) {
			refuse(
				displayName,
				id,
				`is a classic LinkedIn ID, which ${own.name} does not know. ${getIt}`,
			);
		}
		if (id.startsWith(other.prefix)) {
			refuse(
				displayName,
				id,
				`is an ID of ${other.name}, but this operation needs one of ${own.name}. ${getIt}`,
			);
		}
		return id;
	};
}
