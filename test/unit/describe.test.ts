import {
	howToGetUnstuck,
	whatHappened,
	whatHappenedAndWhatToDo,
} from '../../nodes/PostPress/errors/describe';
import { type Tally, validationFailure, type Failure } from '../../nodes/PostPress/errors/failure';

const failure = (rest: Partial<Failure> = {}): Failure => ({
	type: 'errors/invalid_account',
	title: 'Invalid account',
	detail: 'A Recruiter seat is required.',
	status: 422,
	instance: 'req_1',
	outcome: 'refused',
	retry: 'no',
	remedy: 'Choose another account.',
	...rest,
});

describe('what happened', () => {
	test('is title and detail, without a full stop', () => {
		expect(whatHappened(failure())).toBe('Invalid account: A Recruiter seat is required');
	});

	test('is the title alone where there is no detail', () => {
		expect(whatHappened(failure({ detail: null, title: 'Gone... ' }))).toBe('Gone');
	});

	test('names the parameter', () => {
		expect(whatHappened(failure({ parameter: 'Account' }))).toBe(
			'Invalid account: A Recruiter seat is required (parameter "Account")',
		);
	});

	test('says to whom', () => {
		expect(whatHappened(failure({ detail: null }), 'AEM1')).toBe('Invalid account (person: AEM1)');
		expect(whatHappened(failure({ detail: null, parameter: 'Account' }), ' AE\nM1 ')).toBe(
			'Invalid account (parameter "Account", person: AE M1)',
		);
		const long = whatHappened(failure({ detail: null }), 'x'.repeat(10_000));
		expect(long.length).toBeLessThan(150);
		expect(whatHappened(failure({ detail: null }), '  ')).toBe('Invalid account');
	});

	test('says to whom even if the name is part of a word', () => {
		expect(whatHappened(failure(), 'ali')).toMatch(/\(person: ali\)$/);
		const quoted = validationFailure('User: "anna" is not an ID', 'User');
		expect(whatHappened(quoted, 'anna')).toBe('User: "anna" is not an ID');
	});

	test('does not name the parameter twice', () => {
		const refused = validationFailure('Stage: "HIRED" is not one of …', 'Stage');
		expect(whatHappened(refused)).toBe('Stage: "HIRED" is not one of …');
	});

	test('says when the action may have been performed', () => {
		expect(whatHappened(failure({ outcome: 'unknown' }))).toBe(
			'Invalid account: A Recruiter seat is required. The action may have been performed',
		);
		expect(whatHappened(failure({ outcome: 'not_sent' }))).not.toContain('performed');
	});

	test('may end with what to do about it', () => {
		expect(whatHappenedAndWhatToDo(failure({ outcome: 'unknown', parameter: 'Account' }))).toBe(
			'Invalid account: A Recruiter seat is required (parameter "Account"). The action may have been performed. Look at the person on LinkedIn before you run this item again. Choose another account.',
		);
	});
});

describe('how to get unstuck', () => {
	test('is the remedy, then type and request id', () => {
		expect(howToGetUnstuck(failure(), 0)).toBe(
			'Choose another account.<br>Type: errors/invalid_account · Request ID: req_1',
		);
	});

	test.each<[Partial<Failure>, string]>([
		[{ instance: null }, 'Choose another account.<br>Type: errors/invalid_account'],
		[{ type: null }, 'Choose another account.<br>Request ID: req_1'],
		[{ type: null, instance: null }, 'Choose another account.'],
	])('leaves out what there is not: %j', (rest, description) => {
		expect(howToGetUnstuck(failure(rest), 0)).toBe(description);
	});

	test("leaves out types of this node's own, which tell nobody anything", () => {
		expect(howToGetUnstuck(failure({ type: 'client/timeout', instance: null }), 0)).toBe(
			'Choose another account.',
		);
	});

	test('lets no HTML through', () => {
		const html = `<a href="x" title='y'>&amp;</a>`;
		const escaped = '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;';
		expect(howToGetUnstuck(failure({ type: html, instance: html, remedy: html }), 0)).toBe(
			`${escaped}<br>Type: ${escaped} · Request ID: ${escaped}`,
		);
	});

	test.each<[what: string, outcome: Failure['outcome'], tally: Tally, sentence: string]>([
		[
			'a refused item',
			'refused',
			{ performed: [0, 1], refused: [2], not_sent: [3, 4, 5, 6, 7, 8, 9], unknown: [] },
			'Item 3 of 10 was refused. The other items: 2 performed (1–2), 7 not sent (4–10).',
		],
		[
			'an item that was not sent',
			'not_sent',
			{ performed: [], refused: [], not_sent: [0, 1, 2, 3], unknown: [] },
			'Item 3 of 4 was not sent. The other items: 0 performed, 3 not sent (1–2, 4).',
		],
		[
			'an item whose answer was lost',
			'unknown',
			{ performed: [1, 0, 3], refused: [], not_sent: [], unknown: [2] },
			'Item 3 of 4 may have been performed. The other items: 3 performed (1–2, 4), 0 not sent.',
		],
		[
			'items of several accounts that failed at the same time',
			'refused',
			{ performed: [9], refused: [2, 5, 7], not_sent: [8, 6, 3, 1], unknown: [4, 0] },
			'Item 3 of 10 was refused. The other items: 1 performed (10), 2 refused (6, 8), 2 perhaps performed (1, 5), 4 not sent (2, 4, 7, 9).',
		],
	])('accounts for all items, after %s', (_, outcome, tally, sentence) => {
		const [, line] = howToGetUnstuck(failure({ outcome }), 2, tally).split('<br>');
		expect(line).toBe(sentence);
	});

	test('leaves the tally as it is', () => {
		const tally: Tally = { performed: [1], refused: [0], not_sent: [3, 2], unknown: [] };
		howToGetUnstuck(failure(), 0, tally);
		expect(tally).toEqual({ performed: [1], refused: [0], not_sent: [3, 2], unknown: [] });
	});
});
