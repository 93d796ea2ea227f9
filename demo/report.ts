import { styleText } from 'node:util';
import Table from 'cli-table3';
import { leadLists, type ActionBody } from '../sandbox';
import type { Batch } from './batch';
import { answerOf, words, type Entry, type Foretold, type State } from './ledger';

/** Shown where standard output is a terminal with colours (`styleText` finds out). */
const COLOURS: Record<State, Parameters<typeof styleText>[0]> = {
	performed: 'green',
	refused: 'red',
	not_sent: 'yellow',
	unknown: 'magenta',
	lost: 'red',
};

/** Widths of the columns with their padding. */
const FIXED = { person: 19, state: 11, tries: 7 };
const BORDERS = 6;

/** The parts of a frame, for a table without one. */
const FRAME =
	'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle';
const NO_FRAME = Object.fromEntries(FRAME.split(' ').map((part) => [part, '']));

/** How wide the report may be: as the terminal, from 80 to 120 columns. */
export const reportWidth = (): number => Math.min(120, Math.max(80, process.stdout.columns ?? 112));

/** A line for each item: who, what, what became of it, why, after how many tries. */
export function ledgerTable(entries: readonly Entry[], batch: Batch, width: number): string {
	const { person, state, tries } = FIXED;
	const rest = width - person - state - tries - BORDERS;
	const action = Math.min(32, Math.floor(rest * 0.45));
	const table = new Table({
		head: ['Person', 'Action', 'State', 'Tries', 'Reason'],
		colWidths: [person, action, state, tries, rest - action],
		colAligns: ['left', 'left', 'left', 'right', 'left'],
		style: { head: [], border: [], compact: true },
		wordWrap: true,
	});
	for (const entry of entries) {
		table.push([
			entry.person.name,
			actionOf(entry, batch.workflow.settings?.timezone),
			styleText(COLOURS[entry.state], words(entry.state)),
			entry.requests.length,
			reasonOf(entry),
		]);
	}
	return table.toString();
}

/** What the error output says about each item that needs a look. */
export function remedies(entries: readonly Entry[], width: number): string {
	const failures = entries.flatMap(({ person, failure }) => (failure ? [{ person, failure }] : []));
	return byPerson(
		failures.map(({ person, failure }) => [person.name, withShortIds(failure.message)]),
		width,
	);
}

/** What a preview says of each person, cut to a line. */
export function previewLines(foretold: readonly Foretold[], width: number): string {
	const room = width - FIXED.person - 2;
	const lines = foretold.map(({ person, summary = 'nothing', isSendable }) => {
		const text = withShortIds(summary).replace(/\s+/g, ' ');
		const line = text.length > room ? `${text.slice(0, room - 1)}…` : text;
		return [person.name, isSendable ? line : styleText('yellow', line)];
	});
	return byPerson(lines, width);
}

function byPerson(rows: string[][], width: number): string {
	const table = new Table({
		colWidths: [FIXED.person, width - FIXED.person],
		chars: NO_FRAME,
		style: { head: [], border: [] },
		wordWrap: true,
	});
	table.push(...rows);
	return table.toString().replace(/ +$/gm, '');
}

/** The operation, and what PostPress was asked for in particular. */
function actionOf({ step, requests: [request] }: Entry, timeZone: string | undefined): string {
	return request ? `${step.node}: ${particulars(request.body as ActionBody, timeZone)}` : step.node;
}

function particulars(body: ActionBody, timeZone: string | undefined): string {
	if ('stage' in body) return String(body.stage).toLowerCase();
	if (body.action === 'rejectApplicant') {
		const { rejection_notification: told } = body;
		if (!told) return 'silently';
		const at = told.send_notification_at;
		return at === undefined ? 'message now' : `message ${shortTime(at, timeZone)}`;
	}
	const listId = 'list_id' in body ? body.list_id : undefined;
	return leadLists.find(({ id }) => id === listId)?.title ?? 'no list';
}

function shortTime(milliseconds: number, timeZone: string | undefined): string {
	const parts = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const;
	return new Intl.DateTimeFormat('en-GB', { ...parts, timeZone }).format(milliseconds);
}

/** Why it was not performed, or what came in between if it was. */
function reasonOf({ failure, requests }: Entry): string {
	if (failure) {
		const { title, status } = failure;
		return `${withoutTail(title)}${status === null ? '' : ` (${status})`}`;
	}
	const last = requests.length;
	if (last < 2) return '';
	const before = requests.slice(0, -1).map(answerOf).join(', ');
	const { replayed } = requests[last - 1];
	return `${before}; ${replayed ? 'confirmed' : 'performed'} on try ${last}`;
}

/** The first sentence, with long IDs cut short: the whole text stands below the table. */
function withoutTail(text: string): string {
	const [sentence] = text.split(/\.(?: |$)/, 1);
	return withShortIds(sentence);
}

const withShortIds = (text: string) => text.replace(/[\w-]{20,}/g, (id) => `${id.slice(0, 12)}…`);
