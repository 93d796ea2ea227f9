import type { Fault } from '../../sandbox';
import {
	addCandidate,
	byId,
	changeStage,
	errorsOf,
	fates,
	itemsOf,
	keysOf,
	people,
	rejectApplicant,
	saveLead,
	startDelivery,
	usersOf,
	type Settings,
} from './support/delivery';

const delivery = startDelivery();

const onError = 'continueErrorOutput';
const refusal: Fault = { kind: 'apiError', type: 'unprocessable_entity' };
const quick = { retryWait: 0.01 };

const keys = () => delivery.sandbox.requests.map(({ idempotencyKey }) => idempotencyKey);

/** Options with the key of an event, as an ATS names it. */
const event = (idempotencyKey: string) => ({ ...quick, idempotencyKey });

const run = async (settings: Settings = {}) => await delivery.run({ onError, ...settings });

describe('the option "Idempotency Key"', () => {
	test('makes the same event the same action in every execution', async () => {
		const options = event('greenhouse: application 46194062: rejected');
		const results = [];
		for (let times = 0; times < 3; times++) results.push(await run({ options }));
		expect(results.flatMap(fates)).toEqual(['performed', 'performed', 'performed']);
		expect(delivery.sandbox.requests).toHaveLength(3);
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(1);
		expect(delivery.sandbox.performed).toHaveLength(1);
	});

	test('makes it the same action in another node of another workflow', async () => {
		const options = event('e');
		await run({ options });
		const workflow = itemsOf({ options, onError });
		for (const node of workflow.nodes) node.id = `another ${node.id}`;
		await delivery.startWorkflow({ ...workflow, id: 'another', name: 'Another' }).finished;
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(1);
	});

	test('does not show itself to PostPress', async () => {
		await run({ options: event('Amara Okafor, 27 November') });
		expect(keys()).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
		expect(JSON.stringify(delivery.sandbox.requests)).not.toContain('Amara');
	});

	test('is another key for another event', async () => {
		await run({ options: event('a') });
		await run({ options: event('b') });
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(2);
	});

	test('two people never share a key', async () => {
		const result = await run({ items: people(5), options: event('the same for all') });
		expect(fates(result)).toEqual(Array(5).fill('performed'));
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(5);
	});

	describe('is another key for', () => {
		const base = addCandidate;
		test.each<[name: string, parameters: Settings['parameters']]>([
			['another account', { ...base, accountId: byId('acc_other') }],
			['another action', { ...base, resource: 'applicant' }],
			['another person', { ...base, userId: byId('AEMother') }],
			['another project', { ...base, hiringProjectId: byId('proj_other') }],
		])('%s', async (_, parameters) => {
			await run({ options: event('e') });
			await run({ options: event('e'), parameters });
			expect(keysOf(delivery.sandbox.requests)).toHaveLength(2);
		});

		test('another list', async () => {
			const items = [{ account: 'acc_a', user: 'ACw0' }];
			const parameters = [
				saveLead,
				{ ...saveLead, listId: byId('7') },
				{ ...saveLead, listId: byId('') },
			];
			for (const one of parameters) await run({ items, parameters: one, options: event('e') });
			expect(keysOf(delivery.sandbox.requests)).toHaveLength(3);
		});
	});

	describe('is the same key whatever', () => {
		test('the stage', async () => {
			const item = (stage: string) => ({ items: [{ ...people(1)[0], stage }] });
			for (const stage of ['CONTACTED', 'REPLIED']) {
				await run({ ...item(stage), parameters: changeStage, options: event('e') });
			}
			expect(keysOf(delivery.sandbox.requests)).toHaveLength(1);
		});

		test('the message and its time', async () => {
			const variants = [
				{ rejectionMessage: 'Thank you.' },
				{ rejectionMessage: 'Thank you very much.' },
				{ sendNotificationAt: '={{ $now.plus({ days: 1 }) }}' },
				{ notifyApplicant: false },
			];
			for (const variant of variants) {
				await run({ parameters: { ...rejectApplicant, ...variant }, options: event('e') });
			}
			expect(delivery.sandbox.requests).toHaveLength(4);
			expect(keysOf(delivery.sandbox.requests)).toHaveLength(1);
			expect(delivery.sandbox.performed).toHaveLength(1);
		});
	});

	test('stays the same after a refusal, in every try of the node and of n8n', async () => {
		delivery.sandbox.fail({ kind: 'rateLimit' }, { times: 2 });
		delivery.sandbox.fail(refusal);
		const retryOnFail = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
		const result = await run({ options: event('e'), ...retryOnFail });
		expect(fates(result)).toEqual(['performed']);
		expect(delivery.sandbox.requests).toHaveLength(4);
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(1);
	});

	test('stays the same in Executions > Retry', async () => {
		delivery.sandbox.fail(refusal, { userId: 'AEM1' });
		const first = await delivery.run({ items: people(2), options: event('e') });
		const second = await delivery.retry(first);
		expect(fates(second)).toEqual(['performed', 'performed']);
		expect(usersOf(delivery.sandbox.requests)).toEqual(['AEM0', 'AEM1', 'AEM1']);
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(2);
	});

	test('may come from the item', async () => {
		const items = ['a', 'b', 'a'].map((id) => ({ ...people(1)[0], id }));
		await run({ items, options: event('={{ $json.id }}') });
		const [first, second, third] = keys();
		expect(first).toBe(third);
		expect(first).not.toBe(second);
	});

	test.each([
		['empty', ''],
		['blank', '  '],
		['a field that is missing', '={{ $json.event_id }}'],
		['null', '={{ null }}'],
		['a text with a gap', '=ats-{{ $json.event_id }}'],
		['a text with a gap in the middle', "={{ $json.ats }}-{{ $('Trigger').item.json.event_id }}-x"],
		['a sum with an underscore', "={{ $json.ats + '_' + $json.event_id }}"],
		['a sum of what is missing', "={{ $json.ats + '-' + $json.event_id }}"],
	])('is refused where it comes out %s', async (_, idempotencyKey) => {
		const result = await run({ items: people(2), options: { ...quick, idempotencyKey } });
		expect(delivery.sandbox.requests).toEqual([]);
		expect(fates(result)).toEqual(['not_sent', 'not_sent']);
		for (const { type, message } of errorsOf(result)) {
			expect(type).toBe('client/validation');
			expect(message).toMatch(
				/Idempotency Key.*Give the ID of the event or row, or remove the option/,
			);
			expect(message).not.toContain('||');
		}
	});

	test('may be a number', async () => {
		await run({ options: { ...quick, idempotencyKey: '={{ 46194062 }}' } });
		await run({ options: event('46194062') });
		expect(keysOf(delivery.sandbox.requests)).toHaveLength(1);
	});
});

test('without the option, executions share no key', async () => {
	for (let times = 0; times < 3; times++) await run();
	expect(keysOf(delivery.sandbox.requests)).toHaveLength(3);
});
