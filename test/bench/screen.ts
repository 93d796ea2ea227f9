import Table from 'cli-table3';

import { strong } from '../../harness/say';
import { checksOf, tablesOf, type Report } from './report';

/** Prints a report. @returns whether everything holds that has to */
export function printReport(report: Report): boolean {
	for (const { title, head, rows, note } of tablesOf(report)) {
		const table = new Table({
			head,
			colAligns: head.map((_, index) => (index === 0 ? 'left' : 'right')),
			style: { head: [], border: [] },
		});
		table.push(...rows);
		console.log(`\n${strong(title)}\n${table.toString()}\n${note}`);
	}
	const checks = checksOf(report);
	console.log('');
	for (const { passed, text } of checks) console.log(`${passed ? 'ok' : 'NOT OK'}: ${text}`);
	return checks.every(({ passed }) => passed);
}
