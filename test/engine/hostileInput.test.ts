import type {
	IDataObject,
	INodeExecutionData,
	INodeParameters,
	NodeParameterValue,
	OnError,
} from 'n8n-workflow';

import type { RecordedRequest } from '../../sandbox';
import { failed, n8nClock, NODES, performed, type RunResult } from '../../harness/engine';
import { longTexts, MEGABYTE } from '../support/longTexts';
import { errorOf, indexOf, type ItemError } from './support/failures';
import { limitRegexesByCpuTime, watch } from './support/hostile';
import { operationSamples, sampleOf, type OperationSample } from './support/operations';
import { byId, byUrl, fromItem } from './support/parameters';
import { once } from './support/once';
import { API_KEY, CONTINUE_MODES, startRig } from './support/rig';
import { SAYS_WHY, testFailingExpression } from './support/versions';

/** A value that nobody would type, as JSON in an item or as an expression. */
interface Hostile {
	what: string;
	value?: unknown;
	expression?: string;
}

const texts: Record<string, string> = {
	'one dot': '.',
	'two dots': '..',
	'two dots among spaces': ' .. \n',
	'two dots, encoded': '%2e%2e',
	'two dots, encoded twice': '%252e%252e',
	'three dots': '...',
	'a way up': '../../accounts',
	'a way up, encoded': '..%2f..%2faccounts',
	'a way up with backslashes': '..\\..\\accounts',
	'a way up behind a name': 'id-x/../../accounts',
	'a slash': '/',
	'another host': '//elsewhere.example/x',
	'a query': 'id-x?account_id=other&api=x',
	'a fragment': 'id-x#top',
	'path parameters': 'id-x;y=z,w',
	'a placeholder of the path': '{user_id}',
	'a pattern of replacements': "$&$'$`$1",
	'a percent sign': '100%',
	'an encoded NUL': '%00',
	NUL: 'id-\u0000x',
	'only NUL': '\u0000',
	'a header': 'id-x\r\nX-API-KEY: stolen\r\n\r\nGET /v1/accounts HTTP/1.1\r\n\r\n',
	'control characters': 'id-\u0007\u001b[31m\u007f\u0085x',
	'an unpaired surrogate': 'id-\ud800x',
	'half a pair at the end': 'id-x\ud83c',
	'half a pair, alone': '\udc00',
	'emoji of several characters': 'id-👩‍💻🏳️‍🌈',
	'zero-width characters': 'id-\u200bx\u200d',
	'only a zero-width character': '\u200b',
	'a mark for right-to-left': 'id-\u202excod.exe\u202c',
	'a byte order mark inside': 'id-\ufeffx',
	'a letter in two characters': 'id-e\u0301',
	'digits of another script': '１２３',
	'a name of JavaScript': '__proto__',
	'another name of JavaScript': 'constructor.prototype',
	'the text null': 'null',
	'the text of an object': '[object Object]',
	'an expression as text': '{{ $json.value }}',
	HTML: '<img src=x onerror=alert(1)>',
	'a number as text': '1e400',
	'a hexadecimal number as text': '0x10',
	'an address of another kind': 'https://elsewhere.example/x',
	'a script': 'javascript:alert(1)',
	...longTexts,
};

const values: Hostile[] = [
	...Object.entries(texts).map(([what, value]) => ({ what, value })),
	...([0, -0, -1, 1.5, 42, 2 ** 53, 2 ** 53 - 1, 1e21, 5e-324] as unknown[])
		.concat([true, false, null, '', ' \n', {}, [], [[]], ['x'], { id: 'x' }])
		.map((value) => ({ what: `${JSON.stringify(value)}`, value })),
	{ what: 'a key that pollutes', value: JSON.parse('{"__proto__":{"polluted":true}}') },
	{
		what: 'a constructor that pollutes',
		value: { constructor: { prototype: { polluted: true } } },
	},
	{ what: 'texts that cannot be made of it', value: { toString: 1, valueOf: 1, toJSON: 1 } },
	{ what: 'a length without a list', value: { length: 1e9 } },
	{ what: 'lists in lists', value: nested(1000) },
	{ what: 'undefined', expression: '={{ undefined }}' },
	{ what: 'a missing field', expression: fromItem('missing') },
	{ what: 'a field of a missing field', expression: fromItem('missing.of.nothing') },
	{ what: 'NaN', expression: '={{ NaN }}' },
	{ what: 'Infinity', expression: '={{ Infinity }}' },
	{ what: 'a big integer', expression: '={{ BigInt("7154321558885357524") }}' },
	{ what: 'an invalid date', expression: '={{ new Date(NaN) }}' },
	{ what: 'a regular expression', expression: '={{ /x/ }}' },
];

function nested(depth: number): unknown {
	return JSON.parse('['.repeat(depth) + ']'.repeat(depth));
}

/** What is right: this in the place of the parameter (undefined: the field is left out), or a refusal. */
type Verdict = { sent: unknown } | 'refused';

const isBlank = (value: unknown) =>
	value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

function ofId(value: unknown): Verdict {
	if (typeof value === 'number') {
		return Number.isSafeInteger(value) && value >= 0 ? { sent: String(value) } : 'refused';
	}
	if (typeof value !== 'string') return 'refused';
	const id = value.trim();
	const isUsable = id !== '' && id !== '.' && id !== '..' && id.length < 10_000;
	return isUsable && id.isWellFormed() ? { sent: id } : 'refused';
}

/** An address among IDs is read as one, and none of those above holds an ID. */
const ofIdOrAddress = (value: unknown): Verdict =>
	/^https?:|linkedin\.com\//i.test(String(typeof value === 'string' ? value : '').slice(0, 9999))
		? 'refused'
		: ofId(value);

/** A parameter: its name on the screen and in the request, how it takes a value, and what is right. */
interface Target {
	parameter: string;
	displayName: string;
	as: (value: NodeParameterValue) => INodeParameters | NodeParameterValue;
	verdict: (value: unknown) => Verdict;
	/** Puts what is sent into the body. */
	put: (body: IDataObject, sent: unknown) => void;
	/** More parameters that it needs. */
	more?: INodeParameters;
	isIn: (sample: OperationSample) => boolean;
}

const into = (name: string) => (body: IDataObject, sent: unknown) => {
	if (sent === undefined) delete body[name];
	else body[name] = sent as string;
};
const has = (name: string) => (sample: OperationSample) => name in sample.parameters;
const itself = (value: NodeParameterValue) => value;
const refusedUnlessBlank = (value: unknown): Verdict =>
	isBlank(value) ? { sent: undefined } : 'refused';

const targets: Target[] = [
	{
		parameter: 'accountId',
		displayName: 'Account',
		as: byId,
		verdict: ofId,
		put: into('account_id'),
		isIn: has('accountId'),
	},
	{
		parameter: 'accountId',
		displayName: 'Account',
		as: itself,
		verdict: ofId,
		put: into('account_id'),
		isIn: has('accountId'),
	},
	...['userId', 'leadUserId'].flatMap((parameter): Target[] => [
		{
			parameter,
			displayName: 'User',
			as: byId,
			verdict: ofIdOrAddress,
			put: () => {},
			isIn: has(parameter),
		},
		{
			parameter,
			displayName: 'User',
			as: byUrl,
			verdict: () => 'refused',
			put: () => {},
			isIn: has(parameter),
		},
	]),
	{
		parameter: 'hiringProjectId',
		displayName: 'Hiring Project',
		as: byId,
		verdict: ofIdOrAddress,
		put: into('hiring_project_id'),
		isIn: has('hiringProjectId'),
	},
	{
		parameter: 'hiringProjectId',
		displayName: 'Hiring Project',
		as: byUrl,
		verdict: () => 'refused',
		put: into('hiring_project_id'),
		isIn: has('hiringProjectId'),
	},
	{
		parameter: 'listId',
		displayName: 'Lead List',
		as: byId,
		verdict: (value) => (isBlank(value) ? { sent: undefined } : ofIdOrAddress(value)),
		put: into('list_id'),
		isIn: has('listId'),
	},
	{
		parameter: 'listId',
		displayName: 'Lead List',
		as: byUrl,
		verdict: refusedUnlessBlank,
		put: into('list_id'),
		isIn: has('listId'),
	},
	{
		parameter: 'stage',
		displayName: 'Stage',
		as: itself,
		verdict: () => 'refused',
		put: into('stage'),
		isIn: has('stage'),
	},
	{
		parameter: 'newStage',
		displayName: 'New Stage',
		as: itself,
		verdict: () => 'refused',
		put: into('stage'),
		isIn: has('newStage'),
	},
	{
		parameter: 'reason',
		displayName: 'Reason',
		as: itself,
		verdict: () => 'refused',
		put: into('reason'),
		isIn: has('reason'),
	},
	{
		parameter: 'notifyApplicant',
		displayName: 'Notify Applicant',
		as: itself,
		// What came out empty is neither on nor off.
		verdict: (value) => (typeof value === 'boolean' ? { sent: value } : 'refused'),
		put: (body, sent) => {
			if (sent) body.rejection_notification = { message: 'Thank you.' };
			else delete body.rejection_notification;
		},
		more: { rejectionMessage: 'Thank you.', sendNotificationAt: '' },
		isIn: has('notifyApplicant'),
	},
	{
		parameter: 'rejectionMessage',
		displayName: 'Rejection Message',
		as: itself,
		verdict: (value) =>
			typeof value === 'string' && value.trim() !== '' ? { sent: value } : 'refused',
		put: (body, sent) => (body.rejection_notification = { message: sent as string }),
		more: { notifyApplicant: true, sendNotificationAt: '' },
		isIn: has('rejectionMessage'),
	},
	{
		parameter: 'sendNotificationAt',
		displayName: 'Send Notification At',
		as: itself,
		verdict: refusedUnlessBlank,
		put: (body) => (body.rejection_notification = { message: 'Thank you.' }),
		more: { notifyApplicant: true, rejectionMessage: 'Thank you.' },
		isIn: has('sendNotificationAt'),
	},
];

const cases = operationSamples.flatMap((sample) =>
	targets
		.filter(({ isIn }) => isIn(sample))
		.map((target) => {
			const { mode } = (target.as('') ?? {}) as { mode?: string };
			const how = mode ? ` (by ${mode})` : target.displayName === 'Account' ? ' (whole)' : '';
			const name = `${sample.resource}: ${sample.operation}, ${target.displayName}${how}`;
			const prefix = sample.resource === 'lead' ? 'ACw' : 'AEM';
			// Operations share their fields, so one of them is enough for the slower tests.
			const isFirst = sample === operationSamples.find(target.isIn);
			return { name, sample, target, prefix, isFirst };
		}),
);

const rig = startRig({ expressionEngine: 'legacy' });
const clock = n8nClock();
let watched: ReturnType<typeof watch>;
let resetRegexes: () => void;
beforeAll(() => {
	watched = watch(rig.engine);
	resetRegexes = limitRegexesByCpuTime(rig.engine);
});
afterEach(() => {
	clock.release();
	watched.check();
});
afterAll(() => {
	watched.stop();
	resetRegexes();
});

/** What a hostile value comes to, by the expression engine of n8n or in the item. */
const comesTo = ({ what, value, expression }: Hostile): unknown => {
	if (expression === undefined) return value;
	const known: Record<string, unknown> = { NaN, Infinity };
	return what in known
		? known[what]
		: what.includes('missing') || what === 'undefined'
			? undefined
			: {};
};

/** The parameters of a sample with another value in one of them. */
function withValue({ sample, target }: (typeof cases)[number], value: NodeParameterValue) {
	const { parameter, as, more } = target;
	return { ...sample.parameters, ...more, [parameter]: as(value) } as INodeParameters;
}

const isPerson = ({ displayName }: Target) => displayName === 'User';

/** The request that is right for what is sent in the place of a parameter. */
function expectedRequest({ sample, target }: (typeof cases)[number], sent: unknown) {
	const body = structuredClone(sample.request.body);
	target.put(body, sent);
	const userId = isPerson(target) ? String(sent) : sample.request.userId;
	return { path: `/v1/linkedin/user/${encodeURIComponent(userId)}`, body };
}

/** A sentence that begins with the name of a parameter and is fit to be read. */
function expectSentence(text: string | undefined, displayName: string, maxLength = 400): void {
	expect(text?.startsWith(displayName)).toBe(true);
	expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
	expect(text?.length).toBeLessThan(maxLength);
}

/** The error of an item that was refused because of one parameter: what is wrong, to whom, and what to do. */
function expectRefusal(error: ItemError | undefined, displayName: string): void {
	expectSentence(error?.title, displayName, 300);
	expectSentence(error?.message, displayName, 1000);
	expect(error).toMatchObject({ type: 'client/validation', outcome: 'not_sent', attempts: 0 });
}

const asSent = ({ path, rawBody }: RecordedRequest) => ({
	path,
	body: JSON.parse(rawBody) as IDataObject,
});

const noKeyIn = (result: RunResult) => expect(result.find(API_KEY)).toEqual([]);

describe.each(cases)('$name', (one) => {
	const isWhole = one.name.endsWith('(whole)');
	const { displayName, verdict } = one.target;

	/** One run over all values that an item can hold; each item has a name of its own in the request. */
	const inItems = values.filter(({ expression }) => expression === undefined);
	const isUser = isPerson(one.target);
	const isLead = has('leadUserId')(one.sample);
	const [person, place] = isLead ? ['leadUserId', 'listId'] : ['userId', 'hiringProjectId'];
	const tagged = isUser ? place : person;
	const tagOf = (index: number) => `${isUser ? 'tag' : one.prefix}${index}`;
	const allInItems = once(async () => {
		const { result, requests } = await rig.run({
			parameters: { ...withValue(one, fromItem('value')), [tagged]: byId(fromItem('tag')) },
			items: inItems.map(({ value }, index) => ({ value, tag: tagOf(index) }) as IDataObject),
			onError: 'continueErrorOutput',
		});
		const [done, failures] = result.outputs(NODES.node);
		return { result, done, failures, sent: requests.map(asSent) };
	});

	/** What became of one value: the item on the error output, and the requests. */
	const fateOf = async (hostile: Hostile) => {
		if (hostile.expression === undefined) {
			const index = inItems.indexOf(hostile);
			const { result, failures, sent } = await allInItems();
			const isOwn = (item: INodeExecutionData) => indexOf(item) === index;
			const own = sent.filter(({ path, body }) =>
				isUser
					? (body.list_id ?? body.hiring_project_id) === tagOf(index)
					: path.endsWith(`/${tagOf(index)}`),
			);
			const { account_id, ...expected } = one.sample.request.body;
			expect(account_id).toBeDefined();
			for (const { body } of own) {
				if (!isUser) continue;
				const name = isLead ? 'list_id' : 'hiring_project_id';
				body[name] = expected[name];
			}
			if (!isUser) {
				for (const request of own) {
					request.path = request.path.replace(tagOf(index), one.sample.request.userId);
				}
			}
			return { result, failure: failures.find(isOwn), sent: own };
		}
		const { result, requests } = await rig.run({
			parameters: withValue(one, hostile.expression),
			onError: 'continueErrorOutput',
		});
		return { result, failure: failed(result)[0], sent: requests.map(asSent) };
	};

	test.each(values)('$what, by an expression', async (hostile) => {
		const { result, failure, sent } = await fateOf(hostile);
		const right = verdict(comesTo(hostile));
		expect(result.status).toBe('success');
		if (right === 'refused') {
			expect(sent).toEqual([]);
			expectRefusal(failure && errorOf(failure), displayName);
		} else {
			expect(sent).toEqual([expectedRequest(one, right.sent)]);
		}
	});

	test('every item has its fate, and the API key shows nowhere', async () => {
		const { result, done, failures } = await allInItems();
		expect(done.length + failures.length).toBe(inItems.length);
		noKeyIn(result);
	});

	if (!one.isFirst) return;

	// What begins with "=" in a workflow is an expression, and objects are not values of these parameters.
	// To n8n, 0 in the place of a locator is nothing.
	const fixed = values.filter(
		({ expression, value }) =>
			expression === undefined && typeof value !== 'object' && !(isWhole && value === 0),
	);

	test.each(fixed)('$what, fixed, in stop mode', async ({ value }) => {
		const { result, requests } = await rig.run({
			parameters: withValue(one, value as NodeParameterValue),
		});
		const right = verdict(value);
		if (right === 'refused') {
			expect(requests).toEqual([]);
			expect(result.status).toBe('error');
			expect(result.outputs(NODES.node)).toEqual([]);
			// n8n itself refuses some of them before the node is called.
			const { name, message, description } = result.error!;
			if (name === 'NodeApiError') expectSentence(message, displayName);
			else if (SAYS_WHY) expect(message + String(description)).toContain(displayName);
		} else {
			expect(requests.map(asSent)).toEqual([expectedRequest(one, right.sent)]);
		}
		noKeyIn(result);
	});
});

describe('a locator by an expression for the whole of it', () => {
	const rows: Array<[what: string, value: unknown, sent: string | undefined]> = [
		['a locator', { mode: 'id', value: 'id-1' }, 'id-1'],
		['a mode that is no text', { mode: { toString: 1 }, value: 'id-1' }, 'id-1'],
		['a mode that nobody knows', { mode: '__proto__', value: 'id-1' }, 'id-1'],
		['a value that is an object', { mode: 'id', value: { toString: 1 } }, undefined],
		['a value that is a locator', { mode: 'id', value: { mode: 'id', value: 'x' } }, undefined],
		['no value', { mode: 'id' }, undefined],
		['two dots', { mode: 'publicProfile', value: '..' }, undefined],
	];

	test.each(rows)('%s', async (_, value, sent) => {
		for (const { displayName, parameter } of targets.filter(({ as }) => as === byId)) {
			const sample = operationSamples.find(({ parameters }) => parameter in parameters)!;
			const { result, requests } = await rig.run({
				parameters: { ...sample.parameters, [parameter]: fromItem('value') },
				items: [{ value } as IDataObject],
				onError: 'continueErrorOutput',
			});
			const isLeftOut = parameter === 'listId' && isBlank((value as IDataObject).value);
			expect(requests).toHaveLength(sent !== undefined || isLeftOut ? 1 : 0);
			if (sent !== undefined) expect(`${requests[0].path} ${requests[0].rawBody}`).toContain(sent);
			else if (!isLeftOut) expectRefusal(errorOf(failed(result)[0]), displayName);
			noKeyIn(result);
		}
	});
});

describe('a public profile', () => {
	const slugs: Array<[address: string, slug: string | undefined]> = [
		['https://www.linkedin.com/in/..', undefined],
		['https://www.linkedin.com/in/../feed', undefined],
		['https://www.linkedin.com/in/.', undefined],
		['https://www.linkedin.com/in/%2e%2e', undefined],
		['https://www.linkedin.com/in/%2E', undefined],
		['..', undefined],
		['%2e%2e', undefined],
		['https://www.linkedin.com/in/%252e%252e', '%2e%2e'],
		['https://www.linkedin.com/in/...', '...'],
		['https://www.linkedin.com/in/a%2F..%2F..%2Faccounts', 'a/../../accounts'],
		['https://www.linkedin.com/in/a%3Faccount_id=x%23y', 'a?account_id=x#y'],
		['https://www.linkedin.com/in/a%0D%0AX-Evil:%201', 'a\r\nX-Evil: 1'],
		['https://www.linkedin.com/in/a%00b', 'a\u0000b'],
		['https://www.linkedin.com/in/100%', '100%'],
		['https://www.linkedin.com/in/%ff%fe', '%ff%fe'],
		['https://www.linkedin.com/in/%F0%9F%8D%80', '🍀'],
		['https://www.linkedin.com/in/\ud83c', undefined],
		['https://www.linkedin.com/in/a\u200b\u202eb', 'a\u200b\u202eb'],
		['https://www.linkedin.com/in/__proto__', '__proto__'],
		['constructor', 'constructor'],
		[`https://www.linkedin.com/in/${'a'.repeat(MEGABYTE)}`, undefined],
		['in/'.repeat(MEGABYTE / 3), undefined],
		[`https://www.linkedin.com/in/${'a-'.repeat(2000)}`, 'a-'.repeat(2000)],
	];
	const { parameters } = sampleOf('candidate', 'addToPipeline');
	const userId = { __rl: true, mode: 'publicProfile', value: fromItem('value') };

	test.each(slugs.map(([address, slug]) => ({ address, slug, name: address.slice(0, 60) })))(
		'$name is looked up under its own name or refused',
		async ({ address, slug }) => {
			for (const onError of CONTINUE_MODES) {
				const { result, requests } = await rig.run({
					parameters: { ...parameters, userId: userId as unknown as INodeParameters },
					items: [{ value: address }],
					onError,
				});
				const query = `account_id=${sampleAccount}&linkedin_api=recruiter`;
				expect(requests.map(({ path }) => path)).toEqual(
					slug === undefined ? [] : [`/v1/users/${encodeURIComponent(slug)}?${query}`],
				);
				const items = onError === 'continueErrorOutput' ? failed(result) : performed(result);
				const error = errorOf(items[0]);
				if (slug === undefined) expectRefusal(error, 'User: ');
				else expectSentence(error?.message, 'The public profile "', 1000);
				noKeyIn(result);
			}
		},
	);

	const sampleAccount = sampleOf('candidate', 'addToPipeline').request.body.account_id as string;
});

describe('options', () => {
	const { parameters } = sampleOf('applicant', 'addToPipeline');
	const limits = { maxRetries: 10, retryWait: 30, delayBetweenRequests: 86_400 };
	const names: Record<string, string> = {
		maxRetries: 'Max Retries',
		retryWait: 'Retry Wait',
		delayBetweenRequests: 'Delay Between Requests',
		alreadyPerformedIsSuccess: 'Already Performed Is Success',
		includeInputFields: 'Include Input Fields',
		idempotencyKey: 'Idempotency Key',
	};
	const isRight = (name: string, value: unknown) => {
		if (isBlank(value)) return name !== 'idempotencyKey';
		// NaN would be the same key for every event.
		if (name === 'idempotencyKey')
			return typeof value === 'string' || (Number.isFinite(value) && Number(value) < 2 ** 53);
		if (!(name in limits)) return typeof value === 'boolean';
		const isNumeric = typeof value === 'number' || typeof value === 'string';
		const limit = limits[name as keyof typeof limits];
		return isNumeric && Number(value) >= 0 && Number(value) <= limit;
	};

	describe.each(Object.entries(names))('%s', (name, displayName) => {
		// The pause after a request does not end while a test looks at it.
		beforeEach(() => clock.hold());
		const everyPauseOver = async () => await clock.advance(2000 * limits.delayBetweenRequests);
		afterEach(everyPauseOver);

		const inItems = values.filter(({ expression }) => expression === undefined);

		/** One run over all values that an item can hold, each with a person and an account of its own. */
		const allInItems = once(
			async () =>
				await rig.run({
					parameters: {
						...parameters,
						accountId: byId(fromItem('account')),
						userId: byId(fromItem('user')),
					},
					options: { retryWait: 0, [name]: fromItem('value') },
					items: inItems.map(
						({ value }, index) =>
							({ value, user: `AEM${index}`, account: `acc_${index}` }) as IDataObject,
					),
					onError: 'continueErrorOutput',
				}),
		);

		test.each(values)('$what', async (hostile) => {
			const { expression = fromItem('value') } = hostile;
			const value = comesTo(hostile);
			const isSent = isRight(name, value);
			const alone = async (onError: OnError) => {
				const observed = await rig.run({
					parameters,
					options: { retryWait: 0, [name]: expression },
					items: [{ value: hostile.value } as IDataObject],
					onError,
				});
				await everyPauseOver();
				return observed;
			};

			const stopped = await alone('stopWorkflow');
			noKeyIn(stopped.result);
			expect(stopped.requests).toHaveLength(isSent ? 1 : 0);
			if (isRight(name, value)) expect(stopped.result.status).toBe('success');
			else expectSentence(stopped.result.error?.message, displayName);

			const index = inItems.indexOf(hostile);
			const continued = await (index < 0 ? alone('continueErrorOutput') : allInItems());
			const isOwn = (item: INodeExecutionData) => index < 0 || indexOf(item) === index;
			const sent = continued.requests.filter(({ userId }) => index < 0 || userId === `AEM${index}`);
			expect(sent).toHaveLength(isSent ? 1 : 0);
			expect(continued.result.status).toBe('success');
			const failures = failed(continued.result).filter(isOwn);
			if (isRight(name, value)) expect(failures).toEqual([]);
			else expectRefusal(errorOf(failures[0]), displayName);
		});

		test('shows the API key nowhere', async () => noKeyIn((await allInItems()).result));
	});

	// n8n evaluates no expression there: a file may bring one, or any other value.
	test.each(values)('Preview Only: $what', async ({ value, expression }) => {
		for (const onError of ['stopWorkflow', 'continueErrorOutput'] as const) {
			const { result, requests } = await rig.run({
				parameters: { ...parameters, previewOnly: (expression ?? value) as NodeParameterValue },
				items: [{ value } as IDataObject],
				onError,
			});
			noKeyIn(result);
			expect(requests).toHaveLength(value === false ? 1 : 0);
			if (typeof value === 'boolean') {
				expect(performed(result)).toMatchObject([
					{ json: value ? { preview: true, outcome: 'not_sent' } : { outcome: 'performed' } },
				]);
			} else if (onError === 'stopWorkflow') {
				expectSentence(result.error?.message, 'Preview Only');
			} else expectRefusal(errorOf(failed(result)[0]), 'Preview Only');
		}
	});

	test.each([
		['no number', 'abc', 200],
		['endless', 1e300, 86_400_000],
		['negative', -1, 200],
		['an object', { a: 1 }, 200],
	])("n8n's own batching that is %s does no harm to the pause", async (_, batchInterval, mean) => {
		clock.hold();
		const running = rig.run({
			parameters: { ...parameters, userId: byId(fromItem('user')) },
			items: [{ user: 'AEM1' }, { user: 'AEM2' }],
			options: { delayBetweenRequests: 0.2 },
			requestOptions: {
				batching: { batch: { batchSize: 50, batchInterval: batchInterval as number } },
			},
			onError: 'continueErrorOutput',
		});
		const { requests } = await clock.moving(running);
		const [first, second] = requests;
		const pause = second.arrivedAt - first.answeredAt!;
		expect(pause).toBeGreaterThanOrEqual(mean / 2);
		expect(pause).toBeLessThanOrEqual(mean * 1.5);
		await clock.advance(mean * 2);
	});
});

describe('an expression that throws', () => {
	const { parameters } = sampleOf('candidate', 'addToPipeline');
	const expressions = [
		'={{ (() => { throw new Error("deep inside") })() }}',
		'={{ [1, 2].map((one) => { throw new TypeError("in a loop") }) }}',
		'={{ $json.a.b.c.d() }}',
		'={{ null.x }}',
		'={{ JSON.parse("{") }}',
		'={{ decodeURIComponent("%") }}',
		"={{ $('Nowhere').item.json.x }}",
		'={{ $json.value.toFixed(1000) }}',
		'={{ () => "x" }}',
		'={{ $json[ }}',
		'={{ this.constructor.constructor("return process")().exit(1) }}',
		'={{ $json.__proto__.polluted = true }}',
		'={{ Object.prototype.polluted = true }}',
		'={{ "x".repeat(2 ** 30) }}',
		'={{ {{ $json.value }} }}',
	];

	describe.each(['legacy', 'vm'] as const)('with the expression engine %s', (expressionEngine) => {
		const own = startRig({ expressionEngine });

		testFailingExpression.each(expressions)(
			'%s fails its item and sends nothing for it',
			async (expression) => {
				const places: Array<[string, NodeParameterValue]> = [
					['accountId', byId(expression) as unknown as NodeParameterValue],
					['userId', byUrl(expression) as unknown as NodeParameterValue],
					['stage', expression],
				];
				// The vm takes half a second for what the other does in no time.
				for (const [parameter, value] of places.slice(expressionEngine === 'vm' ? 2 : 0)) {
					const settings = {
						parameters: { ...parameters, [parameter]: value },
						items: [{ value: 1 }],
					};
					const stopped = await own.run(settings);
					const continued = await own.run({ ...settings, onError: 'continueErrorOutput' });
					expect([...stopped.requests, ...continued.requests]).toEqual([]);
					expect(stopped.result.error?.message).toMatch(/\S/);
					expect(failed(continued.result).length).toBe(1);
					const [item] = failed(continued.result);
					// n8n gives the node an empty value, or fails the item itself, by version.
					expect(errorOf(item)?.message ?? item.json.error ?? item.error?.message).toMatch(/\S/);
					noKeyIn(stopped.result);
					noKeyIn(continued.result);
				}
			},
		);
	});
});

describe('a resource or operation that does not exist', () => {
	const { parameters } = sampleOf('candidate', 'addToPipeline');
	const names = [
		'',
		'__proto__',
		'constructor',
		'../x',
		'reject',
		'={{ "save" }}',
		'x'.repeat(MEGABYTE),
	];

	test.each(names.flatMap((name) => [{ operation: name }, { resource: name }]))(
		'sends nothing (%#)',
		async (hostile) => {
			const { result, requests } = await rig.run({ parameters: { ...parameters, ...hostile } });
			expect(requests).toEqual([]);
			expect(result.status).toBe('error');
			expect(result.error?.message).toMatch(/\S/);
			noKeyIn(result);
		},
	);
});
