import type { INodePropertyMode } from 'n8n-workflow';

import type { Field } from './field';
import { idFromLocator, idText, locatorOf, takes } from './values/locator';
import {
	isPublicProfile,
	mismatch,
	recruiter,
	salesNavigator,
	slugOf,
	type Product,
	type PublicProfile,
} from './values/person';
import { isEmpty, refuse, refuseEmpty } from './values/value';

const displayName = 'User';

/** Address of a person in Recruiter. Bounded, or it takes minutes to see that a long text is none. */
const inRecruiter = 'talent/(?:[^?#\\s]{0,100}/)?profile';

const inSalesNavigator = 'sales/(?:lead|people)';

const addressOf = (place: string) => `linkedin\\.com/${place}/([A-Za-z0-9_-]+)`;

/** Addresses of both products, to tell a wrong one from one that is none. */
const pattern = addressOf(`(?:${inRecruiter}|${inSalesNavigator})`);

/** The person, by an ID of Recruiter or by public profile. */
export const userId = person({
	name: 'userId',
	description: 'The person to act on',
	product: recruiter,
	place: inRecruiter,
	hint: 'The address of the person in Recruiter',
	id: { placeholder: 'e.g. AEMAACr-1eYBl...', hint: 'Recruiter IDs begin with AE' },
});

/** The person to save, by an ID of Sales Navigator or by public profile. */
export const leadUserId = person({
	name: 'leadUserId',
	description: 'The person to save',
	product: salesNavigator,
	place: inSalesNavigator,
	hint: 'The address of the person in Sales Navigator',
	id: { placeholder: 'e.g. ACwAAAHsDuQB...', hint: 'Sales Navigator IDs begin with ACw' },
});

interface PersonParameter {
	name: string;
	description: string;
	product: Product;
	/** Regular expression: where an address of the product has the ID. */
	place: string;
	hint: string;
	id: Pick<INodePropertyMode, 'placeholder' | 'hint'>;
}

function person(parameter: PersonParameter): Field {
	const { name, description, product, place, hint, id } = parameter;
	return {
		properties: [
			{
				displayName,
				name,
				type: 'resourceLocator',
				default: { mode: 'url', value: '' },
				required: true,
				description,
				builderHint: {
					propertyHint: `Mode "url" for an address of ${product.name}, "publicProfile" for linkedin.com/in/. Never guess.`,
				},
				modes: [
					{
						displayName: 'By URL',
						...takes(displayName, {
							pattern: addressOf(place),
							hint,
							example: product.example,
							otherwise: '. For linkedin.com/in/ choose Profile.',
						}),
					},
					{
						// Anything longer is cut in the panel.
						displayName: 'Profile',
						name: 'publicProfile',
						type: 'string',
						placeholder: 'e.g. https://www.linkedin.com/in/williamhgates',
						hint: 'Looked up first, with the chosen account. LinkedIn allows about 100 look-ups a day.',
					},
					{ displayName: 'By ID', name: 'id', type: 'string', ...id },
				],
			},
		],
		read: ({ get }) => readPerson(get(name), product),
		inWords: (value) =>
			typeof value === 'string' ? value : `${(value as PublicProfile).slug} (public profile)`,
	};
}

function readPerson(parameter: unknown, product: Product): string | PublicProfile {
	const { name, example } = product;
	const { mode, value } = locatorOf(parameter);
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
			`is a public profile, not the address of the person in ${name}`,
			'Choose "Profile" for "User" to look the ID up.',
		);
	}
	const id = idFromLocator({ mode, value: text }, displayName, { pattern, example }) as string;
	const reason = mismatch(id, product);
	if (reason !== undefined) refuse(displayName, text, reason, advice);
	return id;
}
