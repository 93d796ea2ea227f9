import type { QueueRow } from '../harness/app/queue';
import type { PerformedAction } from '../sandbox';

/** "41 performed, 12 duplicate, 1 refused". */
export function summary(rows: readonly QueueRow[]): string {
	const counts = Object.entries(Object.groupBy(rows, ({ status }) => status));
	return counts
		.map(([status, found]) => `${found?.length} ${status.replaceAll('_', ' ')}`)
		.sort((one, other) => parseInt(other, 10) - parseInt(one, 10))
		.join(', ');
}

/**
 * Compares the table of the queue with what PostPress has done.
 *
 * @returns a sentence for each contradiction
 */
export function contradictions(
	rows: readonly QueueRow[],
	performed: readonly PerformedAction[],
	people: ReadonlyArray<{ name: string; id: string }>,
): string[] {
	return people.flatMap(({ name, id }) => {
		const done = performed.filter(({ userId }) => userId === id).length;
		const own = rows.filter(({ person }) => person.endsWith(`/${id}`));
		const states = own.map(({ status }) => status).filter((status) => status !== 'duplicate');
		const [state] = states;
		if (states.length !== 1) return [`${name} has ${states.length} rows that are no duplicate.`];
		if (state === 'unknown') return done <= 1 ? [] : [`${name} was done ${done} times.`];
		const expected = state === 'performed' ? 1 : 0;
		return done === expected ? [] : [`${name} is ${state}, and was done ${done} times.`];
	});
}
