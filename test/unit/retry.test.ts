import { pauseBetweenPeople } from '../../nodes/PostPress/delivery/lane';
import { waitBeforeRetry } from '../../nodes/PostPress/delivery/retry';
import { clientFailure, type Failure } from '../../nodes/PostPress/errors/failure';
import { retryAfter } from '../../nodes/PostPress/transport/answer';
import type { Options } from '../../nodes/PostPress/fields/options';

const MIDDLE = 0.5;

const failure = (rest: Partial<Failure> = {}): Failure =>
	clientFailure('client/network', 'not_sent', { title: '', remedy: '', retry: 'yes', ...rest });

const options = (rest: Partial<Options> = {}): Options => ({
	alreadyPerformedIsSuccess: false,
	pause: 0,
	maxRetries: 10,
	retryWait: 1000,
	idempotencyKey: undefined,
	includeInputFields: false,
	...rest,
});

describe('the wait before a retry', () => {
	const waits = (rest: Partial<Options>, random = MIDDLE) =>
		[1, 2, 3, 4, 5, 6, 7].map((tries) => waitBeforeRetry(failure(), tries, options(rest), random));

	test('doubles with each try, up to half a minute', () => {
		expect(waits({})).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
	});

	test('varies by chance, and never exceeds half a minute', () => {
		const [least] = waits({}, 0);
		const [most] = waits({}, 1);
		expect(least).toBeLessThan(1000);
		expect(least).toBeGreaterThanOrEqual(500);
		expect(most).toBeGreaterThan(1000);
		expect(most).toBeLessThanOrEqual(1500);
		expect(Math.max(...waits({}, 1).map(Number))).toBe(30_000);
	});

	test('is not there after as many retries as the option allows', () => {
		expect(waits({ maxRetries: 2 }).map((wait) => wait !== undefined)).toEqual([
			true,
			true,
			false,
			false,
			false,
			false,
			false,
		]);
		expect(waitBeforeRetry(failure(), 1, options({ maxRetries: 0 }), MIDDLE)).toBeUndefined();
	});

	test('is not there for a failure that must not be repeated', () => {
		expect(waitBeforeRetry(failure({ retry: 'no' }), 1, options(), MIDDLE)).toBeUndefined();
	});

	test('is there once for a failure that may be repeated once', () => {
		const once = failure({ retry: 'once' });
		expect(waitBeforeRetry(once, 1, options(), MIDDLE)).toBe(1000);
		expect(waitBeforeRetry(once, 2, options(), MIDDLE)).toBeUndefined();
		expect(waitBeforeRetry(once, 1, options({ maxRetries: 0 }), MIDDLE)).toBeUndefined();
	});

	test('is as long as the answer asks for', () => {
		expect(waitBeforeRetry(failure({ retryAfter: 7000 }), 1, options(), MIDDLE)).toBe(7000);
		expect(waitBeforeRetry(failure({ retryAfter: 200 }), 1, options(), MIDDLE)).toBe(1000);
		expect(waitBeforeRetry(failure({ retryAfter: 90_000 }), 1, options(), MIDDLE)).toBe(90_000);
	});

	test('is not there if the answer asks for longer than a workflow should stand still', () => {
		const long = failure({ retryAfter: 24 * 3600 * 1000 });
		expect(waitBeforeRetry(long, 1, options(), MIDDLE)).toBeUndefined();
	});

	test('has nothing to do with the pause between people', () => {
		expect(waitBeforeRetry(failure(), 1, options({ pause: 60_000 }), MIDDLE)).toBe(1000);
	});

	test('is no longer than the patience of whoever asks', () => {
		const asked = failure({ retryAfter: 90_000 });
		expect(waitBeforeRetry(asked, 1, options(), MIDDLE, 20_000)).toBeUndefined();
	});

	test('may be nothing', () => {
		expect(waitBeforeRetry(failure(), 1, options({ retryWait: 0 }), MIDDLE)).toBe(0);
	});
});

test('the pause between people is its mean plus or minus a half', () => {
	expect([0, MIDDLE, 1].map((random) => pauseBetweenPeople(60_000, random))).toEqual([
		30_000, 60_000, 90_000,
	]);
	expect(pauseBetweenPeople(0, 1)).toBe(0);
});

describe('Retry-After', () => {
	const now = Date.UTC(2026, 5, 15, 12);
	const read = (value: string | number | undefined) => retryAfter({ 'retry-after': value }, now);

	test.each([
		['seconds', '120', 120_000],
		['no seconds', '0', 0],
		['spaces around', ' 3 ', 3000],
		['a number', 5, 5000],
		['a date', 'Mon, 15 Jun 2026 12:00:30 GMT', 30_000],
		['a date in the past', 'Mon, 15 Jun 2026 11:00:00 GMT', 0],
	])('may be %s', (_, value, expected) => {
		expect(read(value)).toBe(expected);
	});

	test.each([undefined, '', ' ', 'soon', 'NaN', 'Infinity'])(
		'says nothing if it is %p',
		(value) => {
			expect(read(value)).toBeUndefined();
		},
	);

	test('never asks for less than no wait', () => {
		expect(read('-5') ?? 0).toBe(0);
	});

	test('may be missing together with all headers', () => {
		expect(retryAfter(undefined, now)).toBeUndefined();
		expect(retryAfter({}, now)).toBeUndefined();
	});
});
