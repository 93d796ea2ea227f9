import type { SeedEntry, SeedPerson } from './seed';

/** So many hiring projects or lead lists, with ids of 19 digits and titles that differ. */
export function manyEntries(count: number, title = 'Project'): SeedEntry[] {
	return Array.from({ length: count }, (_, index) => ({
		id: (7000000000000000000n + BigInt(index + 1)).toString(),
		title: `${title} ${(index + 1).toString().padStart(4, '0')}`,
	}));
}

/** So many people, `person-1` and on, each with an id for every product. */
export function manyPeople(count: number): SeedPerson[] {
	return Array.from({ length: count }, (_, index) => {
		const number = (index + 1).toString();
		const suffix = number.padStart(6, '0');
		return {
			slug: `person-${number}`,
			firstName: 'Person',
			lastName: number,
			headline: `Profession ${number}`,
			ids: {
				recruiter: `AEMAAseed${suffix}`,
				sales_navigator: `ACwAAseed${suffix}`,
				classic: `ACoAAseed${suffix}`,
			},
		};
	});
}
