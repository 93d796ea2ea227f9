import type { Failure, Outcome, Tally } from './failure';

/** What happened, in PostPress's words where it gave any: one line of plain text. */
export function whatHappened(failure: Failure): string {
	const { title, detail, parameter, outcome, type } = failure;
	const sentence = detail ? `${title}: ${detail}` : title;
	const about = parameter && type !== 'client/validation' ? ` (parameter "${parameter}")` : '';
	const doubt = outcome === 'unknown' ? '. The action may have been performed' : '';
	return `${sentence.replace(/[.\s]+$/, '')}${about}${doubt}`;
}

/** What happened and what to do about it, as one plain text: for people downstream and for AI agents. */
export function whatHappenedAndRemedy(failure: Failure): string {
	return `${whatHappened(failure)}. ${failure.remedy}`;
}

/**
 * The description of the error: remedy, tally of the run, type and request id.
 * n8n's editor renders it as HTML, so everything that comes from outside is escaped.
 *
 * @param run how all items of the run stand, if there are more than the failed one
 */
export function howToGetUnstuck(failure: Failure, itemIndex: number, run?: Tally): string {
	const lines = [escapeHtml(failure.remedy)];
	if (run) lines.push(accountFor(failure, itemIndex, run));
	const reference = [
		failure.type && `Type: ${escapeHtml(failure.type)}`,
		failure.instance && `Request ID: ${escapeHtml(failure.instance)}`,
	].filter(Boolean);
	if (reference.length > 0) lines.push(reference.join(' · '));
	return lines.join('<br>');
}

/** "Item 3 of 10 was refused. The other items: 2 performed (1, 2), 7 not sent (4–10)." */
function accountFor({ outcome }: Failure, itemIndex: number, tally: Tally): string {
	const total = Object.values(tally).reduce((sum, items) => sum + items.length, 0);
	const others = (fate: keyof Tally, words: string, isAlwaysSaid = false) => {
		const items = tally[fate].filter((item) => item !== itemIndex);
		if (items.length === 0) return isAlwaysSaid ? `0 ${words}` : undefined;
		return `${items.length} ${words} (${ranges(items)})`;
	};
	const rest = [
		others('performed', 'performed', true),
		others('refused', 'refused'),
		others('unknown', 'perhaps performed'),
		others('not_sent', 'not sent', true),
	].filter(Boolean);
	return `Item ${itemIndex + 1} of ${total} ${FATES[outcome]}. The other items: ${rest.join(', ')}.`;
}

const FATES: Readonly<Record<Outcome, string>> = {
	refused: 'was refused',
	not_sent: 'was not sent',
	unknown: 'may have been performed',
};

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
