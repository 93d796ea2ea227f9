import type { INodeProperties } from 'n8n-workflow';

import { isEmpty, refuse, refuseEmpty } from './values/value';
import type { Field } from './field';
import { idFromLocator, idText, locatorOf, takes } from './values/locator';
import {
	mismatch,
	recruiter,
	salesNavigator,
	type Product,
	isPublicProfile,
	slugOf,
	type PublicProfile,
} from './values/person';

const displayName = 'User';

/** Addresses of a person in Recruiter and in Sales Navigator. Bounded, or it takes minutes to see that a long text is none. */
const pattern =
	'linkedin\\.com/(?:talent/(?:[^?#]{0,100}/)?profile|sales/(?:lead|people))/([A-Za-z0-9_-]+)';

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
			...takes(displayName, {
				pattern,
				hint: 'The address of the person in Recruiter; for a lead, in Sales Navigator',
				example: `${recruiter.example} or ${salesNavigator.example}`,
				otherwise: '. For linkedin.com/in/ choose By Public Profile.',
			}),
		},
		{
			displayName: 'By Public Profile',
			name: 'publicProfile',
			type: 'string',
			placeholder: 'e.g. https://www.linkedin.com/in/williamhgates',
			hint: 'Looked up first, with the chosen account. LinkedIn allows an account about 100 look-ups a day.',
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

/** The person, by an ID of Recruiter or by public profile. */
export const recruiterUser: Field = { properties: [property], read: reader(recruiter) };

/** The person, by an ID of Sales Navigator or by public profile. */
export const salesNavigatorUser: Field = { properties: [property], read: reader(salesNavigator) };

function reader(product: Product): Field['read'] {
	const { name, example } = product;
	return ({ get }): string | PublicProfile => {
		const { mode, value } = locatorOf(get('userId'));
		if (isEmpty(value)) refuseEmpty(displayName, `Enter the ${name} address or ID of the person.`);
		const text = idText(value, displayName);

		const holdsId = new RegExp(pattern, 'i').test(text);
		if (mode === 'publicProfile' && !holdsId) {
			const slug = slugOf(text);
			if (slug !== undefined) return { slug, product };
			refuse(
				displayName,
				text,
				'is not the address of a public profile',
				'Use one like https://www.linkedin.com/in/williamhgates instead.',
			);
		}
		const advice = `Open the person in ${name} and use the address shown there, like ${example}`;
		if (!holdsId && isPublicProfile(text)) {
			refuse(
				displayName,
				text,
				`is a public profile, which holds no ID of ${name}`,
				`Choose "By Public Profile" for "User" to look the ID up.`,
			);
		}
		const id = idFromLocator({ mode, value: text }, displayName, { pattern, example }) as string;
		const reason = mismatch(id, product);
		if (reason !== undefined) refuse(displayName, text, reason, advice);
		return id;
	};
}
