import type {
	INodeParameters,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
} from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import { PostPressApi } from '../../credentials/PostPressApi.credentials';
import { PostPress } from '../../nodes/PostPress/PostPress.node';

const { description } = new PostPress();
const { properties } = description;

const node = { typeVersion: 1 };

/** The properties that a person sees with these values. */
const shown = (values: INodeParameters) =>
	properties.filter((property) =>
		NodeHelpers.displayParameter(values, property, node, description),
	);

const parameters = (values: INodeParameters) =>
	shown(values)
		.filter(({ name, type }) => type !== 'notice' && !['resource', 'operation'].includes(name))
		.map(({ name }) => name);

const optionsOf = ({ options = [] }: INodeProperties) => options as INodePropertyOptions[];

const operationsOf = (resource: string) =>
	shown({ resource }).filter(({ name }) => name === 'operation');

const [resources] = properties;
const operations = optionsOf(resources).flatMap(({ value }) =>
	operationsOf(String(value)).flatMap((property) =>
		optionsOf(property).map((option) => ({
			resource: String(value),
			operation: String(option.value),
			option,
		})),
	),
);

test('the public names are the ones that are saved in workflows', () => {
	expect(description).toMatchObject({
		name: 'postPress',
		displayName: 'PostPress',
		version: 1,
		usableAsTool: true,
		credentials: [{ name: 'postPressApi' }],
	});
	// With `required`, n8n throws before the node can say of each person that nothing was sent.
	expect(description.credentials?.[0]).not.toHaveProperty('required');
	expect(operations.map(({ resource, operation }) => `${resource}: ${operation}`).sort()).toEqual([
		'applicant: addToPipeline',
		'applicant: reject',
		'candidate: addToPipeline',
		'candidate: changeStage',
		'lead: save',
	]);
});

describe('a person sees what the operation needs, and nothing else', () => {
	const always = ['previewOnly', 'accountId', 'options'];
	const inProject = [...always, 'userId', 'hiringProjectId'];
	const pipeline = [...inProject, 'stage'];
	const silent = [...inProject, 'reason', 'notifyApplicant'];
	const told = [...silent, 'rejectionMessage', 'sendNotificationAt'];

	test.each<[resource: string, operation: string, names: string[]]>([
		['candidate', 'addToPipeline', pipeline],
		['candidate', 'changeStage', [...inProject, 'newStage']],
		['applicant', 'addToPipeline', pipeline],
		['applicant', 'reject', silent],
		['lead', 'save', [...always, 'leadUserId', 'listId']],
	])('%s: %s', (resource, operation, names) => {
		for (const notifyApplicant of operation === 'reject' ? [false] : [false, true]) {
			const seen = parameters({ resource, operation, notifyApplicant });
			expect(seen.sort()).toEqual([...names].sort());
		}
	});

	test('applicant: reject, with a notification', () => {
		const values = { resource: 'applicant', operation: 'reject', notifyApplicant: true };
		expect(parameters(values).sort()).toEqual([...told].sort());
	});

	test('and who rejects is warned that it cannot be undone, and told when it is silent', () => {
		const values = { resource: 'applicant', operation: 'reject' };
		const notices = (notifyApplicant: boolean, previewOnly = false) =>
			shown({ ...values, notifyApplicant, previewOnly })
				.filter(({ type }) => type === 'notice')
				.map(({ displayName }) => displayName);
		const warning = expect.stringContaining('cannot be undone') as string;
		expect(notices(true)).toEqual([warning]);
		expect(notices(false)).toEqual([warning, 'Silent: the applicant gets no message']);
		expect(notices(true, true)).toEqual([]);
	});
});

test('the switch for a preview stands directly below the operation', () => {
	expect(shown({ resource: 'lead' }).map(({ name }) => name)[2]).toBe('previewOnly');
});

test('a name stands once in the description, or n8n evaluates its expression again', () => {
	const names = properties.map(({ name }) => name).filter((name) => name !== 'operation');
	expect([...new Set(names)]).toEqual(names);
});

test.each(operations)('$resource: $operation has each name once', ({ resource, operation }) => {
	const names = shown({ resource, operation, notifyApplicant: true }).map(({ name }) => name);
	expect([...new Set(names)]).toEqual(names);
});

describe.each(operations)('$resource: $operation', ({ resource, operation, option }) => {
	const propertyOf = (name: string) =>
		shown({ resource, operation, notifyApplicant: true }).find(
			(property) => property.name === name,
		);

	test('has its request as plain values', () => {
		const { request } = option.routing ?? {};
		const product = resource === 'lead' ? 'sales_navigator' : 'recruiter';
		expect(request).toEqual({
			method: 'POST',
			url: '/linkedin/user/{user_id}',
			body: { api: product, action: expect.stringMatching(/^[a-zA-Z]+$/) as string },
		});
	});

	test('says what it does', () => {
		expect(option.action).toMatch(/^[A-Z][a-z]+ .*[a-z]$/);
		expect(option.description).toMatch(/^[A-Z].+/);
	});

	test('requires what PostPress requires', () => {
		const required = [
			'accountId',
			'userId',
			'leadUserId',
			'hiringProjectId',
			'newStage',
			'reason',
			'rejectionMessage',
		];
		const names = parameters({ resource, operation, notifyApplicant: true });
		for (const name of names) {
			const must = required.includes(name);
			expect([name, propertyOf(name)?.required === true]).toEqual([name, must]);
		}
	});

	test('chooses no stage for a person who is already in the pipeline', () => {
		const defaults = ['stage', 'newStage'].map((name) => propertyOf(name)?.default);
		const expected = { addToPipeline: ['UNCONTACTED', undefined], changeStage: [undefined, ''] };
		expect(defaults).toEqual(
			expected[operation as keyof typeof expected] ?? [undefined, undefined],
		);
	});
});

test('every locator takes an id, and every one of LinkedIn an address', () => {
	const modes = properties
		.filter(({ type }) => type === 'resourceLocator')
		.map(({ name, modes = [] }) => [name, modes.map((mode) => mode.name)] as const);
	expect(modes.map(([name]) => name).sort()).toEqual([
		'accountId',
		'hiringProjectId',
		'leadUserId',
		'listId',
		'userId',
	]);
	for (const [name, names] of modes) {
		expect(names).toContain('id');
		if (name !== 'accountId') expect(names).toContain('url');
	}
});

test.each([
	['userId', 'https://www.linkedin.com/talent/profile/AEM1?x', 'AEM1'],
	['userId', 'https://www.linkedin.com/talent/hire/7/manage/all/profile/AEM1', 'AEM1'],
	['leadUserId', 'https://www.linkedin.com/sales/lead/ACw1,NAME_SEARCH,x?y', 'ACw1'],
	['leadUserId', 'https://www.linkedin.com/sales/people/ACw1', 'ACw1'],
	['hiringProjectId', 'https://www.linkedin.com/talent/hire/123/overview', '123'],
	[
		'listId',
		'https://www.linkedin.com/sales/lists/people/7012345678901234567',
		'7012345678901234567',
	],
])("the editor's own check of %s accepts %s and finds its id", (name, address, id) => {
	const { modes = [] } = properties.find((property) => property.name === name) ?? {};
	const { extractValue, validation = [] } = modes.find((mode) => mode.name === 'url') ?? {};
	const { regex } = extractValue as { regex: string };
	expect(new RegExp(regex).exec(address)?.[1]).toBe(id);
	const checks = validation.flatMap((rule) =>
		'properties' in rule ? [(rule.properties as { regex: string }).regex] : [],
	);
	expect(checks).toHaveLength(1);
	for (const check of checks) {
		expect(new RegExp(`^${check}$`).test(address)).toBe(true);
		expect(new RegExp(`^${check}$`).test('https://www.linkedin.com/in/amara')).toBe(false);
	}
});

test('the options have their documented names and defaults', () => {
	const [{ options = [], default: none }] = properties.filter(({ name }) => name === 'options');
	const defaults = (options as INodeProperties[]).map(({ name, default: value }) => [name, value]);
	expect(none).toEqual({});
	expect(Object.fromEntries(defaults)).toEqual({
		alreadyPerformedIsSuccess: false,
		delayBetweenRequests: 10,
		idempotencyKey: '',
		includeInputFields: true,
		maxRetries: 2,
		retryWait: 1,
	});
});

describe('n8n evaluates every expression of a description for every item, so there is', () => {
	const plain = (value: unknown): boolean =>
		JSON.stringify(value, (_key, part: unknown) =>
			typeof part === 'function' ? '' : part,
		).includes('={{') === false;

	test('none in the defaults of the requests', () => {
		expect(plain(description.requestDefaults)).toBe(true);
	});

	test('none in the routing, which stands at the operations, and once for all of them', () => {
		expect(operations.every(({ option }) => plain(option.routing))).toBe(true);
		expect(resources.routing).toEqual({ send: { paginate: true } });
		const others = properties.filter(({ name }) => !['resource', 'operation'].includes(name));
		expect(JSON.stringify(others)).not.toContain('"routing"');
	});

	test('none in the way the credential is put into a request', () => {
		expect(typeof new PostPressApi().authenticate).toBe('function');
	});
});

test('no parameter is named "action", which is linted as a list of operations', () => {
	expect(properties.map(({ name }) => name)).not.toContain('action');
});

test('texts are written as n8n writes them', () => {
	const all = (
		list: Array<INodeProperties | INodePropertyOptions | INodePropertyCollection>,
	): Array<[string, string]> =>
		list.flatMap((entry) => [
			...('description' in entry && entry.description
				? [[entry.name, entry.description] as [string, string]]
				: []),
			...('options' in entry && entry.options ? all(entry.options) : []),
		]);
	const descriptions = all(properties);
	expect(descriptions.length).toBeGreaterThan(15);
	for (const [name, text] of descriptions) {
		expect([name, text]).toEqual([name, text.trim()]);
		expect([name, /[<>]|\bundefined\b| {2}/.test(text)]).toEqual([name, false]);
	}
	const switches = [...properties, ...properties.flatMap(({ options = [] }) => options)].filter(
		(property) => 'type' in property && property.type === 'boolean',
	);
	expect(switches).toHaveLength(4);
	for (const { name, description: text } of switches as INodeProperties[]) {
		expect([name, text]).toEqual([name, expect.stringMatching(/^Whether /) as string]);
	}
});

describe('the credential', () => {
	const credential = new PostPressApi();

	test('has the documented names and defaults', () => {
		expect(credential).toMatchObject({ name: 'postPressApi', displayName: 'PostPress API' });
		expect(credential.properties.map(({ name, default: value }) => [name, value])).toEqual([
			['apiKey', ''],
			['baseUrl', 'https://api.postpress.ai/v1'],
		]);
	});

	test('hides the key while it is typed', () => {
		const [apiKey] = credential.properties;
		expect(apiKey.typeOptions?.password).toBe(true);
	});

	test('puts the key into one header, and leaves the rest of a request alone', async () => {
		const { authenticate } = credential;
		if (typeof authenticate !== 'function') throw new Error('Not a function');
		const request = { url: 'x', headers: { accept: 'y' }, body: { z: 1 } };
		const signed = await authenticate({ apiKey: ' key\n', baseUrl: '' }, request);
		expect(signed).toEqual({ ...request, headers: { accept: 'y', 'X-API-KEY': 'key' } });
		expect(request.headers).toEqual({ accept: 'y' });
	});
});

describe('the line under the node', () => {
	const { subtitle = '' } = description;

	test.each(operations)(
		'is short enough for $resource: $operation, also in a preview',
		({ resource, operation }) => {
			const words = new Map(
				Object.entries(
					JSON.parse(/\{".*?"\}/.exec(subtitle)?.[0] ?? '{}') as Record<string, string>,
				),
			);
			const line = `Preview: ${words.get(`${resource} ${operation}`)}`;
			expect(line).toMatch(/^Preview: [a-z]+ [a-z]+$/);
			expect(line.length).toBeLessThanOrEqual(28);
		},
	);
});

test('the hints of the editor are in the output pane: those of the input pane appear in the next node', () => {
	expect(description.hints?.map(({ location }) => location)).toEqual(['outputPane', 'outputPane']);
});
