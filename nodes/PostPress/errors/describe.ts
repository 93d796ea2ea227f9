import type { Failure } from './failure';

/** How the items of one run stand, for the error that ends the run. */
export interface Account {
	performed: number;
	refused: number;
	not_sent: number;
	unknown: number;
}

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
 * The description of the error: remedy, account of the run, type and request id.
 * n8n's editor renders it as HTML, so everything that comes from outside is escaped.
 *
 * @param position of the failed item, counted from 1, in a run of more than one item
 */
export function howToGetUnstuck(
	failure: Failure,
	position?: { item: number; total: number; account: Account },
): string {
	const lines = [escapeHtml(failure.remedy)];
	if (position) lines.push(accountFor(position.item, position.total, position.account, failure));
	const reference = [
		failure.type && `Type: ${escapeHtml(failure.type)}`,
		failure.instance && `Request ID: ${escapeHtml(failure.instance)}`,
	].filter(Boolean);
	if (reference.length > 0) lines.push(reference.join(' · '));
	return lines.join('<br>');
}

/** "Item 3 of 10 was refused. 2 items were performed, 7 were not sent." */
function accountFor(item: number, total: number, account: Account, failure: Failure): string {
	const fate = {
		refused: 'was refused',
		not_sent: 'was not sent',
		unknown: 'may have been performed',
	}[failure.outcome];
	const others = { ...account, [failure.outcome]: account[failure.outcome] - 1 };
	const rest = [
		`${others.performed} performed`,
		others.refused > 0 && `${others.refused} refused`,
		others.unknown > 0 && `${others.unknown} perhaps performed`,
		`${others.not_sent} not sent`,
	].filter(Boolean);
	return `Item ${item} of ${total} ${fate}. The other items: ${rest.join(', ')}.`;
}

function escapeHtml(text: string): string {
	return text
		.replace(/&/g, '&amp;')
		.replace(/</g, '&lt;')
		.replace(/>/g, '&gt;')
		.replace(/"/g, '&quot;')
		.replace(/'/g, '&#39;');
}
