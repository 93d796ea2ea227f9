import type { Failure, Outcome, Tally } from './failure';
import { cut, oneLine } from './text';

/**
 * What happened, in PostPress's words where it gave any, and to whom: one line of plain text.
 *
 * @param user the person as the parameter gave it; left out where the failure is about nobody
 */
export function whatHappened(failure: Failure, user?: string | null): string {
	const { title, detail, parameter, outcome, type } = failure;
	const sentence = detail ? `${title}: ${detail}` : title;
	const given = oneLine(user) ?? '';
	// As a refused value is quoted; a bare name may be part of any word.
	const person = sentence.includes(`"${cut(given, 80)}"`) ? '' : cut(given, 100);
	const about = [
		parameter && type !== 'client/validation' ? `parameter "${parameter}"` : '',
		person && `person: ${person}`,
	].filter(Boolean);
	const context = about.length > 0 ? ` (${about.join(', ')})` : '';
	const doubt = outcome === 'unknown' ? '. The action may have been performed' : '';
	return `${sentence.replace(/[.\s]+$/, '')}${context}${doubt}`;
}

/** What to do about it: plain sentences. */
function whatToDo({ outcome, remedy }: Failure): string {
	return outcome === 'unknown'
		? `Look at the person on LinkedIn before you run this item again. ${remedy}`.trim()
		: remedy;
}

/** What happened and what to do about it, as one plain text: for people downstream and for AI agents. */
export function whatHappenedAndWhatToDo(failure: Failure, user?: string | null): string {
	return `${whatHappened(failure, user)}. ${whatToDo(failure)}`;
}

/**
 * The description of the error: what to do, tally of the run, type and request id.
 * n8n's editor renders it as HTML, so everything that comes from outside is escaped.
 *
 * @param run how all items of the run stand, if there are more than the failed one
 */
export function howToGetUnstuck(failure: Failure, itemIndex: number, run?: Tally): string {
	const { type, instance } = failure;
	const reference = [
		// Types of this node would tell nobody anything.
		type && !type.startsWith('client/') && `Type: ${escapeHtml(type)}`,
		instance && `Request ID: ${escapeHtml(instance)}`,
	].filter(Boolean);
	return [
		escapeHtml(whatToDo(failure)),
		run && accountFor(failure, itemIndex, run),
		reference.join(' · '),
	]
		.filter(Boolean)
		.join('<br>');
}

/** "Item 3 of 10 was refused. The other items: 2 performed (1, 2), 7 not sent (4–10)." */
function accountFor({ outcome }: Failure, itemIndex: number, tally: Tally): string {
	const total = Object.values(tally).reduce((sum, items) => sum + items.length, 0);
	const others = (became: keyof Tally, words: string, isAlwaysSaid = false) => {
		const items = tally[became].filter((item) => item !== itemIndex);
		if (items.length === 0) return isAlwaysSaid ? `0 ${words}` : undefined;
		return `${items.length} ${words} (${ranges(items)})`;
	};
	const rest = [
		others('performed', 'performed', true),
		others('refused', 'refused'),
		others('unknown', 'perhaps performed'),
		others('not_sent', 'not sent', true),
	].filter(Boolean);
	return `Item ${itemIndex + 1} of ${total} ${BECAME[outcome]}. The other items: ${rest.join(', ')}.`;
}

const BECAME: Readonly<Record<Outcome, string>> = {
	refused: 'was refused',
	not_sent: 'was not sent',
	unknown: 'may have been performed',
};

/** "3 performed, 1 refused, 0 unknown, 6 not sent": for the log. */
export function tallyInWords(tally: Tally): string {
	const { performed, refused, unknown, not_sent } = tally;
	return `${performed.length} performed, ${refused.length} refused, ${unknown.length} unknown, ${not_sent.length} not sent`;
}

/** Positions, counted from 1: [0, 1, 2, 4] → "1–3, 5". */
function ranges(indexes: number[]): string {
	const parts: Array<[first: number, last: number]> = [];
	for (const position of indexes.map((index) => index + 1).sort((a, b) => a - b)) {
		const range = parts.at(-1);
		if (range && range[1] === position - 1) range[1] = position;
		else parts.push([position, position]);
	}
	return parts.map(([first, last]) => (first === last ? first : `${first}–${last}`)).join(', ');
}

function escapeHtml(text: string): string {
	return text
		.replace(/&/g, '&amp;')
		.replace(/</g, '&lt;')
		.replace(/>/g, '&gt;')
		.replace(/"/g, '&quot;')
		.replace(/'/g, '&#39;');
}
