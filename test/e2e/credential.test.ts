import type { Page } from 'playwright-core';
import { freePort } from '../../harness/freePort';
import { CredentialDialog } from '../../harness/editor/credentialDialog';
import { startEditorBench } from './support/editorBench';

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
