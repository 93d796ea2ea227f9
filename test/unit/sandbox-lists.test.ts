import axios from 'axios';
import {
	startSandbox,
	defaultSeed,
	manyEntries,
	manyPeople,
	type Sandbox,
	type SandboxOptions,
} from '../../sandbox';

const { accounts, people } = defaultSeed;
const [hannah, marcus, elena, oskar, , google] = accounts.map(({ id }) => id);

let ordinary: Sandbox;
let special: Sandbox | undefined;
let sandbox: Sandbox;

beforeAll(async () => {
	ordinary = await startSandbox();
});
beforeEach(() => {
	ordinary.reset();
	sandbox = ordinary;
});
afterEach(async () => {
	await special?.close();
	special = undefined;
});
afterAll(() => ordinary.close());

/** Makes the test use a sandbox with options of its own. */
async function start(options: SandboxOptions) {
	special = await startSandbox(options);
	sandbox = special;
}

async function get(path: string, params: Record<string, unknown> = {}) {
	const headers = { 'X-API-KEY': sandbox.apiKey };
	const url = sandbox.url + path;
	const { status, data } = await axios.get(url, { params, headers, validateStatus: () => true });
	return { status, data };
}

/** Follows the cursors of a list and gathers the ids, a row for each page. */
async function pages(path: string, params: Record<string, unknown>): Promise<string[][]> {
	const seen: string[][] = [];
	let cursor: string | undefined;
	do {
		const { data } = await get(path, { ...params, cursor });
		const entries: Array<{ id: string }> = data.items ?? data.data;
		seen.push(entries.map(({ id }) => id));
		cursor = data.cursor ?? data.next_cursor;
	} while (cursor);
	return seen;
}

describe('accounts', () => {
	test('in the shape of the reference', async () => {
		const { status, data } = await get('/accounts', { limit: 1 });
		expect(status).toBe(200);
		expect(data).toEqual({
			object: 'AccountList',
			items: [
				{
					object: 'Account',
					type: 'LINKEDIN',
					id: hannah,
					name: 'Hannah Keller',
					created_at: '2025-02-03T08:14:52.000Z',
					connection_params: {
						im: { id: `${hannah}_im`, username: 'Hannah Keller', premiumFeatures: ['recruiter'] },
					},
					sources: [{ id: `${hannah}_MESSAGING`, status: 'OK' }],
				},
			],
			cursor: expect.any(String),
		});
	});

	test('of a team: one to reconnect, one of another provider', async () => {
		const { data } = await get('/accounts');
		expect(data.cursor).toBeNull();
		const account = (type: string, status: string) => ({ type, sources: [{ status }] });
		expect(data.items).toMatchObject([
			account('LINKEDIN', 'OK'),
			account('LINKEDIN', 'OK'),
			account('LINKEDIN', 'OK'),
			account('LINKEDIN', 'CREDENTIALS'),
			account('LINKEDIN', 'OK'),
			account('GOOGLE_OAUTH', 'OK'),
		]);
	});

	test.each(['items', 'data'] as const)('page by page, as %s', async (listShape) => {
		await start({ listShape });
		const ids = accounts.map(({ id }) => id);
		expect(await pages('/accounts', { limit: 4 })).toEqual([ids.slice(0, 4), ids.slice(4)]);
		expect(await pages('/accounts', { limit: 3 })).toEqual([ids.slice(0, 3), ids.slice(3)]);
	});

	test.each([
		['limit_too_high', { limit: 251 }],
		['invalid_parameters', { limit: 0 }],
		['invalid_parameters', { limit: 'all' }],
		['invalid_parameters', { cursor: 'xyz' }],
	])('refuses with %s: %j', async (type, params) => {
		const { status, data } = await get('/accounts', params);
		expect([status, data.type]).toEqual([400, `errors/${type}`]);
	});
});

describe('search parameters', () => {
	const path = '/linkedin/search/parameters';
	const titles = async (params: Record<string, unknown>) => {
		const { data } = await get(path, { limit: 100, ...params });
		return (data.items ?? data.data).map(({ title }: { title: string }) => title);
	};

	test('hiring projects by words of the title', async () => {
		const service = 'RECRUITER';
		const params = { type: 'HIRING_PROJECTS', service, account_id: hannah, keywords: 'ENGINEER' };
		expect(await titles(params)).toEqual([
			'Senior Backend Engineer (Berlin)',
			'Staff Platform Engineer (remote, EU)',
			'Data Engineer, Health Products',
			'Site Reliability Engineer, Night Rota',
			'Security Engineer',
		]);
		expect((await get(path, { ...params, limit: 1 })).data).toEqual({
			object: 'LinkedinSearchParametersList',
			items: [
				{
					object: 'LinkedinSearchParameter',
					id: 'proj_01HXYZ4QK3WJ8FN3M6QH7TZ8GR',
					title: 'Senior Backend Engineer (Berlin)',
				},
			],
			paging: { page_count: 1 },
		});
		expect(await titles({ ...params, keywords: 'astronaut' })).toEqual([]);
	});

	test('lead lists with ids of 19 digits, by account', async () => {
		await start({ listShape: 'data' });
		const params = { type: 'LEAD_LISTS', service: 'SALES_NAVIGATOR' };
		const { data } = await get(path, { ...params, account_id: marcus });
		expect(data.data.map(({ id }: { id: string }) => id)).toEqual([
			'7154321558885357524',
			'7206776581098818229',
			'7335483075737159852',
			'7177726860579188493',
		]);
		expect(await titles({ ...params, account_id: elena })).toContain('Warm Introductions');
		expect(await titles({ ...params, account_id: 'unknown' })).toHaveLength(5);
	});

	test.each([
		[422, 'invalid_account', { type: 'LEAD_LISTS', account_id: hannah }],
		[401, 'disconnected_account', { type: 'HIRING_PROJECTS', account_id: oskar }],
		[422, 'invalid_account', { type: 'HIRING_PROJECTS', account_id: google }],
		[400, 'missing_parameters', { type: 'HIRING_PROJECTS' }],
		[400, 'invalid_parameters', { type: 'PEOPLE', account_id: hannah }],
		[400, 'invalid_parameters', { type: 'LEAD_LISTS', service: 'RECRUITER', account_id: elena }],
		[400, 'limit_too_high', { type: 'LEAD_LISTS', account_id: elena, limit: 101 }],
	])('refuses with %i %s: %j', async (status, type, params) => {
		const answer = await get(path, params);
		expect([answer.status, answer.data.type]).toEqual([status, `errors/${type}`]);
	});
});

describe('hiring projects', () => {
	test('by account', async () => {
		const { data } = await get('/linkedin/projects', { account_id: hannah, limit: 1 });
		expect(data).toEqual({
			object: 'HiringProjectList',
			items: [
				{
					object: 'HiringProject',
					id: 'proj_01HXYZ4QK3WJ8FN3M6QH7TZ8GR',
					name: 'Senior Backend Engineer (Berlin)',
				},
			],
			cursor: expect.any(String),
		});
		const [ofHannah] = await pages('/linkedin/projects', { account_id: hannah });
		const [ofElena] = await pages('/linkedin/projects', { account_id: elena });
		expect(ofHannah).toHaveLength(10);
		expect(ofElena).toHaveLength(11);
	});

	test('a thousand of them, each once', async () => {
		await start({ seed: { projects: manyEntries(1000) } });
		const seen = await pages('/linkedin/projects', { account_id: hannah, limit: 100 });
		expect(seen).toHaveLength(10);
		expect(new Set(seen.flat()).size).toBe(1000);
		expect(seen.flat().at(-1)).toBe('7000000000000001000');
	});
});

describe('profiles', () => {
	test('by public name, with the id of the product', async () => {
		const person = people.find(({ slug }) => slug === 'chloé-dubois')!;
		const path = `/users/${encodeURIComponent(person.slug)}`;
		const { status, data } = await get(path, { account_id: elena, linkedin_api: 'recruiter' });
		expect(status).toBe(200);
		expect(data).toEqual({
			object: 'UserProfile',
			provider: 'LINKEDIN',
			provider_id: person.ids.recruiter,
			public_identifier: person.slug,
			first_name: 'Chloé',
			last_name: 'Dubois',
			headline: 'Product Designer',
		});
		const id = async (params: object) => (await get(path, { account_id: elena, ...params })).data;
		expect(await id({ linkedin_api: 'sales_navigator', notify: false })).toMatchObject({
			provider_id: person.ids.sales_navigator,
		});
		expect(await id({})).toMatchObject({ provider_id: person.ids.classic });
		expect(sandbox.requests[0]).toMatchObject({ accountId: elena, userId: person.slug });
	});

	test('gives the classic id of someone without one for the product', async () => {
		const [person] = manyPeople(1);
		await start({ seed: { people: [{ ...person, ids: { classic: 'ACoX' } }] } });
		const { data } = await get('/users/person-1', { account_id: 'a', linkedin_api: 'recruiter' });
		expect(data.provider_id).toBe('ACoX');
	});

	test.each([
		[404, 'resource_not_found', 'nobody-here', elena],
		[403, 'resource_access_restricted', 'viktor-petrov', elena],
		[401, 'disconnected_account', 'grace-mwangi', oskar],
		[422, 'invalid_account', 'grace-mwangi', marcus],
	])('refuses with %i %s: %s', async (status, type, slug, account_id) => {
		const answer = await get(`/users/${slug}`, { account_id, linkedin_api: 'recruiter' });
		expect([answer.status, answer.data.type]).toEqual([status, `errors/${type}`]);
	});
});

test.each([
	['accounts', '/accounts'],
	['searchParameters', '/linkedin/search/parameters'],
	['projects', '/linkedin/projects'],
	['users', '/users/grace-mwangi'],
] as const)('%s can be left out', async (endpoint, path) => {
	await start({ without: [endpoint] });
	expect(await get(path)).toEqual({ status: 404, data: `Cannot GET /v1${path}\n` });
	const others = ['/accounts', '/linkedin/projects?account_id=a'].filter(
		(other) => !other.startsWith(path),
	);
	for (const other of others) expect((await get(other)).status).toBe(200);
});

test('the seed has an id of each kind for each person, all different', () => {
	const ids = people.flatMap((person) => [person.slug, ...Object.values(person.ids)]);
	expect(new Set(ids).size).toBe(people.length * 4);
	for (const { ids: of } of people) {
		expect(of.recruiter).toMatch(/^AEMAA[\w-]{39}$/);
		expect(of.sales_navigator).toMatch(/^ACwAA[\w-]{39}$/);
		expect(of.classic).toMatch(/^ACoAA[\w-]{39}$/);
	}
});
