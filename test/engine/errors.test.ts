import type { INode } from 'n8n-workflow';

import { byStatus, catalogue } from '../../nodes/PostPress/errors/catalogue';
import type { Deed, FailureData } from '../../nodes/PostPress/errors/failure';
import { contract } from '../../sandbox/contract';
import { startSandbox, type Fault, type Sandbox } from '../../sandbox';
import {
	agentOutput,
	failed,
	itemsWorkflow,
	NODES,
	performed,
	toolWorkflow,
	type RunResult,
} from '../../harness/engine';
import { sampleOf } from './support/operations';
import { errorData, errorOf, errorsOf, itemFrom } from './support/failures';
import { byId, fromItem, noPause } from './support/parameters';
import { once } from './support/once';
import { API_KEY, CONTINUE_MODES, startRig, type Observation, type RigRun } from './support/rig';
import { testFailingTool, testSince } from './support/versions';

// Nothing here depends on how expressions are evaluated, and this engine is ten times as fast.
const rig = startRig({ expressionEngine: 'legacy' });

const sample = sampleOf('candidate', 'addToPipeline');

const parameters = { ...sample.parameters, userId: byId(fromItem('user')) };

/** The item that fails, with data of its own, and one that does not. */
const bad = { user: 'AEMbad', note: { kept: ['as', { it: 'is' }] } };
const good = { user: 'AEMgood' };

/** What was to be done to somebody. */
function deedFor(user: string): Deed {
	const { action, account_id, hiring_project_id, stage } = sample.request.body;
	return { action, user, account_id, hiring_project_id, stage } as Deed;
}

/** What a failure says beside what was to be done. */
type Details = Omit<FailureData, 'message' | keyof Deed>;

/** What a failure has to look like in every mode. */
interface Expected {
	details: Details;
	/** The parameter that the type is about, where it tells. */
	parameter?: string;
	remedy: string | RegExp;
	/** Whether nothing more is sent for the account. */
	stopsAccount?: boolean;
}

/** Runs an item that fails and expects that the API key shows nowhere. */
async function run(settings: Omit<RigRun, 'parameters'>): Promise<Observation> {
	const observation = await rig.run({ parameters, items: [bad], ...settings });
	expect(observation.result.find(API_KEY)).toEqual([]);
	return observation;
}

const forBad = (fault: Fault): [Fault, { userId: string }] => [fault, { userId: bad.user }];

const escaped = (text: string) =>
	text
		.replaceAll('&', '&amp;')
		.replaceAll('<', '&lt;')
		.replaceAll('>', '&gt;')
		.replaceAll('"', '&quot;')
		.replaceAll("'", '&#39;');

/** What happened: title and detail, the parameter, the person, and whether it is certain. */
function sentenceOf({ details, parameter }: Expected, user = bad.user): string {
	const { title, detail, outcome } = details;
	const words = (detail ? `${title}: ${detail}` : title).replace(/\.$/, '');
	const about = parameter ? `parameter "${parameter}", ` : '';
	return `${words} (${about}person: ${user})${outcome === 'unknown' ? '. The action may have been performed' : ''}`;
}

/** The failure that has stopped the workflow, without what was to be done. */
function foundIn(result: RunResult): Details {
	const { outcome, type, title, detail, status, instance, attempts } = errorData(result)!;
	return { outcome, type, title, detail, status, instance, attempts };
}

/** Messages that n8n puts in the place of a node's own. */
const stockSentences = once(async () => {
	const { NodeApiError } = rig.engine.n8n.workflow;
	const node = { type: 'x.y' } as INode;
	const statuses = [400, 401, 402, 403, 404, 405, 409, 422, 429, 500, 502, 503, 504, 507];
	const words = ['ECONNREFUSED', 'ENOENT', 'EPERM', 'EACCES', 'ETIMEDOUT', 'ENOTFOUND', 'EEXIST'];
	return new Set([
		...statuses.map((code) => new NodeApiError(node, {}, { httpCode: String(code) }).message),
		...words.map((word) => new NodeApiError(node, { message: word }).message),
		new NodeApiError(node, {}).message,
	]);
});

/** What to do, behind what happened. */
function remedyIn(text: string | null | undefined, { remedy, details }: Expected): void {
	if (details.outcome === 'unknown') {
		expect(text).toMatch(/^Look at the person on LinkedIn before you run this item again\. \w/);
	}
	if (typeof remedy === 'string') expect(text).toContain(remedy);
	else expect(text).toMatch(remedy);
}

/** The failure as data: nothing but what is expected. */
function expectError(error: FailureData | undefined, expected: Expected, user = bad.user) {
	const { message, ...rest } = error ?? {};
	const sentence = sentenceOf(expected, user);
	expect(rest).toStrictEqual({ ...expected.details, ...deedFor(user) });
	expect(message?.slice(0, sentence.length + 2)).toBe(`${sentence}. `);
	remedyIn(message?.slice(sentence.length + 2), expected);
}

/** The error that stops the workflow, after one item in a run of one. */
async function expectStop(settings: Omit<RigRun, 'parameters'>, expected: Expected) {
	const { result } = await run(settings);
	const { details } = expected;
	const message = sentenceOf(expected);
	expect(result.status).toBe('error');
	expect(result.error).toMatchObject({
		name: 'NodeApiError',
		message,
		httpCode: details.status === null ? null : String(details.status),
		context: { itemIndex: 0 },
	});
	expectError(errorData(result), expected);
	expect(await stockSentences()).not.toContain(message);
	expect(result.outputs(NODES.node)).toEqual([]);

	const description = result.error?.description ?? '';
	const lines = description.split('<br>');
	const { remedy } = expected;
	remedyIn(lines[0], {
		...expected,
		remedy: typeof remedy === 'string' ? escaped(remedy) : remedy,
	});
	const { type, instance } = details;
	const reference = [
		type && !type.startsWith('client/') && `Type: ${escaped(type)}`,
		instance && `Request ID: ${escaped(instance)}`,
	]
		.filter(Boolean)
		.join(' · ');
	expect(lines.slice(1)).toEqual(reference ? [reference] : []);
	expect(lines.join('')).not.toMatch(/[<>]/);
}

/** The failed item as data, and a good one beside it. */
async function expectData(
	onError: (typeof CONTINUE_MODES)[number],
	settings: Omit<RigRun, 'parameters'>,
	expected: Expected,
) {
	const { result, requests } = await run({ items: [bad, good], ...settings, onError });
	const ownOutput = onError === 'continueErrorOutput';
	const item = itemFrom(result, 0)!;
	const { error, ...json } = item.json;

	expect(result.status).toBe('success');
	expect(json).toStrictEqual(ownOutput ? bad : {});
	expectError(errorOf(item), expected);
	expect(await stockSentences()).not.toContain(sentenceOf(expected));
	expect((error as FailureData).message).not.toMatch(/\bclient\//);
	expect(Object.keys(item).sort()).toEqual(['json', 'pairedItem']);

	const other = itemFrom(result, 1)!;
	const { stopsAccount = false } = expected;
	expect(requests).toHaveLength(stopsAccount ? 1 : 2);
	expect(performed(result)).toHaveLength(ownOutput ? (stopsAccount ? 0 : 1) : 2);
	if (!stopsAccount) expect(other.json).toMatchObject({ success: true, user_id: good.user });
	else {
		const { title, detail } = expected.details;
		const { account_id } = deedFor(good.user);
		const details: Details = {
			outcome: 'not_sent',
			type: 'client/account_stopped',
			title: `Not sent: the account ${account_id} was stopped before the turn of this item. ${title}`,
			detail,
			status: null,
			instance: null,
			attempts: 0,
		};
		expectError(errorOf(other), { details, remedy: expected.remedy }, good.user);
	}
}

/** Both, for a fault that meets the item that is to fail. */
async function expectEverywhere(fault: Fault, expected: Expected) {
	await expectStop({ faults: [forBad(fault)] }, expected);
	for (const onError of CONTINUE_MODES) {
		await expectData(onError, { faults: [forBad(fault)] }, expected);
	}
}

const FIRST_REQUEST = 'req_00000001';

const errorTypes = contract['x-errors'].map((error) => ({
	...error,
	name: error.type.replace('errors/', ''),
}));

/** The types after which nobody knows whether the action was performed. */
const AMBIGUOUS = ['provider_error', 'request_timeout', 'unexpected_error'];

test('the catalogue and the contract know the same error types, with the same status', () => {
	const ofTheContract = errorTypes.map(({ name, status }) => [name, status]);
	const ofTheCatalogue = Object.entries(catalogue).map(([name, { status }]) => [name, status]);
	expect(ofTheCatalogue.sort()).toEqual(ofTheContract.sort());
	expect(ofTheContract).toHaveLength(48);
});

test('the sentences that n8n puts in the place of others are known here', async () => {
	const known = [...(await stockSentences())];
	expect(known).toContain('Your request is invalid or could not be processed by the service');
	expect(known).toContain('The file or directory does not exist');
	expect(known.length).toBeGreaterThan(18);
});

describe.each(errorTypes)('$type', ({ type, name, status, description }) => {
	const words = name.replaceAll('_', ' ');
	const expected: Expected = {
		details: {
			outcome: AMBIGUOUS.includes(name) ? 'unknown' : 'refused',
			type,
			title: words.charAt(0).toUpperCase() + words.slice(1),
			detail: description,
			status,
			instance: FIRST_REQUEST,
			attempts: 1,
		},
		parameter: catalogue[name]?.parameter,
		remedy: catalogue[name]?.remedy ?? 'a remedy in the catalogue',
		stopsAccount: catalogue[name]?.stopsAccount,
	};
	const faults = [forBad({ kind: 'apiError', type })];

	test('stops the workflow with its reason, remedy, status and request id', async () => {
		await expectStop({ faults }, expected);
	});

	test.each(CONTINUE_MODES)('is data of its item, in the mode %s', async (onError) => {
		await expectData(onError, { faults }, expected);
	});
});

test.each([
	['invalid_account', 'Account'],
	['disconnected_account', 'Account'],
	['invalid_recipient', 'User'],
])('errors/%s names the parameter "%s"', async (type, parameter) => {
	const { result } = await run({ faults: [{ kind: 'apiError', type }] });
	expect(result.error?.message).toContain(`(parameter "${parameter}", person: ${bad.user})`);
});

describe('the nested envelope', () => {
	// Each person with an account of their own, since some of the types stop the account.
	const all = once(() =>
		rig.run({
			parameters: { ...parameters, accountId: byId(fromItem('account')) },
			items: errorTypes.map((_, index) => ({ user: `AEM${index}`, account: `acc_${index}` })),
			faults: errorTypes.map(({ type }, index) => [
				{ kind: 'apiError', type, nested: true },
				{ userId: `AEM${index}` },
			]),
			onError: 'continueErrorOutput',
		}),
	);

	test.each(errorTypes)('of $type says the same as the flat one', async (row) => {
		const { type, name, status, description } = row;
		const { result, requests } = await all();
		const index = errorTypes.indexOf(row);
		const user = `AEM${index}`;
		const expected: Expected = {
			details: {
				outcome: AMBIGUOUS.includes(name) ? 'unknown' : 'refused',
				type,
				title: description,
				detail: null,
				status,
				instance: requests.find(({ userId }) => userId === user)!.requestId,
				attempts: 1,
			},
			parameter: catalogue[name]?.parameter,
			remedy: catalogue[name]?.remedy ?? '',
		};
		const error = errorOf(itemFrom(result, index)!)!;
		expect(error.account_id).toBe(`acc_${index}`);
		expectError({ ...error, account_id: deedFor(user).account_id }, expected, user);
		const doubt = 'Look at the person on LinkedIn before you run this item again. ';
		expect(error.message).toBe(
			`${sentenceOf(expected, user)}. ${AMBIGUOUS.includes(name) ? doubt : ''}${expected.remedy as string}`,
		);
		expect(result.find(API_KEY)).toEqual([]);
	});

	test('stops the workflow as the flat one does', async () => {
		const faults: Fault[] = [{ kind: 'apiError', type: 'invalid_account', nested: true }];
		const { description = '' } = errorTypes.find(({ name }) => name === 'invalid_account') ?? {};
		await expectStop(
			{ faults },
			{
				details: {
					outcome: 'refused',
					type: 'errors/invalid_account',
					title: description,
					detail: null,
					status: 422,
					instance: FIRST_REQUEST,
					attempts: 1,
				},
				parameter: 'Account',
				remedy: catalogue.invalid_account.remedy,
			},
		);
	});
});

describe('an error type that nobody has documented', () => {
	test.each<[status: number, outcome: FailureData['outcome']]>([
		[400, 'refused'],
		[401, 'refused'],
		[402, 'refused'],
		[403, 'refused'],
		[404, 'refused'],
		[408, 'unknown'],
		[409, 'refused'],
		[418, 'refused'],
		[429, 'refused'],
		[500, 'unknown'],
		[502, 'unknown'],
		[503, 'refused'],
		[504, 'unknown'],
	])('is told by its status %d', async (status, outcome) => {
		const detail = 'Something that no page tells.';
		await expectEverywhere(
			{ kind: 'apiError', type: 'brand_new_type', status, detail },
			{
				details: {
					outcome,
					type: 'errors/brand_new_type',
					title: 'Brand new type',
					detail,
					status,
					instance: FIRST_REQUEST,
					attempts: 1,
				},
				remedy: byStatus(status).remedy,
			},
		);
	});

	test('may leave out detail and request id', async () => {
		await expectEverywhere(
			{ kind: 'apiError', type: 'brand_new_type', status: 422, detail: null, instance: null },
			{
				details: {
					outcome: 'refused',
					type: 'errors/brand_new_type',
					title: 'Brand new type',
					detail: null,
					status: 422,
					instance: null,
					attempts: 1,
				},
				remedy: /\S/,
			},
		);
	});
});

describe('an answer that is not in the form of PostPress', () => {
	const success = { object: 'LinkedinPerformActionOnUser', success: true };
	const rows: Array<
		[what: string, fault: Fault, details: Partial<Details>, title: RegExp, remedy: RegExp | string]
	> = [
		[
			'a page of a gateway (502)',
			{ kind: 'html' },
			{ outcome: 'unknown', status: 502 },
			/status 502/,
			/Look at the person/,
		],
		[
			'a page of a gateway (504)',
			{ kind: 'html', status: 504 },
			{ outcome: 'unknown', status: 504 },
			/status 504/,
			/Look at the person/,
		],
		[
			'a page of a proxy (403)',
			{ kind: 'html', status: 403 },
			{ outcome: 'refused', status: 403 },
			/status 403/,
			byStatus(403).remedy,
		],
		[
			'a page of maintenance (503)',
			{ kind: 'html', status: 503 },
			{ outcome: 'unknown', status: 503 },
			/status 503/,
			byStatus(503).remedy,
		],
		[
			'a page of a proxy that waited too long (408)',
			{ kind: 'html', status: 408 },
			{ outcome: 'unknown', status: 408 },
			/status 408/,
			/Look at the person/,
		],
		[
			'a page of a gateway that sees two at once (409)',
			{ kind: 'html', status: 409 },
			{ outcome: 'unknown', status: 409 },
			/status 409/,
			/Look at the person/,
		],
		[
			'a page that says all is well (200)',
			{ kind: 'html', status: 200 },
			{ outcome: 'unknown', status: 200 },
			/status 200/,
			/Look at the person/,
		],
		[
			'a page of a route that does not exist (404)',
			{ kind: 'html', status: 404 },
			{ outcome: 'refused', status: 404 },
			/no PostPress API at this address/,
			/Base URL.*\/api\/v1/,
		],
		[
			'nothing (200)',
			{ kind: 'emptyBody' },
			{ outcome: 'unknown', status: 200, detail: null },
			/status 200/,
			/Look at the person/,
		],
		[
			'nothing (204)',
			{ kind: 'emptyBody', status: 204 },
			{ outcome: 'unknown', status: 204, detail: null },
			/status 204/,
			/Look at the person/,
		],
		[
			'nothing (401)',
			{ kind: 'emptyBody', status: 401 },
			{ outcome: 'refused', status: 401, detail: null },
			/status 401/,
			/API key/,
		],
		[
			'nothing (404)',
			{ kind: 'emptyBody', status: 404 },
			{ outcome: 'refused', status: 404, detail: null },
			/no PostPress API at this address/,
			/Base URL.*\/api\/v1/,
		],
		[
			'nothing (500)',
			{ kind: 'emptyBody', status: 500 },
			{ outcome: 'unknown', status: 500, detail: null },
			/status 500/,
			/Look at the person/,
		],
		[
			'half of the success answer',
			{ kind: 'truncatedJson' },
			{ outcome: 'unknown', status: 200 },
			/status 200/,
			/Look at the person/,
		],
		[
			'another text (200)',
			{ kind: 'raw', status: 200, body: 'OK' },
			{ outcome: 'unknown', status: 200, detail: 'OK' },
			/status 200/,
			/Look at the person/,
		],
		[
			'a list (200)',
			{ kind: 'raw', status: 200, body: [success] },
			{ outcome: 'unknown', status: 200, detail: null },
			/status 200/,
			/Look at the person/,
		],
		[
			'an object that does not say whether it succeeded (200)',
			{ kind: 'raw', status: 200, body: { object: success.object } },
			{ outcome: 'unknown', status: 200, detail: null },
			/status 200/,
			/Look at the person/,
		],
		[
			'the text "true" for its success (200)',
			{ kind: 'raw', status: 200, body: { ...success, success: 'true' } },
			{ outcome: 'unknown', status: 200, detail: null },
			/status 200/,
			/Look at the person/,
		],
		[
			'a success with the status of an error (500)',
			{ kind: 'raw', status: 500, body: success },
			{ outcome: 'unknown', status: 500, detail: null },
			/status 500/,
			/Look at the person/,
		],
	];

	test.each(rows)('%s is a failure that says so', async (_, fault, details, title, remedy) => {
		const { result } = await run({ faults: [fault] });
		const found = foundIn(result);
		expect(found).toMatchObject({
			...details,
			type: 'client/unreadable_response',
			instance: null,
			attempts: 1,
		});
		expect(found.title).toMatch(title);
		expect(found.detail ?? '').not.toMatch(/[<>]/);
		await expectEverywhere(fault, { details: found, remedy });
	});

	test('a Base URL of another form leads to a route that does not exist, and the other form is named', async () => {
		const baseUrl = rig.sandbox.url.replace('/v1', '/api/v1');
		const { result } = await run({ baseUrl });
		expect(result.error).toMatchObject({
			message: expect.stringContaining('no PostPress API at this address') as string,
			description: expect.stringMatching(/\/v1.*\/api\/v1/) as string,
			httpCode: '404',
		});
	});

	test('a person who does not exist is not taken for a route that does not exist', async () => {
		const { result } = await run({ faults: [{ kind: 'apiError', type: 'resource_not_found' }] });
		expect(result.error?.message).toMatch(/^Resource not found: /);
		expect(result.error?.description).not.toContain('Base URL');
	});

	test('"success": false is a refusal', async () => {
		await expectEverywhere(
			{ kind: 'successFalse' },
			{
				details: {
					outcome: 'refused',
					type: null,
					title: 'PostPress answered that the action was not performed (success: false)',
					detail: null,
					status: 200,
					instance: null,
					attempts: 1,
				},
				remedy: /Look at the person/,
			},
		);
	});

	test('"success": false may come with a reason', async () => {
		const body = {
			success: false,
			type: 'errors/invalid_recipient',
			title: 'Invalid recipient',
			detail: 'No such person.',
			instance: 'req_x',
		};
		await expectEverywhere(
			{ kind: 'raw', status: 200, body, performs: false },
			{
				details: {
					outcome: 'refused',
					type: 'errors/invalid_recipient',
					title: 'Invalid recipient',
					detail: 'No such person.',
					status: 200,
					instance: 'req_x',
					attempts: 1,
				},
				remedy: /\S/,
			},
		);
	});
});

describe('a redirect', () => {
	let elsewhere: Sandbox;
	beforeAll(async () => {
		elsewhere = await startSandbox({ apiKey: API_KEY });
	});
	beforeEach(() => elsewhere.reset());
	afterAll(() => elsewhere.close());

	test.each([301, 302, 303, 307, 308])('(%d) to another host is not followed', async (status) => {
		const location = `${elsewhere.url}/linkedin/user/${bad.user}`;
		const fault: Fault = { kind: 'raw', status, headers: { location } };
		const details: Details = {
			outcome: 'refused',
			type: 'client/unreadable_response',
			title: expect.stringMatching(new RegExp(`redirects.*status ${status}`)) as string,
			detail: null,
			status,
			instance: null,
			attempts: 1,
		};
		const { result } = await run({ faults: [fault] });
		const found = foundIn(result);
		expect(found).toEqual(details);
		await expectEverywhere(fault, { details: found, remedy: /Base URL/ });
		expect(elsewhere.requestCount).toBe(0);
	});

	test('to another path of the same host is not followed', async () => {
		const headers = { location: `${rig.sandbox.url}/linkedin/user/AEMother` };
		const { requests } = await run({ faults: [{ kind: 'raw', status: 307, headers }] });
		expect(requests).toHaveLength(1);
	});
});

describe('a request without an answer', () => {
	const expectClient = async (
		settings: Omit<RigRun, 'parameters'>,
		details: Partial<Details>,
		title: RegExp,
		remedy: RegExp,
	) => {
		const { result } = await run(settings);
		const found = foundIn(result);
		expect(found).toMatchObject({ status: null, instance: null, attempts: 1, ...details });
		expect(found.title).toMatch(title);
		expect(found.detail ?? '').not.toMatch(/\n|\s$/);
		const expected = { details: found, remedy };
		await expectStop(settings, expected);
		for (const onError of CONTINUE_MODES) {
			const { result: continued } = await run({ ...settings, onError });
			const item = itemFrom(continued, 0)!;
			expectError(errorOf(item), expected);
			expect(continued.outputs(NODES.node)[onError === 'continueErrorOutput' ? 1 : 0]).toEqual([
				item,
			]);
		}
	};

	test('is not sent if the connection is refused', async () => {
		await rig.sandbox.refuseConnections();
		try {
			await expectClient(
				{},
				{ outcome: 'not_sent', type: 'client/network' },
				/could not be reached/,
				/Base URL/,
			);
		} finally {
			await rig.sandbox.acceptConnections();
		}
	});

	test('is unknown if the connection breaks', async () => {
		await expectClient(
			{ faults: [{ kind: 'drop', when: 'before' }] },
			{ outcome: 'unknown', type: 'client/network', detail: null },
			/broke before the answer/,
			/Look at the person/,
		);
	});

	test('is unknown if the connection breaks within the answer', async () => {
		await expectClient(
			{ faults: [{ kind: 'truncatedJson', cutConnection: true }] },
			{ outcome: 'unknown', type: 'client/network', detail: null },
			/broke before the answer/,
			/Look at the person/,
		);
	});

	testSince('2.22.0', 'waits for ever')('is unknown if the answer cannot be unpacked', async () => {
		const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
		await expectClient(
			{ faults: [{ kind: 'raw', status: 200, headers, body: 'not packed at all' }] },
			{ outcome: 'unknown', type: 'client/network', detail: null },
			/broke before the answer/,
			/Look at the person/,
		);
	});

	test('is unknown if the answer does not come in time', async () => {
		await expectClient(
			{ faults: [{ kind: 'hang', when: 'before' }], requestOptions: { timeout: 20_000 } },
			{ outcome: 'unknown', type: 'client/timeout', detail: null },
			/did not answer in time/,
			/Look at the person/,
		);
	});

	test('is unknown if the Base URL says https and the server knows only http: TLS may break at any time', async () => {
		const baseUrl = rig.sandbox.url.replace('http:', 'https:');
		await expectClient(
			{ baseUrl },
			{ outcome: 'unknown', type: 'client/network', detail: null },
			/broke before the answer/,
			/Look at the person/,
		);
	});

	testSince('2.22.0', 'has no such restriction')(
		'is not sent if the credential is not for this host',
		async () => {
			const credential = { allowedHttpRequestDomains: 'domains', allowedDomains: 'postpress.ai' };
			await expectClient(
				{ credential },
				{ outcome: 'not_sent', type: 'client/network' },
				/could not be sent/,
				/credential/,
			);
			const { requests } = await run({ credential });
			expect(requests).toEqual([]);
		},
	);
});

describe('the words of the API', () => {
	const apiError = (
		details: Omit<Extract<Fault, { kind: 'apiError' }>, 'kind' | 'type'>,
	): Fault => ({
		kind: 'apiError',
		type: 'errors/unprocessable_entity',
		...details,
	});

	const inEveryMode = async (fault: Fault) => {
		const runs = [await run({ faults: [fault] })];
		for (const onError of CONTINUE_MODES) runs.push(await run({ faults: [fault], onError }));
		const results = runs.map(({ result }) => result);
		const [stopped, ...continued] = results;
		const errors = [errorData(stopped)!, ...continued.flatMap(errorsOf)];
		expect(errors).toHaveLength(3);
		return {
			results,
			messages: [stopped.error?.message ?? '', ...errors.map(({ message }) => message)],
			description: stopped.error?.description ?? '',
			errors,
		};
	};

	test.each([
		'ENOENT: no such file',
		'EPERM',
		'connect ECONNREFUSED 10.0.0.1:443',
		'ECONNRESET while reading',
		'getaddrinfo ENOTFOUND linkedin.com',
		'ETIMEDOUT',
		'the person is a preexisting contact',
		'a bad gateway of LinkedIn',
	])('stay where n8n would replace them: %s', async (detail) => {
		const { messages } = await inEveryMode(apiError({ detail }));
		for (const message of messages) {
			expect(message.startsWith(`Unprocessable entity: ${detail}`)).toBe(true);
		}
	});

	test('are cut where they are endless', async () => {
		const endless = 'A whole schema. '.repeat(60_000);
		const fault = apiError({ title: `Title: ${endless}`, detail: endless, instance: endless });
		const { messages, description, errors, results } = await inEveryMode(fault);
		for (const message of messages) {
			expect(message.startsWith('Title: A whole schema. A whole')).toBe(true);
			expect(message.length).toBeLessThan(2000);
		}
		expect(description.length).toBeLessThan(2000);
		for (const { detail } of errors) {
			expect(detail).toMatch(/^A whole schema\. .*…$/);
			expect(detail?.length).toBeLessThan(1000);
		}
		for (const { data } of results) {
			expect(JSON.stringify(data.resultData).length).toBeLessThan(50_000);
		}
	});

	test.each([
		['text', 'Bad gateway. '],
		['HTML', '<p>Bad gateway.</p>'],
	])('are cut in the %s of a gateway as well', async (_, part) => {
		const fault: Fault = { kind: 'raw', status: 502, body: part.repeat(60_000) };
		const { messages, errors } = await inEveryMode(fault);
		for (const message of messages) expect(message.length).toBeLessThan(1500);
		for (const { detail } of errors) expect((detail ?? '').length).toBeLessThan(1000);
	});

	test('come as HTML nowhere in the description', async () => {
		const html = '<img src=x onerror="alert(1)"><script>alert(\'2\')</script> & co';
		const fault: Fault = {
			kind: 'apiError',
			type: `errors/<b>${html}</b>`,
			status: 422,
			title: `Title ${html}`,
			detail: html,
			instance: html,
		};
		const { messages, description, errors } = await inEveryMode(fault);
		expect(description.replaceAll('<br>', '')).not.toMatch(/[<>]/);
		expect(description).toContain(`Request ID: ${escaped(html)}`);
		for (const message of messages) expect(message).toContain(`Title ${html}: ${html}`);
		for (const { detail } of errors) expect(detail).toBe(html);
	});

	test('come on one line, without characters that cannot be seen', async () => {
		const fault = apiError({ detail: ' Line 1\r\n\tline 2\u0000\u202e end ' });
		const { errors } = await inEveryMode(fault);
		for (const { detail } of errors) expect(detail).toBe('Line 1 line 2 end');
	});

	test('are read from fields of the wrong kind as if these were not there', async () => {
		const body = { type: 42, title: ['x'], detail: { a: 1 }, instance: true, status: '422' };
		const { errors } = await inEveryMode({ kind: 'raw', status: 422, body });
		for (const one of errors) {
			expect(one).toMatchObject({
				type: 'client/unreadable_response',
				detail: null,
				status: 422,
				instance: null,
			});
		}
	});

	describe('do not give away the API key', () => {
		// `run` looks for the key in outputs, errors and logs.
		test.each<[where: string, fault: Fault]>([
			['detail', apiError({ detail: `The key ${API_KEY} is not known.` })],
			['title', apiError({ title: `Unknown key ${API_KEY}` })],
			['request id', apiError({ instance: `req_${API_KEY}` })],
			['type', { kind: 'apiError', type: `errors/${API_KEY}`, status: 401 }],
			['nested message', apiError({ nested: true, detail: `Key: ${API_KEY}` })],
			['page of a gateway', { kind: 'raw', status: 502, body: `<p>X-API-KEY: ${API_KEY}</p>` }],
			['text that is not an error', { kind: 'raw', status: 200, body: `Key: ${API_KEY}` }],
			[
				'refusal with status 200',
				{ kind: 'raw', status: 200, body: { success: false, title: `Key: ${API_KEY}` } },
			],
			[
				'redirect',
				{ kind: 'raw', status: 302, headers: { location: `http://127.0.0.1:1/?key=${API_KEY}` } },
			],
		])('that stands in the %s of an answer', async (_, fault) => {
			const { messages } = await inEveryMode(fault);
			expect(messages).toHaveLength(4);
		});

		test('that stands in the answer of an action that was performed', async () => {
			const body = { object: 'LinkedinPerformActionOnUser', success: true, key: API_KEY };
			const { result } = await run({ faults: [{ kind: 'raw', status: 200, body }] });
			expect(performed(result)).toMatchObject([{ json: { success: true } }]);
		});

		test('in part, where the text is cut', async () => {
			const users = Array.from(API_KEY, (_character, index) => `AEM${index}`);
			const { result } = await run({
				items: users.map((user) => ({ user })),
				faults: users.map((userId, index) => [
					apiError({ detail: 'x'.repeat(index) + API_KEY.repeat(500) }),
					{ userId },
				]),
				onError: 'continueErrorOutput',
			});
			expect(failed(result)).toHaveLength(users.length);
			expect(result.find(API_KEY.slice(0, 16))).toEqual([]);
		});

		test('that the API refuses', async () => {
			const apiKey = 'pp_test_wrongKeyThatNobodyMaySee';
			const { result } = await run({ apiKey });
			expect(result.error?.message).toMatch(/^Invalid credentials: /);
			expect(result.find(apiKey)).toEqual([]);
		});
	});
});

describe('the account of a run', () => {
	test('stands in the description of the error that stops it', async () => {
		const { result } = await run({
			items: [{ user: 'AEM0' }, { user: 'AEM1' }, bad, { user: 'AEM3' }, { user: 'AEM4' }],
			faults: [forBad({ kind: 'apiError', type: 'unprocessable_entity' })],
		});
		const [remedy, account, reference] = result.error?.description?.split('<br>') ?? [];
		expect(remedy).toBe(escaped(catalogue.unprocessable_entity.remedy));
		expect(account).toBe(
			'Item 3 of 5 was refused. The other items: 2 performed (1–2), 2 not sent (4–5).',
		);
		expect(reference).toBe('Type: errors/unprocessable_entity · Request ID: req_00000003');
		expect(result.error?.context).toMatchObject({ itemIndex: 2 });
	});
});

describe('where the run starts at the node', () => {
	test('a failed item keeps its error, though n8n cannot merge any input into it', async () => {
		const credentials = { postPressApi: { apiKey: API_KEY, baseUrl: rig.sandbox.url } };
		const workflow = itemsWorkflow({
			parameters: { ...parameters, userId: byId('AEM0') },
			onError: 'continueErrorOutput',
		});
		rig.sandbox.reset();
		rig.sandbox.fail({ kind: 'apiError', type: 'errors/account_restricted' });
		const result = await rig.engine.run(workflow, { credentials, startNode: NODES.node });
		expect([...performed(result), ...failed(result)]).toMatchObject([
			{ json: { error: { outcome: 'refused', type: 'errors/account_restricted' } } },
		]);
	});
});

describe('as a tool of an agent', () => {
	describe.each(['engine', 'supplyData'] as const)('called by %s', (via) => {
		testFailingTool(via)('the message alone carries reason and remedy', async () => {
			const type = 'errors/invalid_recipient';
			const { status, description } = errorTypes.find((error) => error.type === type)!;
			rig.sandbox.reset();
			rig.sandbox.fail({ kind: 'apiError', type });
			const workflow = toolWorkflow({
				parameters: {
					...parameters,
					userId: byId("={{ $fromAI('user', 'id', 'string') }}"),
					options: noPause,
				},
				calls: [{ user: 'AEM0' }],
				via,
			});
			const credentials = { postPressApi: { apiKey: API_KEY, baseUrl: rig.sandbox.url } };
			const result = await rig.engine.run(workflow, { credentials });
			const [observation] = agentOutput(result).observations;
			expect(status).toBe(422);
			expect(observation).toContain(description.replace(/\.$/, ''));
			expect(observation).toContain(catalogue.invalid_recipient.remedy);
			expect(result.find(API_KEY)).toEqual([]);
		});
	});
});
