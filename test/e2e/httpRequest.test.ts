import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { chain, manualTrigger, node, postPress } from '../../harness/app/workflows';
import { CREDENTIAL_TYPE } from '../../harness/app/examples';
import type { SavedCredential } from '../../harness/app/rest';
import { openNode, openWorkflow } from '../../harness/editor/editor';
import { startEditorBench } from './support/editorBench';
import { runFrom, type Run } from './support/runs';

// The credential in n8n's own HTTP Request node ("Predefined Credential Type"): for what the node does not do.

const bench = startEditorBench();

beforeEach(() => bench.sandbox.reset());

/** Asks for the accounts with a credential, as docs/more-of-postpress.md shows it. */
async function askForAccounts(
	{ id, name }: SavedCredential,
	baseUrl = bench.sandbox.url,
): Promise<Run> {
	const request = node(
		'Accounts',
		'n8n-nodes-base.httpRequest',
		{
			url: `${baseUrl}/accounts`,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: CREDENTIAL_TYPE,
			options: {},
		},
		{ typeVersion: 4.2, credentials: { [CREDENTIAL_TYPE]: { id, name } } },
	);
	const workflow = await bench.rest.createWorkflow(chain('Accounts', [manualTrigger(), request]));
	return await runFrom(bench.rest, workflow.id, 'Start');
}

/** A credential for the sandbox that differs from the usual one. */
async function credential(name: string, more: object): Promise<SavedCredential> {
	const { apiKey, url: baseUrl } = bench.sandbox;
	return await bench.rest.saveCredential(name, CREDENTIAL_TYPE, { apiKey, baseUrl, ...more });
}

test('a call carries the key, and its answer comes out', async () => {
	const run = await askForAccounts(bench.credential);
	expect(run).toMatchObject({ status: 'success', error: undefined });
	expect(run.output('Accounts')).toMatchObject([
		{
			object: 'AccountList',
			items: expect.arrayContaining([expect.objectContaining({ type: 'LINKEDIN' })]),
		},
	]);
	expect(bench.sandbox.requests).toMatchObject([
		{ method: 'GET', headers: { 'x-api-key': bench.sandbox.apiKey } },
	]);
});

test('a key with a line break at its end is sent without it', async () => {
	const run = await askForAccounts(
		await credential('Pasted', { apiKey: `${bench.sandbox.apiKey}\n` }),
	);
	expect(run.status).toBe('success');
});

test('a wrong key gets a sentence that says so', async () => {
	const run = await askForAccounts(await credential('Wrong', { apiKey: 'pp_test_wrong' }));
	expect(run.status).toBe('error');
	expect(run.error).toBe('Authorization failed - please check your credentials');
});

describe('the domains that the credential is for', () => {
	test('other hosts do not get the key', async () => {
		const domains = { allowedHttpRequestDomains: 'domains', allowedDomains: 'api.postpress.ai' };
		const run = await askForAccounts(await credential('For PostPress alone', domains));
		expect(run.status).toBe('error');
		expect(run.error).toContain('Domain not allowed');
		expect(bench.sandbox.requests).toEqual([]);
	});

	test('its own host does', async () => {
		const allowedDomains = new URL(bench.sandbox.url).hostname;
		const domains = { allowedHttpRequestDomains: 'domains', allowedDomains };
		const run = await askForAccounts(await credential('For this host', domains));
		expect(run.status).toBe('success');
	});

	// Without them n8n follows a redirect with the key: docs/more-of-postpress.md says so.
	test.each([
		['no', undefined, 'success'],
		['its own', '127.0.0.1', 'error'],
	] as const)('%s domain: where a redirect leads', async (_which, allowedDomains, status) => {
		const other = `http://localhost:${new URL(bench.sandbox.url).port}/v1/accounts`;
		const redirect = http.createServer((_request, response) => {
			response.writeHead(302, { location: other }).end();
		});
		await new Promise<void>((resolve) => redirect.listen(0, '127.0.0.1', resolve));
		const baseUrl = `http://127.0.0.1:${(redirect.address() as AddressInfo).port}`;
		const domains = allowedDomains && { allowedHttpRequestDomains: 'domains', allowedDomains };
		const run = await askForAccounts(
			await credential(`Redirected, ${allowedDomains ?? 'anywhere'}`, { ...domains }),
			baseUrl,
		);
		redirect.close();
		expect(run.status).toBe(status);
		const keys = bench.sandbox.requests.map(({ headers }) => headers['x-api-key']);
		expect(keys).toEqual(status === 'success' ? [bench.sandbox.apiKey] : []);
	});
});

test('Custom API Call in the lists of the node sends people to the HTTP Request node', async () => {
	const { id } = await bench.rest.createWorkflow(
		chain('Custom', [manualTrigger(), postPress(bench.credential)]),
	);
	const page = await bench.openPage();
	await openWorkflow(page, bench.url, id);
	const details = await openNode(page, 'PostPress');
	await details.choose('operation', 'Custom API Call');
	const text = details.panel.getByText('node to make a custom API call').first();
	await text.waitFor();
	expect(await text.innerText()).toContain(
		"Use the HTTP Request node to make a custom API call. We'll take care of the PostPress auth for you.",
	);
});
