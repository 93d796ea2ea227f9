import fs from 'node:fs';
import path from 'node:path';

import prettier from 'prettier';

import { root } from '../../harness/install/folders';
import { plot } from './plot';
import { checksOf, tablesOf, type Report } from './report';

const BEGIN = '<!-- begin of what `npm run bench` writes -->';
const END = '<!-- end of what `npm run bench` writes -->';

/** Writes a report into docs/: the numbers, the plot, and the tables between two marks of the page. */
export async function documentReport(report: Report): Promise<void> {
	const docs = path.join(root, 'docs');
	const page = path.join(docs, 'performance.md');
	const [before, after] = parts(fs.readFileSync(page, 'utf8'));
	const text = `${before}${BEGIN}\n\n${markdown(report)}\n\n${END}${after}`;
	fs.writeFileSync(page, await format(page, text));

	const numbers = path.join(docs, 'performance.json');
	fs.writeFileSync(numbers, await format(numbers, JSON.stringify(report)));
	fs.writeFileSync(path.join(docs, 'performance.svg'), `${await plot(report)}\n`);
}

function parts(page: string): [before: string, after: string] {
	const begin = page.indexOf(BEGIN);
	const end = page.indexOf(END);
	if (begin < 0 || end < begin) throw new Error(`docs/performance.md has lost its marks: ${BEGIN}`);
	return [page.slice(0, begin), page.slice(end + END.length)];
}

/** The same tables as on the screen. */
function markdown(report: Report): string {
	const tables = tablesOf(report).map(({ title, head, rows, note }) => {
		const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
		const align = head.map((_, index) => (index === 0 ? '---' : '--:'));
		return [`### ${title}`, '', line(head), line(align), ...rows.map(line), '', note].join('\n');
	});
	const checks = checksOf(report).map(({ passed, text }) => `- ${passed ? '✓' : '✗'} ${text}`);
	return [
		`n8n ${report.n8n}, Node.js ${report.node}, ${report.machine}.`,
		'![CPU time, growth and wall time as bars and lines](performance.svg)',
		...tables,
		'### What has to hold',
		checks.join('\n'),
	].join('\n\n');
}

async function format(file: string, text: string): Promise<string> {
	const options = await prettier.resolveConfig(file);
	return await prettier.format(text, { ...options, filepath: file });
}
