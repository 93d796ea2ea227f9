import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext, runInThisContext } from 'node:vm';

import {
	manyEntries,
	startSandbox,
	type Fault,
	type Sandbox,
	type SandboxOptions,
} from '../../sandbox';
import { n8nClock, startEngine, type Engine } from '../../harness/engine';

const ACCOUNT = 'acc_linkedin_01HXYZ4QK3WJ8FN3M6QH7TZ8GR';
const salesAccount = {
	accountId: { __rl: true, mode: 'id', value: 'acc_linkedin_01JE6DQPM6TTSQB8BKN3P4RXCC' },
};
const account = { accountId: { __rl: true, mode: 'id', value: ACCOUNT } };

let engine: Engine;
let sandbox: Sandbox;

async function use(options: SandboxOptions = {}): Promise<void> {
	await sandbox?.close();
	sandbox = await startSandbox(options);
	await engine.saveCredentials({
		postPressApi: { apiKey: sandbox.apiKey, baseUrl: sandbox.url },
	});
}

const accounts = async (filter?: string) =>
	(await engine.editor.listSearch('searchAccounts', {}, filter)).results;
const projects = async (filter?: string, parameters: object = account) =>
	(await engine.editor.listSearch('searchHiringProjects', parameters as never, filter)).results;
const leadLists = async (filter?: string) =>
	(await engine.editor.listSearch('searchLeadLists', salesAccount, filter)).results;

beforeAll(async () => {
	engine = await startEngine({ expressionEngine: 'legacy' });
});
afterAll(async () => {
	await engine.stop();
	await sandbox.close();
});

describe('the account list', () => {
	it('offers every LinkedIn account with its products and what is wrong with it', async () => {
		await use();
		const found = await accounts();
		expect(found.map(({ name }) => name)).toEqual([
			'Hannah Keller (Recruiter)',
			'Marcus Adeyemi (Sales Navigator)',
			'Elena Rossi (Recruiter, Sales Navigator)',
			'Oskar Nyström (Recruiter): needs to be reconnected',
			'Mei Tan (no seat)',
		]);
		expect(found[0].value).toBe(ACCOUNT);
	});

	it('is filtered by what was typed, in any case', async () => {
		await use();
		expect((await accounts('ROSSI')).map(({ name }) => name)).toEqual([
			'Elena Rossi (Recruiter, Sales Navigator)',
		]);
		expect(await accounts('nobody of that name')).toEqual([]);
	});

	it.each(['items', 'data'] as const)('reads all pages in the shape "%s"', async (listShape) => {
		const team = Array.from({ length: 600 }, (_, index) => ({
			id: `acc_${index}`,
			name: `Account ${index}`,
			type: 'LINKEDIN',
			products: [],
			status: 'OK' as const,
			createdAt: '2026-01-01T00:00:00.000Z',
		}));
		await use({ listShape, seed: { accounts: team } });
		expect((await accounts()).map(({ value }) => value)).toEqual(team.map(({ id }) => id));
		expect(sandbox.requests).toHaveLength(3);
	});

	it('does not follow a cursor that comes again and again', async () => {
		await use();
		const body = { items: [{ id: 'acc_1', name: 'One', type: 'LINKEDIN' }], cursor: 'again' };
		sandbox.fail({ kind: 'raw', status: 200, body }, { times: 'always' });
		await accounts();
		expect(sandbox.requests).toHaveLength(2);
	});

	it('may be empty', async () => {
		await use({ seed: { accounts: [] } });
		expect(await accounts()).toEqual([]);
	});

	it('asks once while somebody types', async () => {
		await use();
		for (const filter of ['', 'e', 'el', 'ele']) await accounts(filter);
		expect(sandbox.requests).toHaveLength(1);
	});
});

describe('the lists of projects and lead lists', () => {
	it('need an account first', async () => {
		await use();
		const none = { accountId: { __rl: true, mode: 'list', value: '' } };
		await expect(projects('', none)).rejects.toThrow('Choose the account first');
		expect(sandbox.requests).toHaveLength(0);
	});

	it('follow the account', async () => {
		await use();
		const elena = {
			accountId: { __rl: true, mode: 'id', value: 'acc_linkedin_01JV5WP1H6RKPDH8MJTX1NGB3Z' },
		};
		const names = async (parameters: object) =>
			(await projects('', parameters)).map(({ name }) => name);
		expect(await names(elena)).toContain('Engineering Manager, Payments');
		expect(await names(account)).not.toContain('Engineering Manager, Payments');
		expect(sandbox.requests.map(({ path }) => path)).toEqual([
			expect.stringContaining('account_id=acc_linkedin_01JV5WP1H6RKPDH8MJTX1NGB3Z'),
			expect.stringContaining(`account_id=${ACCOUNT}`),
		]);
	});

	it('hand what was typed to PostPress as keywords', async () => {
		await use();
		expect(await projects('backend')).toEqual([
			{ name: 'Senior Backend Engineer (Berlin)', value: 'proj_01HXYZ4QK3WJ8FN3M6QH7TZ8GR' },
		]);
		expect(sandbox.requests[0].path).toBe(
			`/v1/linkedin/search/parameters?type=HIRING_PROJECTS&account_id=${ACCOUNT}&service=RECRUITER&limit=100&keywords=backend`,
		);
	});

	it('are not fetched again for the same keywords', async () => {
		await use();
		for (const filter of ['data', 'data ', 'data']) await projects(filter);
		expect(sandbox.requests).toHaveLength(1);
	});

	it('keep the 19 digits of a lead list', async () => {
		await use();
		expect(await leadLists('logistics')).toEqual([
			{ name: 'Logistics, DACH', value: '7154321558885357524' },
		]);
		expect(sandbox.requests[0].path).toContain('type=LEAD_LISTS');
		expect(sandbox.requests[0].path).toContain('service=SALES_NAVIGATOR');
	});

	it('find projects in the plain list where PostPress has no search, among a thousand', async () => {
		await use({ without: ['searchParameters'], seed: { projects: manyEntries(1000) } });
		expect(await projects()).toHaveLength(1000);
		expect((await projects('0999')).map(({ value }) => value)).toEqual(['7000000000000000999']);
	});

	it('say that an ID can be entered by hand where PostPress has no list at all', async () => {
		await use({ without: ['searchParameters', 'projects'] });
		await expect(projects()).rejects.toThrow(
			'This PostPress does not offer the list. Or choose "By ID" and enter it by hand.',
		);
		await expect(leadLists()).rejects.toThrow('Or choose "By ID"');
	});
});

describe('a list that cannot be read', () => {
	const faults: Array<[string, Fault, string]> = [
		['401', { kind: 'apiError', type: 'invalid_credentials' }, 'invalid'],
		['403', { kind: 'apiError', type: 'feature_not_subscribed' }, 'subscribed'],
		['404', { kind: 'apiError', type: 'resource_not_found' }, 'not found'],
		['429', { kind: 'rateLimit', retryAfterSeconds: 1 }, 'Too many requests'],
		['500', { kind: 'apiError', type: 'provider_error' }, 'operational problems'],
		['502', { kind: 'html' }, 'status 502'],
		['a dropped connection', { kind: 'drop', when: 'before' }, 'broke'],
	];

	it.each(faults)('says why after %s, and is read anew the next time', async (_, fault, reason) => {
		await use();
		sandbox.fail(fault, { times: 2 });
		await expect(accounts()).rejects.toThrow(reason);
		await expect(leadLists()).rejects.toThrow(reason);
		expect(await accounts()).toHaveLength(5);
		expect(await leadLists()).not.toHaveLength(0);
	});

	it('says why without the API key', async () => {
		await use({ apiKey: 'pp_test_another' });
		await engine.saveCredentials({
			postPressApi: { apiKey: 'pp_test_wrong_key', baseUrl: sandbox.url },
		});
		const error = await accounts().catch((reason: Error) => reason);
		expect(String(error)).toMatch(/credentials are invalid\. Test the API key in the credential/);
		expect(JSON.stringify({ ...(error as Error) }) + String(error)).not.toContain(
			'pp_test_wrong_key',
		);
	});
});

it.each<[string, Fault]>([
	['401', { kind: 'apiError', type: 'invalid_credentials' }],
	[
		'a text with mark-up in it',
		{ kind: 'apiError', type: 'invalid_parameters', detail: '<b>bad</b> & "worse"' },
	],
	['429', { kind: 'rateLimit', retryAfterSeconds: 3600 }],
	['a gateway', { kind: 'html', status: 503 }],
])('the reason is plain text, since the editor shows it as it is: %s', async (_, fault) => {
	await use();
	sandbox.fail(fault);
	const error = (await accounts().catch((reason: Error) => reason)) as Error & {
		description?: string | null;
	};
	const said = `${error.message} ${error.description ?? ''}`;
	expect(said).not.toMatch(/<br>|&(amp|lt|gt|quot|#39);/);
	const { detail } = fault as { detail?: string };
	if (detail) expect(said).toContain('<b>bad</b> & "worse"');
});

describe('an answer that was fetched', () => {
	const clock = n8nClock();
	afterEach(() => clock.release());

	/** Everything in this process that n8n has read as JSON, for as long as somebody keeps it. */
	function watchJson() {
		const seen: Array<WeakRef<object>> = [];
		const realm = runInThisContext('globalThis') as typeof globalThis;
		const { parse } = realm.JSON;
		realm.JSON.parse = (text, reviver) => {
			const value = parse(text, reviver) as { items?: Array<{ connection_params?: object }> };
			for (const { connection_params } of value?.items ?? []) {
				if (connection_params) seen.push(new WeakRef(connection_params));
			}
			return value;
		};
		const stop = () => void (realm.JSON.parse = parse);
		return { seen, stop };
	}

	/** How many of the objects are still in memory. */
	async function kept(seen: ReadonlyArray<WeakRef<object>>): Promise<number> {
		setFlagsFromString('--expose-gc');
		const collect = runInNewContext('gc') as () => void;
		await setImmediate();
		collect();
		return seen.filter((one) => one.deref() !== undefined).length;
	}

	it('is forgotten after a minute, also when nobody asks again', async () => {
		await use();
		clock.hold();
		const json = watchJson();
		expect(await accounts()).toHaveLength(5);
		json.stop();
		await clock.advance(50_000);
		expect(await kept(json.seen)).toBeGreaterThan(0);
		await clock.advance(20_000);
		expect(await kept(json.seen)).toBe(0);
	});

	it('is fetched again after a minute', async () => {
		await use();
		clock.hold();
		await accounts();
		await clock.advance(50_000);
		await accounts();
		expect(sandbox.requests).toHaveLength(1);
		await clock.advance(20_000);
		await accounts();
		expect(sandbox.requests).toHaveLength(2);
	});
});

it('an API key that PostPress repeats is shown nowhere', async () => {
	await use({ apiKey: 'pp_test_SECRETSECRET' });
	const fault = {
		kind: 'apiError',
		type: 'invalid_parameters',
		detail: 'bad pp_test_SECRETSECRET',
	};
	sandbox.fail(fault as Fault, { times: 2 });
	const error = await accounts().catch((reason: Error) => reason);
	expect(String(error)).toContain('bad ***');
	const { apiKey, url: baseUrl } = sandbox;
	const { message } = await engine.editor.testCredential({ apiKey, baseUrl });
	expect(message).toContain('bad ***');
});
