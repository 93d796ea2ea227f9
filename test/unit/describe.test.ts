import {
	howToGetUnstuck,
	whatHappened,
	whatHappenedAndRemedy,
	type Account,
} from '../../nodes/PostPress/errors/describe';
import { validationFailure, type Failure } from '../../nodes/PostPress/errors/failure';

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
		expect(whatHappenedAndRemedy(failure({ outcome: 'unknown', parameter: 'Account' }))).toBe(
			'Invalid account: A Recruiter seat is required (parameter "Account"). The action may have been performed. Choose another account.',
		);
	});
});

describe('how to get unstuck', () => {
	test('is the remedy, then type and request id', () => {
		expect(howToGetUnstuck(failure())).toBe(
			'Choose another account.<br>Type: errors/invalid_account · Request ID: req_1',
		);
	});

	test.each<[Partial<Failure>, string]>([
		[{ instance: null }, 'Choose another account.<br>Type: errors/invalid_account'],
		[{ type: null }, 'Choose another account.<br>Request ID: req_1'],
		[{ type: null, instance: null }, 'Choose another account.'],
	])('leaves out what there is not: %j', (rest, description) => {
		expect(howToGetUnstuck(failure(rest))).toBe(description);
	});

	test('lets no HTML through', () => {
		const html = `<a href="x" title='y'>&amp;</a>`;
		const escaped = '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;';
		expect(howToGetUnstuck(failure({ type: html, instance: html, remedy: html }))).toBe(
			`${escaped}<br>Type: ${escaped} · Request ID: ${escaped}`,
		);
	});

	test.each<[what: string, outcome: Failure['outcome'], account: Account, sentence: string]>([
		[
			'a refused item',
			'refused',
			{ performed: 2, refused: 1, not_sent: 7, unknown: 0 },
			'Item 3 of 10 was refused. The other items: 2 performed, 7 not sent.',
		],
		[
			'an item that was not sent',
			'not_sent',
			{ performed: 0, refused: 0, not_sent: 10, unknown: 0 },
			'Item 3 of 10 was not sent. The other items: 0 performed, 9 not sent.',
		],
		[
			'an item whose answer was lost',
			'unknown',
			{ performed: 9, refused: 0, not_sent: 0, unknown: 1 },
			'Item 3 of 10 may have been performed. The other items: 9 performed, 0 not sent.',
		],
		[
			'items of several accounts that failed at the same time',
			'refused',
			{ performed: 1, refused: 3, not_sent: 4, unknown: 2 },
			'Item 3 of 10 was refused. The other items: 1 performed, 2 refused, 2 perhaps performed, 4 not sent.',
		],
	])('accounts for all items, after %s', (_, outcome, account, sentence) => {
		const position = { item: 3, total: 10, account };
		const [, line] = howToGetUnstuck(failure({ outcome }), position).split('<br>');
		expect(line).toBe(sentence);
	});

	test('leaves the account as it is', () => {
		const account: Account = { performed: 1, refused: 1, not_sent: 0, unknown: 0 };
		howToGetUnstuck(failure(), { item: 1, total: 2, account });
		expect(account).toEqual({ performed: 1, refused: 1, not_sent: 0, unknown: 0 });
	});
});
