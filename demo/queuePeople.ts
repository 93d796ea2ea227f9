import { queueRow } from '../harness/app/queue';

/** The LinkedIn accounts of the local PostPress that have a Recruiter seat. */
export const accounts = [
	{ id: 'acc_linkedin_01HXYZ4QK3WJ8FN3M6QH7TZ8GR' },
	{ id: 'acc_linkedin_01JV5WP1H6RKPDH8MJTX1NGB3Z' },
];

const FIRST = ['Ada', 'Bruno', 'Chen', 'Dana', 'Emil', 'Farah', 'Goran', 'Hana', 'Ines', 'Jonas'];
const LAST = ['Abend', 'Bakker', 'Costa', 'Dahl', 'Ekberg', 'Ferro'];

/** Sixty invented people. */
export const people = LAST.flatMap((last) =>
	FIRST.map((first) => ({ name: `${first} ${last}`, id: `AEMAAdemo${first}${last}` })),
);

/** Every fifth is handed in twice, as an ATS does that got no answer in time. */
const TWICE = 5;

/** The rows of an ATS: everybody is rejected, every third with a message. */
export function deliveries(): object[] {
	const rows = people.map(({ name, id }, index) =>
		queueRow({
			key: `demo:application ${1000 + index}:applicant.reject`,
			status: 'to_approve',
			operation: 'applicant.reject',
			account_id: accounts[index % accounts.length].id,
			person: `https://www.linkedin.com/talent/profile/${id}`,
			person_name: name,
			project: '1430911712',
			reason: 'MORE_QUALIFIED_CANDIDATES',
			message:
				index % 3
					? ''
					: `Dear ${name},\nthank you for your time. We have decided for somebody else.`,
			source: `Application ${1000 + index}`,
		}),
	);
	return [...rows, ...rows.filter((_, index) => index % TWICE === 0)];
}
