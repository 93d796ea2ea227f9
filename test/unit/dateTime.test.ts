import { DateTime } from 'luxon';

import { whatHappenedAndWhatToDo } from '../../nodes/PostPress/errors/describe';
import type { ValueRefused } from '../../nodes/PostPress/errors/failure';
import { unixMilliseconds } from '../../nodes/PostPress/fields/values/dateTime';

const NOW = Date.UTC(2026, 5, 15, 12);
const ZONE = 'Asia/Kolkata';

const read = (value: unknown, zone = ZONE) => unixMilliseconds(value, 'Send At', zone, NOW);
/** What is wrong with a value and what to do about it, as one text. */
const refusal = (value: unknown) => {
	try {
		return `accepted as ${read(value)}`;
	} catch (error) {
		return whatHappenedAndWhatToDo((error as ValueRefused).failure);
	}
};

test.each<[what: string, value: unknown, expected: number]>([
	['text of the date picker', '2026-12-31T18:00:00', Date.UTC(2026, 11, 31, 12, 30)],
	['text with a space', '2026-12-31 18:00:00', Date.UTC(2026, 11, 31, 12, 30)],
	['text without seconds', '2026-12-31T18:00', Date.UTC(2026, 11, 31, 12, 30)],
	['a day', '2026-12-31', Date.UTC(2026, 11, 30, 18, 30)],
	['ISO in UTC', '2026-12-31T18:00:00Z', Date.UTC(2026, 11, 31, 18)],
	['ISO with an offset', '2026-12-31T18:00:00-05:00', Date.UTC(2026, 11, 31, 23)],
	['ISO with milliseconds', '2026-12-31T18:00:00.789Z', Date.UTC(2026, 11, 31, 18, 0, 0, 789)],
	['spaces around', '\t2026-12-31T18:00:00Z \n', Date.UTC(2026, 11, 31, 18)],
	['milliseconds', 1798740000000, 1798740000000],
	['milliseconds with a fraction', 1798740000000.9, 1798740000000],
	['milliseconds as text', '1798740000000', 1798740000000],
	['a Date', new Date(1798740000000), 1798740000000],
	['a Luxon date', DateTime.fromMillis(1798740000000), 1798740000000],
	[
		'a Luxon date of another zone',
		DateTime.fromMillis(1798740000000).setZone('Asia/Tokyo'),
		1798740000000,
	],
	['a date of another copy of Luxon', { toMillis: () => 1798740000000 }, 1798740000000],
])('%s is a point in time', (_, value, expected) => {
	expect(read(value)).toBe(expected);
});

test('text without an offset follows the zone through its summer time', () => {
	expect(read('2027-01-15T09:00', 'Europe/Berlin')).toBe(Date.UTC(2027, 0, 15, 8));
	expect(read('2027-07-15T09:00', 'Europe/Berlin')).toBe(Date.UTC(2027, 6, 15, 7));
});

test('the moment that passes until a value is read does not make it past', () => {
	expect(read(NOW)).toBe(NOW);
	expect(read(NOW - 1000)).toBe(NOW - 1000);
});

test.each<[what: string, value: unknown, shown: string]>([
	['words', 'next Monday', '"next Monday"'],
	['a day that does not exist', '2026-02-30T09:00', '"2026-02-30T09:00"'],
	['an hour that does not exist', '2026-12-31T25:00', '"2026-12-31T25:00"'],
	['the text of a Date', 'Thu Dec 31 2026 18:00:00 GMT', '"Thu Dec 31 2026 18:00:00 GMT"'],
	['a short number as text', '12345', '"12345"'],
	['true', true, '"true"'],
	['an object', { year: 2026 }, '"{"year":2026}"'],
	['a list', [2026, 12], '"[2026,12]"'],
	['a Date that is none', new Date('x'), ''],
	['a Luxon date that is none', DateTime.invalid('x'), ''],
])('%s is refused as no date', (_, value, shown) => {
	expect(refusal(value)).toMatch(/^Send At: ".*" is not a date and time\./);
	expect(refusal(value)).toContain(shown);
});

test('a number that is none is refused by its name', () => {
	expect(refusal(NaN)).toContain('"NaN" is not a date');
	expect(refusal(Infinity)).toMatch(/^Send At: "Infinity" is /);
});

test.each<[what: string, value: unknown]>([
	['an hour ago', NOW - 3600 * 1000],
	['last year', '2025-06-15T12:00:00Z'],
	['zero', 0],
	['before 1970', -1],
	['a Date', new Date(NOW - 60_000)],
])('%s is refused as past, and not taken for seconds', (_, value) => {
	expect(refusal(value)).toMatch(/^Send At: ".+" is in the past/);
	expect(refusal(value)).not.toContain('seconds');
});

test.each([
	['next week', NOW / 1000 + 7 * 24 * 3600],
	['yesterday', NOW / 1000 - 24 * 3600],
])('seconds are refused with a hint, for %s', (_, seconds) => {
	for (const value of [seconds, String(seconds)]) {
		expect(refusal(value)).toContain(`Send At: "${seconds}" is in the past. `);
		expect(refusal(value)).toMatch(/milliseconds.*\b1000\b/);
	}
});

test('a time that nobody plans for is refused: its unit is finer than milliseconds', () => {
	expect(refusal(NOW * 1000)).toMatch(
		/^Send At: "\d+" is more than 10 years ahead\..*milliseconds/,
	);
	expect(refusal('2226-06-15')).toMatch(/more than 10 years ahead/);
	expect(refusal('2035-06-15')).toMatch(/^accepted/);
});
