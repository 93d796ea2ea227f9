/** The LinkedIn accounts of the local PostPress that have a Sales Navigator seat. */
export const accounts = [
	{ id: 'acc_linkedin_01JE6DQPM6TTSQB8BKN3P4RXCC', name: 'Marcus Adeyemi' },
	{ id: 'acc_linkedin_01JV5WP1H6RKPDH8MJTX1NGB3Z', name: 'Elena Rossi' },
];

const FIRST = ['Ada', 'Bruno', 'Chen', 'Dana', 'Emil', 'Farah', 'Goran', 'Hana', 'Ines', 'Jonas'];
const LAST = ['Abend', 'Bakker', 'Costa', 'Dahl', 'Ekberg', 'Ferro'];

/** Sixty invented people. */
export const people = LAST.flatMap((last) =>
	FIRST.map((first) => ({ name: `${first} ${last}`, id: `ACwAAdemo${first}${last}` })),
);

/** Every fifth of a list stands in it twice, as it happens in a list that several people keep. */
const TWICE = 5;

/** The people whom one of the accounts is to save, as a CSV file. */
export function listFor(account: number): { csv: string; lines: number } {
	const own = people.filter((_, index) => index % accounts.length === account);
	const lines = [...own, ...own.filter((_, index) => index % TWICE === 0)];
	const csv = [
		'name,linkedin',
		...lines.map(({ name, id }) => `${name},https://www.linkedin.com/sales/lead/${id}`),
	];
	return { csv: csv.join('\n'), lines: lines.length };
}
