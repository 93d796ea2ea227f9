import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Page } from 'playwright-core';
import { CREDENTIAL_TYPE } from '../../harness/app/examples';
import type { SavedCredential } from '../../harness/app/rest';
import { addCandidate, chain, items, manualTrigger, postPress } from '../../harness/app/workflows';
import { freePort } from '../../harness/freePort';
import { CredentialDialog } from '../../harness/editor/credentialDialog';
import { locator } from '../../harness/locators';
import { startEditorBench } from './support/editorBench';
import { outputsOf } from './support/executions';
import { runFrom } from './support/runs';

const bench = startEditorBench();
let page: Page;

beforeAll(async () => {
	page = await bench.openPage();
});

test('a new credential asks for a key and an address, with the address filled in', async () => {
	const dialog = await CredentialDialog.create(page, bench.url, 'PostPress API');
	expect(await dialog.value('baseUrl')).toBe('https://api.postpress.ai/v1');
	expect(await dialog.value('apiKey')).toBe('');
	expect(await dialog.field('apiKey').locator('input').getAttribute('type')).toBe('password');
});

test('with the key of the sandbox the test passes', async () => {
	const dialog = await CredentialDialog.create(page, bench.url, 'PostPress API');
	await dialog.fill({ apiKey: bench.sandbox.apiKey, baseUrl: bench.sandbox.url });
	await dialog.save();
	expect(await dialog.verdict()).toBe('Connection tested successfully');
});

test('a key with a line break at its end and an address with a slash at its end pass', async () => {
	const dialog = await CredentialDialog.create(page, bench.url, 'PostPress API');
	await dialog.fill({
		apiKey: ` ${bench.sandbox.apiKey} `,
		baseUrl: `${bench.sandbox.url}/`,
	});
	await dialog.save();
	expect(await dialog.verdict()).toBe('Connection tested successfully');
});

describe('a clear sentence for', () => {
	test('a wrong key', async () => {
		const dialog = await CredentialDialog.create(page, bench.url, 'PostPress API');
		await dialog.fill({ apiKey: 'pp_test_wrong', baseUrl: bench.sandbox.url });
		await dialog.save();
		expect(await dialog.verdict()).toBe('Couldn’t connect with these settings');
		expect(await dialog.reason()).toBe(
			'PostPress does not accept this API key. Copy it again from your PostPress dashboard.',
		);
	});

	test('a wrong path', async () => {
		const baseUrl = new URL('/v7', bench.sandbox.url).href;
		const dialog = await CredentialDialog.create(page, bench.url, 'PostPress API');
		await dialog.fill({ apiKey: bench.sandbox.apiKey, baseUrl });
		await dialog.save();
		expect(await dialog.reason()).toContain(`There is no PostPress API at ${baseUrl}.`);
	});

	test('a dead host', async () => {
		const host = `127.0.0.1:${await freePort()}`;
		const dialog = await CredentialDialog.create(page, bench.url, 'PostPress API');
		await dialog.fill({ apiKey: bench.sandbox.apiKey, baseUrl: `http://${host}/v1` });
		await dialog.save();
		const reason = await dialog.reason();
		expect(reason).toContain(host);
		expect(reason).toContain('Check the Base URL');
	});
});

test('a stored key is not sent back to the browser', async () => {
	const stored = JSON.stringify(
		await bench.rest.get(`credentials/${bench.credential.id}?includeData=true`),
	);
	expect(stored).toContain('baseUrl');
	expect(stored).not.toContain(bench.sandbox.apiKey);
});

describe('people who are to be sent with a credential that', () => {
	const PEOPLE = ['Amara', 'Bea', 'Chidi'].map((name) => ({ person: `AEMAA${name}`, name }));

	/** Ways in which it is gone by the time of the run. */
	test.each<[string, ((credential: SavedCredential) => unknown) | undefined]>([
		['was deleted', ({ id }) => bench.rest.delete(`credentials/${id}`)],
		['cannot be decrypted', spoil],
		['nobody has chosen', undefined],
	])('%s: all leave by the error output, not sent', async (name, lose) => {
		bench.sandbox.reset();
		const { apiKey, url: baseUrl } = bench.sandbox;
		const data = { apiKey, baseUrl };
		const credential = await bench.rest.saveCredential(`One that ${name}`, CREDENTIAL_TYPE, data);
		const parameters = addCandidate('', { userId: locator('id', '={{ $json.person }}') });
		const sending = postPress(credential, parameters, { onError: 'continueErrorOutput' });
		if (!lose) delete sending.credentials;
		const { id } = await bench.rest.createWorkflow(
			chain('Without a credential', [manualTrigger(), items(PEOPLE), sending]),
		);
		await lose?.(credential);

		const run = await runFrom(bench.rest, id, 'Start');
		const [done, failed] = outputsOf(await bench.rest.execution(run.id), 'PostPress');
		expect(done).toEqual([]);
		expect(failed.map(({ json }) => json)).toEqual(
			PEOPLE.map((person) => ({
				...person,
				error: expect.objectContaining({
					outcome: 'not_sent',
					user: person.person,
					attempts: 0,
					message: expect.stringMatching(/credential/i),
				}),
			})),
		);
		expect(bench.sandbox.requests).toEqual([]);
	});

	/** As after a change of n8n's encryption key. */
	function spoil({ id }: SavedCredential): void {
		const database = new DatabaseSync(path.join(bench.userFolder, '.n8n', 'database.sqlite'), {
			timeout: 10_000,
		});
		database.prepare('UPDATE credentials_entity SET data = ? WHERE id = ?').run('U2FsdGVkX18A', id);
		database.close();
	}
});
