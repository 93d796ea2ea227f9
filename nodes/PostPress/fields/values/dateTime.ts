import { DateTime } from 'luxon';

import { refuse } from './value';

/** Between evaluating `{{ $now }}` and reading it a moment passes; that is not "in the past". */
const MOMENT = 5_000;

/** Nobody plans further ahead; a later time means that the unit is wrong (microseconds, nanoseconds). */
const YEARS_AHEAD = 10;

const IN_MILLISECONDS = 'Give UNIX time in milliseconds: seconds times 1000.';

/**
 * A point in time as UNIX milliseconds.
 *
 * @param value text of n8n's date picker or ISO 8601 (in `timezone` unless it names an offset), UNIX
 *   milliseconds as number or digits, a JavaScript Date, or a Luxon DateTime
 * @param now current time in milliseconds since 1970; earlier values are refused
 * @throws ValueRefused for a value that is unreadable or in the past
 */
export function unixMilliseconds(
	value: unknown,
	displayName: string,
	timezone: string,
	now: number,
): number {
	const milliseconds = Math.trunc(read(value, timezone));
	if (Number.isNaN(milliseconds)) {
		refuse(
			displayName,
			value,
			'is not a date and time',
			'Write it as 2027-01-31T09:00, use the date picker, or give UNIX milliseconds.',
		);
	}
	const inSeconds = milliseconds > 0 && isNear(milliseconds * 1000, now);
	if (isPast(milliseconds, now)) {
		const choose = `Choose a later time (timezone: ${timezone}). Empty means at once.`;
		refuse(displayName, value, 'is in the past', inSeconds ? IN_MILLISECONDS : choose);
	}
	if (!isNear(milliseconds, now)) {
		refuse(displayName, value, `is more than ${YEARS_AHEAD} years ahead`, IN_MILLISECONDS);
	}
	return milliseconds;
}

/** @param milliseconds and `now`: since 1970 */
export function isPast(milliseconds: number, now: number): boolean {
	return milliseconds < now - MOMENT;
}

/** "27 Nov 2026, 09:00 (Europe/Berlin)" */
export function inWords(milliseconds: number, timezone: string): string {
	const time = DateTime.fromMillis(milliseconds, { zone: timezone, locale: 'en' });
	return `${time.toFormat('d LLL yyyy, HH:mm')} (${timezone})`;
}

function read(value: unknown, timezone: string): number {
	if (typeof value === 'number') return value;
	if (typeof value === 'string') {
		const text = value.trim();
		if (/^\d{9,}$/.test(text)) return Number(text);
		const iso = DateTime.fromISO(text, { zone: timezone });
		return (iso.isValid ? iso : DateTime.fromSQL(text, { zone: timezone })).toMillis();
	}
	// A Date, or a DateTime of whichever copy of Luxon the expression used.
	if (typeof value === 'object' && value !== null) {
		const { toMillis, getTime } = value as { toMillis?: unknown; getTime?: unknown };
		if (typeof toMillis === 'function') return Number(toMillis.call(value));
		if (typeof getTime === 'function') return Number(getTime.call(value));
	}
	return NaN;
}

function isNear(milliseconds: number, now: number): boolean {
	return Math.abs(milliseconds - now) < YEARS_AHEAD * 366 * 24 * 3600 * 1000;
}
