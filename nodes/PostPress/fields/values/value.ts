import { ValueRefused, validationFailure } from '../../errors/failure';
import { cut, oneLine } from '../../errors/text';

/**
 * Refuses a value. Nothing is sent for the item.
 *
 * @param reason goes on after the value: `User: "ACo…" is a classic LinkedIn ID`
 * @param advice what to do instead: a sentence
 */
export function refuse(
	displayName: string,
	value: unknown,
	reason: string,
	advice?: string,
): never {
	throw new ValueRefused(
		validationFailure(`${displayName}: ${shown(value)} ${reason}`, displayName, advice),
	);
}

/** Refuses a value that is not there. */
export function refuseEmpty(displayName: string, advice: string): never {
	throw new ValueRefused(
		validationFailure(`${displayName} is empty for this item`, displayName, advice),
	);
}

/**
 * Refuses a text with a gap, if there is one.
 * @param gap what `gapIn` gave
 */
export function refuseGap(displayName: string, gap: string | undefined, advice?: string): void {
	if (gap === undefined) return;
	const isField = gap.startsWith('$');
	const what = isField ? `the field ${gap} is empty for this item` : `a field is "${gap}"`;
	const title = `${displayName}: ${what}, which would leave a gap in the text`;
	const mayBeEmpty = isField ? ` If it may be empty, write {{ ${gap} || '' }}.` : '';
	const failure = validationFailure(
		title,
		displayName,
		advice ?? `Complete the data.${mayBeEmpty}`,
	);
	throw new ValueRefused(failure);
}

/** Whether a parameter holds nothing: not set, null, or only white space. */
export function isEmpty(value: unknown): value is undefined | null | '' {
	return (
		value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
	);
}

/**
 * Whether a switch is on. The text "false" is off: a truthy reading would, for example, notify somebody who was
 * to be rejected silently. An expression that came out empty is refused: it is neither.
 *
 * @param value undefined where the switch is not set: off
 * @param advice what to do about a value that is neither: a sentence
 */
export function isOn(
	value: unknown,
	displayName: string,
	advice = 'Its expression has to give true or false.',
): boolean {
	if (typeof value === 'boolean') return value;
	if (value === undefined) return false;
	if (isEmpty(value)) refuseEmpty(displayName, advice);
	const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
	if (text === 'true') return true;
	if (text === 'false') return false;
	return refuse(displayName, value, 'is neither true nor false', advice);
}

/** A value as a person would recognise it, in quotes, at most 80 characters. */
export function shown(value: unknown): string {
	return `"${cut(oneLine(typeof value === 'object' ? asJson(value) : String(value)) ?? '', 80)}"`;
}

function asJson(value: object | null): string {
	try {
		return JSON.stringify(value);
	} catch {
		return Object.prototype.toString.call(value);
	}
}
