import type { OnError } from 'n8n-workflow';

import { failed, performed } from '../../harness/engine';
import {
	addCandidate,
	errorData,
	errorsOf,
	fates,
	people,
	startDelivery,
	usersOf,
	type Settings,
	type Where,
} from './support/delivery';
import { CONTINUE_MODES } from './support/rig';

const delivery = startDelivery();

const items = people(3);

/** A credential by an id of its own, so that what is stored under the usual one does not help. */
const own = { postPressApi: { id: 'own', name: 'Own' } };

const stored = (data: { apiKey: string }) => ({
	credentials: [
		{
			id: 'own',
			name: 'Own',
			type: 'postPressApi',
			data: { baseUrl: delivery.sandbox.url, ...data },
		},
	],
});

/** Ways in which a credential cannot be had: how the node refers to it, and what n8n has stored. */
const ways: Array<[name: string, Settings['credentials'], where: () => Where]> = [
	['was deleted', own, () => ({})],
	['was never chosen', {}, () => ({})],
	[
		'cannot be decrypted',
		own,
		() => ({
			credentials: [{ id: 'own', name: 'Own', type: 'postPressApi', data: {}, isUnreadable: true }],
		}),
	],
	[
		'has an expression that fails',
		own,
		() => stored({ apiKey: "={{ $('Nowhere').item.json.key }}" }),
	],
	['has an expression that comes out empty', own, () => stored({ apiKey: '={{ $json.key }}' })],
	['has an expression that finds nothing', own, () => stored({ apiKey: '={{ $json.no.key }}' })],
];

describe.each(ways)('a credential that %s', (_, credentials, where) => {
	test.each(CONTINUE_MODES)('sends nobody, and says so for each: %s', async (onError) => {
		const result = await delivery.run({ items, credentials, onError }, where());
		expect(delivery.sandbox.requests).toEqual([]);
		expect(fates(result)).toEqual(['not_sent', 'not_sent', 'not_sent']);
		for (const [index, error] of errorsOf(result).entries()) {
			expect(error.message).toMatch(/credential/i);
			expect(error).toMatchObject({ attempts: 0, user: items[index].user });
		}
		const isMoved = onError === 'continueErrorOutput';
		expect(performed(result)).toHaveLength(isMoved ? 0 : 3);
		expect(failed(result).map(({ json }) => json)).toMatchObject(isMoved ? items : []);
	});

	test('stops the workflow, and says that nobody was sent', async () => {
		const result = await delivery.run({ items, credentials }, where());
		expect(result.status).toBe('error');
		expect(delivery.sandbox.requests).toEqual([]);
		expect(result.error?.message).toMatch(/credential/i);
		expect(errorData(result)).toMatchObject({ outcome: 'not_sent', attempts: 0 });
	});

	test('is needed for no preview', async () => {
		const parameters = { ...addCandidate, previewOnly: true };
		const result = await delivery.run({ items, parameters, credentials }, where());
		expect(result.status).toBe('success');
		expect(performed(result).map(({ json }) => json)).toMatchObject(
			items.map(() => ({ preview: true, outcome: 'not_sent', body: { account_id: 'acc_a' } })),
		);
	});
});

describe("with n8n's Retry On Fail", () => {
	const retryOnFail = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
	const everyMode: OnError[] = ['stopWorkflow', ...CONTINUE_MODES];

	/** Breaks the credential for as long as `isBroken` says so. */
	const breaking = (isBroken: () => boolean): Where => ({
		beforeCredentialRead() {
			if (isBroken()) throw new Error('The database is not there');
		},
	});

	test.each(everyMode)('a credential that could not be read is read again: %s', async (onError) => {
		let reads = 0;
		const where = breaking(() => ++reads === 1);
		const result = await delivery.run({ items, onError, ...retryOnFail }, where);
		expect(reads).toBeGreaterThan(1);
		expect(result.status).toBe('success');
		expect(fates(result)).toEqual(['performed', 'performed', 'performed']);
		expect(usersOf(delivery.sandbox.requests)).toEqual(items.map(({ user }) => user));
	});

	describe('a credential that breaks after the first request', () => {
		const afterTheFirst = () => breaking(() => delivery.sandbox.requests.length > 0);
		const two = [
			{ account: 'acc_a', user: 'AEM0' },
			{ account: 'acc_b', user: 'AEM1' },
		];

		test('leaves performed what was performed', async () => {
			delivery.sandbox.fail(
				{ kind: 'apiError', type: 'unprocessable_entity' },
				{ userId: 'AEM1', times: 'always' },
			);
			const result = await delivery.run({ items: two, ...retryOnFail }, afterTheFirst());
			expect(result.status).toBe('error');
			expect(result.error?.description).toContain('1 performed (1)');
			expect(usersOf(delivery.sandbox.performed)).toEqual(['AEM0']);
			expect(usersOf(delivery.sandbox.requests).filter((user) => user === 'AEM0')).toHaveLength(1);
		});

		test('is not read again: who is in doubt is asked for again, and performed once', async () => {
			delivery.sandbox.fail({ kind: 'drop', when: 'after' }, { userId: 'AEM0' });
			const settings = { items: two, options: { maxRetries: 0 }, ...retryOnFail };
			const result = await delivery.run(
				{ ...settings, onError: 'continueErrorOutput' },
				afterTheFirst(),
			);
			expect(fates(result)[0]).toBe('performed');
			expect(usersOf(delivery.sandbox.performed)).toContain('AEM0');
			expect(delivery.sandbox.performed.filter(({ userId }) => userId === 'AEM0')).toHaveLength(1);
		});
	});
});

test('Executions > Retry with a credential that cannot be read any more leaves unknown what is unknown', async () => {
	delivery.sandbox.fail({ kind: 'drop', when: 'after' }, { userId: 'AEM0' });
	const first = await delivery.run({ items: people(1), options: { maxRetries: 0 } });
	expect(errorData(first)).toMatchObject({ outcome: 'unknown' });
	const second = await delivery.retry(first, {
		beforeCredentialRead() {
			throw new Error('The database is not there');
		},
	});
	expect(errorData(second)).toMatchObject({
		outcome: 'unknown',
		message: expect.stringContaining('The answer to an earlier try was lost'),
	});
	expect(delivery.sandbox.requests).toHaveLength(1);
});
