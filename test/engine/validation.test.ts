import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { oneLine } from '../../nodes/PostPress/errors/text';
import { failed, n8nClock, NODES, performed } from '../../harness/engine';
import { errorData, errorOf, errorsOf, itemFrom } from './support/failures';
import { sampleOf } from './support/operations';
import { byId, byUrl, fromItem } from './support/parameters';
import { once } from './support/once';
import { CONTINUE_MODES, startRig, type Observation, type RigRun } from './support/rig';
import { testFailingExpression, testRefusedStart } from './support/versions';

const rig = startRig({ expressionEngine: 'legacy' });

const candidate = sampleOf('candidate', 'addToPipeline').parameters;
const candidateToMove = sampleOf('candidate', 'changeStage').parameters;
const applicant = sampleOf('applicant', 'reject').parameters;
const lead = sampleOf('lead', 'save').parameters;

/** A value that cannot be sent. */
interface Row {
	what: string;
	/** The value, as JSON in an input item. */
	value?: unknown;
	/** The value, as an expression. */
	expression?: string;
	/** How the sentence shows the value; without it the sentence says that it is empty. */
	shown?: string;
	/** What else the sentence says. */
	says?: RegExp;
}

/** A parameter, the name that a person knows it by, and what it refuses. */
interface Refusals {
	parameter: string;
	displayName: string;
	/** An operation that has the parameter, filled in. */
	of: INodeParameters;
	/** How the parameter takes a value; the value itself by default. */
	as?: (value: string) => INodeParameters;
	/** A value that is accepted. */
	good: string;
	rows: Row[];
}

const publicAddress = 'https://www.linkedin.com/in/amara-okafor-94f4dbb7/';
const tooLarge = Number('7154321558885357524');
const objects: Row[] = [
	{ what: 'an object', value: { id: 'x' }, shown: '{"id":"x"}' },
	{ what: 'a list', value: ['x'], shown: '["x"]' },
	{ what: 'true', value: true, shown: '"true"' },
];
const empty: Row[] = [
	{ what: 'an empty text', value: '' },
	{ what: 'white space', value: ' \n' },
	{ what: 'null', value: null },
	{ what: 'an expression without a value', expression: fromItem('missing') },
];
const numbers: Row[] = [
	{
		what: 'a number too large to be exact',
		value: tooLarge,
		shown: `"${tooLarge}"`,
		says: /as text/,
	},
	{ what: 'a fraction', value: 1.5, shown: '"1.5"', says: /as text/ },
	{ what: 'a negative number', value: -1, shown: '"-1"', says: /as text/ },
	{ what: 'NaN', expression: '={{ NaN }}', shown: '"NaN"' },
];

const user = { parameter: 'userId', displayName: 'User' };

const publicProfiles: Row[] = [
	publicAddress,
	'http://linkedin.com/in/amara',
	'https://de.linkedin.com/in/z%C3%BCrich?trk=x',
	'linkedin.com/in/amara',
	'www.linkedin.com/in/amara/',
	'/in/amara',
].map((value) => ({
	what: `the public address ${value}`,
	value,
	shown: `"${value}"`,
	says: /public profile/,
}));

const table: Refusals[] = [
	{
		...user,
		of: candidate,
		as: byId,
		good: 'AEMgood',
		rows: [
			...publicProfiles,
			...['ACoAAszevdqUwaUtYKCfo', 'ADoAAszevdqUwaUtYKCfo'].map((value) => ({
				what: `the classic id ${value}`,
				value,
				shown: `"${value}"`,
				says: /classic.*Recruiter.*talent\/profile/,
			})),
			...[' ', '\n', ', '].map((between) => ({
				what: `two addresses, with ${JSON.stringify(between)} between them`,
				value: ['AEMone', 'AEMtwo'].map((id) => `linkedin.com/talent/profile/${id}`).join(between),
				shown: 'talent/profile/AEMone',
				says: /more than one address/,
			})),
			...['in/amara in/jonas', '/in/amara, /in/jonas', 'linkedin.com/in/amara and in/jonas'].map(
				(value) => ({
					what: `two public addresses: ${value}`,
					value,
					shown: value,
					says: /more than one address/,
				}),
			),
			{
				what: 'two public addresses',
				value: 'linkedin.com/in/amara linkedin.com/in/jonas',
				shown: 'linkedin.com/in/amara',
				says: /more than one address/,
			},
			{
				what: 'an id of Sales Navigator',
				value: 'ACwAAq-x',
				shown: '"ACwAAq-x"',
				says: /Sales Navigator.*needs an ID or address of Recruiter/,
			},
			{
				what: 'an address of Sales Navigator',
				value: 'https://www.linkedin.com/sales/lead/ACwAAq-x,NAME_SEARCH,kP3x?_ntb=1',
				shown: '/lead/ACwAAq-x,NAME_SEARCH,kP3x?_ntb=1"',
				says: /Sales Navigator.*needs an ID or address of Recruiter/,
			},
			{
				what: 'an address with a classic id',
				value: 'https://www.linkedin.com/talent/profile/ACoAAszev',
				shown: '/profile/ACoAAszev"',
				says: /classic/,
			},
			{
				what: 'an address of something else',
				value: 'https://www.linkedin.com/company/postpress',
				shown: '"https://www.linkedin.com/company/postpress"',
				says: /talent\/profile/,
			},
			...objects,
			...empty,
			...numbers,
		],
	},
	{
		...user,
		of: candidate,
		as: byUrl,
		good: 'https://www.linkedin.com/talent/profile/AEMgood',
		rows: [
			...publicProfiles,
			{
				what: 'an address of a search',
				value: 'https://www.linkedin.com/talent/search?q=x',
				shown: '"https://www.linkedin.com/talent/search?q=x"',
				says: /talent\/profile/,
			},
			{ what: 'an address without an id', value: 'https://www.linkedin.com/talent/profile/' },
			{
				what: 'an address of another host',
				value: 'https://elsewhere.example/talent/profile/AEMx',
				shown: '"https://elsewhere.example/talent/profile/AEMx"',
			},
			{ what: 'no address', value: 'Amara Okafor', shown: '"Amara Okafor"' },
			...objects,
			...empty,
		].map((row) => ({ ...row, shown: row.shown ?? shownAddress(row) })),
	},
	{
		...user,
		parameter: 'leadUserId',
		of: lead,
		as: byId,
		good: 'ACwgood',
		rows: [
			...publicProfiles,
			...['ACoAAszevdqUwaUtYKCfo', 'ADoAAszevdqUwaUtYKCfo'].map((value) => ({
				what: `the classic id ${value}`,
				value,
				shown: `"${value}"`,
				says: /classic.*Sales Navigator.*sales\/lead/,
			})),
			...['AEMAAq-x', 'AEAAq-x'].map((value) => ({
				what: `the Recruiter id ${value}`,
				value,
				shown: `"${value}"`,
				says: /Recruiter.*needs an ID or address of Sales Navigator/,
			})),
			{
				what: 'an address of Recruiter',
				value: 'https://www.linkedin.com/talent/profile/AEMAAq-x?trk=1',
				shown: '/profile/AEMAAq-x?trk=1"',
				says: /Recruiter.*needs an ID or address of Sales Navigator/,
			},
			...empty,
		],
	},
	{
		parameter: 'accountId',
		displayName: 'Account',
		of: candidate,
		as: byId,
		good: 'acc_1',
		rows: [...objects, ...empty, ...numbers],
	},
	{
		parameter: 'hiringProjectId',
		displayName: 'Hiring Project',
		of: candidate,
		as: byId,
		good: '1483848495',
		rows: [
			{
				what: 'an address of a person',
				value: 'https://www.linkedin.com/talent/profile/AEMx',
				shown: '"https://www.linkedin.com/talent/profile/AEMx"',
				says: /talent\/hire/,
			},
			...objects,
			...empty,
			...numbers,
		],
	},
	{
		parameter: 'hiringProjectId',
		displayName: 'Hiring Project',
		of: candidate,
		as: byUrl,
		good: 'https://www.linkedin.com/talent/hire/1483848495',
		rows: [
			{ what: 'an id', value: '1483848495', shown: '"1483848495"', says: /talent\/hire/ },
			{
				what: 'an address of all projects',
				value: 'https://www.linkedin.com/talent/hire/',
				shown: '"https://www.linkedin.com/talent/hire/"',
				says: /talent\/hire/,
			},
		],
	},
	{
		parameter: 'listId',
		displayName: 'Lead List',
		of: lead,
		as: byId,
		good: '7154321558885357524',
		rows: [
			{
				what: 'an address of an account list',
				value: 'https://www.linkedin.com/sales/lists/company/7154321558885357524',
				shown: '"https://www.linkedin.com/sales/lists/company/7154321558885357524"',
				says: /sales\/lists\/people/,
			},
			...objects,
			...numbers,
		],
	},
	{
		parameter: 'stage',
		displayName: 'Stage',
		of: candidate,
		good: 'REPLIED',
		rows: [
			{
				what: 'another word',
				value: 'HIRED',
				shown: '"HIRED"',
				says: /UNCONTACTED, CONTACTED, REPLIED/,
			},
			{ what: 'part of one', value: 'CONTACT', shown: '"CONTACT"' },
			{ what: 'two of them', value: 'CONTACTED, REPLIED', shown: '"CONTACTED, REPLIED"' },
			{ what: 'a name of JavaScript', value: 'constructor', shown: '"constructor"' },
			{ what: 'a number', value: 1, shown: '"1"' },
			{ what: 'a list', value: ['REPLIED'], shown: '["REPLIED"]' },
			{ what: 'an empty text', value: '' },
			{ what: 'an expression without a value', expression: fromItem('missing') },
		],
	},
	{
		parameter: 'newStage',
		displayName: 'New Stage',
		of: candidateToMove,
		good: 'REPLIED',
		rows: [
			{
				what: 'another word',
				value: 'HIRED',
				shown: '"HIRED"',
				says: /UNCONTACTED, CONTACTED, REPLIED/,
			},
			{ what: 'an empty text', value: '', says: /UNCONTACTED, CONTACTED, REPLIED/ },
			{ what: 'an expression without a value', expression: fromItem('missing') },
		],
	},
	{
		parameter: 'reason',
		displayName: 'Reason',
		of: applicant,
		good: 'WITHDREW_APPLICATION',
		rows: [
			{ what: 'another word', value: 'TOO_OLD', shown: '"TOO_OLD"', says: /WITHDREW_APPLICATION/ },
			{ what: 'an object', value: { a: 1 }, shown: '{"a":1}' },
			{ what: 'an empty text', value: '', says: /WITHDREW_APPLICATION/ },
		],
	},
	{
		parameter: 'notifyApplicant',
		displayName: 'Notify Applicant',
		of: applicant,
		good: 'true',
		rows: [
			{ what: 'yes', value: 'yes', shown: '"yes"', says: /true nor false/ },
			{ what: 'a number', value: 1, shown: '"1"', says: /true nor false/ },
			{ what: 'a list', value: ['true'], shown: '["true"]', says: /true nor false/ },
			// Not off: who was to be told would be rejected silently, for ever.
			...empty.map((row) => ({ ...row, says: /true or false/ })),
		],
	},
	{
		parameter: 'rejectionMessage',
		displayName: 'Rejection Message',
		of: applicant,
		good: 'Thank you.',
		rows: [
			...empty,
			{ what: 'an object', value: { text: 'x' }, shown: '{"text":"x"}', says: /text/ },
			{ what: 'a number', value: 42, shown: '"42"', says: /text/ },
		],
	},
];

/** The fields of the request that can be missing from what a failure says was to be done. */
const fieldNames: Record<string, string> = {
	accountId: 'account_id',
	hiringProjectId: 'hiring_project_id',
	listId: 'list_id',
	stage: 'stage',
	newStage: 'stage',
	reason: 'reason',
};

/** An address is shown as it stands, unless there is none. */
function shownAddress({ value }: Row): string | undefined {
	return typeof value === 'string' && value.trim() !== '' ? `"${value}"` : undefined;
}

const cases = table.map((refusals) => {
	const { parameter, displayName, of, as } = refusals;
	const { mode } = (as?.('') ?? {}) as { mode?: string };
	const title = `${displayName}${mode ? ` (by ${mode})` : ''} of ${of.resource as string}: ${of.operation as string}`;
	return { ...refusals, title, parameter, displayName };
});

describe.each(cases)('$title', ({ parameter, displayName, of, as, good, rows }) => {
	const itemOf = ({ value = null }: Row) => ({ value });
	const isPerson = displayName === user.displayName;

	/** What was to be done, as far as the parameters of a refused item tell. */
	const deedOf = ({ value }: Row, index: number) => {
		const { resource, operation } = of as Record<string, string>;
		const {
			api: _,
			rejection_notification: __,
			...body
		} = sampleOf(resource, operation).request.body;
		const { [fieldNames[parameter]]: _refused, ...known } = body;
		const text = typeof value === 'object' ? null : oneLine(String(value ?? ''));
		return { ...known, user: isPerson ? text : `${people(of)}${index}` };
	};
	/** The parameter by an expression, which a row may bring itself. */
	const valueOf = (expression = fromItem('value')) => as?.(expression) ?? expression;
	const people = ({ resource }: INodeParameters) => (resource === 'lead' ? 'ACw' : 'AEM');

	// The two good items must not be the same person.
	const alsoGood = isPerson ? `${good}2` : good;

	/** A run over one item a row, and a good one before and after. */
	const settings = (some: Row[], expression?: string): RigRun => ({
		parameters: {
			...of,
			[of.resource === 'lead' ? 'leadUserId' : 'userId']: byId(fromItem('user')),
			[parameter]: valueOf(expression),
			sendNotificationAt: '',
		},
		items: [{ value: good }, ...some.map(itemOf), { value: alsoGood }].map(
			(item, index) => ({ user: `${people(of)}${index}`, ...item }) as IDataObject,
		),
	});

	const fromItems = rows.filter(({ expression }) => expression === undefined);
	const allInOne = once(() => rig.run({ ...settings(fromItems), onError: 'continueErrorOutput' }));

	/** The error of the item of a row, whether it came to its value by itself or by the item. */
	const refusalOf = async (row: Row) => {
		if (row.expression === undefined) {
			const { result } = await allInOne();
			const index = fromItems.indexOf(row) + 1;
			return { index, error: errorOf(itemFrom(result, index)!)! };
		}
		const run = settings([], row.expression);
		const { result, requests } = await rig.run({ ...run, onError: 'continueErrorOutput' });
		expect(requests).toEqual([]);
		return { index: 0, error: errorOf(failed(result)[0])! };
	};

	test.each(rows)('refuses $what in a sentence that names parameter and value', async (row) => {
		const { index, error } = await refusalOf(row);
		const { message, title, ...rest } = error;
		const value = row.expression === '={{ NaN }}' ? 'NaN' : row.value;
		const deed = deedOf({ ...row, value }, index);
		expect(rest).toStrictEqual({
			outcome: 'not_sent',
			type: 'client/validation',
			detail: null,
			status: null,
			instance: null,
			attempts: 0,
			...deed,
		});
		expect(title.startsWith(displayName)).toBe(true);
		expect(title).toContain(row.shown ?? `${displayName} is empty for this item`);
		if (row.says) expect(message).toMatch(row.says);
		// Nobody is told twice who it was.
		const isSaid = deed.user === null || title.includes(String(deed.user));
		const person = isSaid ? '' : ` (person: ${deed.user})`;
		expect(message.startsWith(`${title}${person}. `)).toBe(true);
		expect(message).toMatch(/\. Nothing was sent for this item\.$/);
	});

	test('sends the other items, and nothing for the refused ones', async () => {
		const { result, requests } = await allInOne();
		const ends = [0, fromItems.length + 1];
		expect(requests.map(({ userId }) => userId)).toEqual(
			isPerson
				? [/good$/, /good2$/].map((id) => expect.stringMatching(id) as string)
				: ends.map((index) => `${people(of)}${index}`),
		);
		expect(failed(result)).toHaveLength(fromItems.length);
	});
});

describe('a refused item', () => {
	const parameters = { ...candidate, userId: byId(fromItem('user')), stage: fromItem('stage') };
	const items = [
		{ user: 'AEM0', stage: 'REPLIED' },
		{ user: 'AEM1', stage: 'HIRED', note: { kept: [1, 2] } },
		{ user: 'AEM2', stage: 'CONTACTED' },
	];
	const sentence = 'Stage: "HIRED" is not one of UNCONTACTED, CONTACTED, REPLIED';
	const { action, account_id, hiring_project_id } = sampleOf('candidate', 'addToPipeline').request
		.body;
	const deed = { action, account_id, hiring_project_id, user: 'AEM1' };

	test.each(CONTINUE_MODES)('becomes data, in the mode %s', async (onError) => {
		const { result, requests } = await rig.run({ parameters, items, onError });
		const error = {
			...deed,
			outcome: 'not_sent',
			type: 'client/validation',
			title: sentence,
			detail: null,
			status: null,
			instance: null,
			attempts: 0,
			message: expect.stringMatching(
				/^Stage: "HIRED" is not one of [A-Z, ]+ \(person: AEM1\)\. .*"Stage".* Nothing was sent for this item\.$/,
			) as string,
		};
		const refusal = { json: { error }, pairedItem: { item: 1 } };
		expect(requests.map(({ userId }) => userId)).toEqual(['AEM0', 'AEM2']);
		if (onError === 'continueErrorOutput') {
			expect(failed(result)).toStrictEqual([{ ...refusal, json: { ...items[1], error } }]);
			expect(performed(result).map(({ pairedItem }) => pairedItem)).toEqual([
				{ item: 0 },
				{ item: 2 },
			]);
		} else {
			expect(performed(result)[1]).toStrictEqual(refusal);
			expect(performed(result)).toHaveLength(3);
		}
	});

	test('stops the run before anything is sent', async () => {
		const { result, requests } = await rig.run({ parameters, items });
		expect(result.status).toBe('error');
		expect(result.error).toMatchObject({
			name: 'NodeApiError',
			message: `${sentence} (person: AEM1)`,
			description: expect.stringMatching(
				/^.*&quot;Stage&quot;.* Nothing was sent for this item\.<br>Item 2 of 3 was not sent\. The other items: 0 performed, 2 not sent \(1, 3\)\.$/,
			) as string,
			httpCode: null,
			context: { itemIndex: 1 },
		});
		expect(errorData(result)).toMatchObject({ outcome: 'not_sent', attempts: 0, ...deed });
		expect(result.outputs(NODES.node)).toEqual([]);
		expect(requests).toEqual([]);
	});

	test('has its value shortened if it is long', async () => {
		const stage = 'HIRED '.repeat(10_000);
		const { result } = await rig.run({ parameters, items: [{ user: 'AEM0', stage }] });
		expect(result.error?.message).toMatch(/^Stage: "HIRED HIRED/);
		expect(result.error?.message.length).toBeLessThan(300);
	});

	test('has its value on one line', async () => {
		const items = [{ user: 'AEM0', stage: 'HI\r\nRED\u0000\u202e!' }];
		const { result } = await rig.run({ parameters, items });
		expect(result.error?.message).toMatch(/^Stage: "HI RED !" is not one of/);
	});

	test('brings no HTML of its value into the description', async () => {
		const items = [{ user: 'AEM0', stage: '<img src=x onerror=alert(1)>' }];
		const { result } = await rig.run({ parameters, items });
		expect(result.error?.message).toContain('"<img src=x onerror=alert(1)>"');
		expect(result.error?.description?.replaceAll('<br>', '')).not.toMatch(/[<>]/);
	});

	test('keeps the words that n8n takes for system errors', async () => {
		const items = [{ user: 'AEM0', stage: 'ENOENT EPERM' }];
		const { result } = await rig.run({ parameters, items });
		expect(result.error?.message).toContain('Stage: "ENOENT EPERM" is not one of');
	});
});

describe('an address that stands in the workflow', () => {
	testRefusedStart.each([
		['User', { ...candidate, userId: byUrl(publicAddress) }],
		['User', { ...lead, leadUserId: byUrl('https://www.linkedin.com/company/x') }],
		['Hiring Project', { ...candidate, hiringProjectId: byUrl(publicAddress) }],
		['Lead List', { ...lead, listId: byUrl('https://www.linkedin.com/sales/lists/company/1') }],
	])('is refused before the run if it is not one of a %s, which is named', async (name, of) => {
		const { result, requests } = await rig.run({ parameters: of });
		expect(result.status).toBe('error');
		expect(result.error?.message).toContain(name);
		expect(result.error?.message).toContain('https://www.linkedin.com/');
		expect(requests).toEqual([]);
	});

	testRefusedStart('is asked for in the form that the operation needs', async () => {
		const userId = byUrl('https://www.linkedin.com/company/x');
		const ofLead = await rig.run({ parameters: { ...lead, leadUserId: userId } });
		expect(ofLead.result.error?.message).toContain('/sales/lead/ACw');
		const ofCandidate = await rig.run({ parameters: { ...candidate, userId } });
		expect(ofCandidate.result.error?.message).toContain('/talent/profile/AEM');
	});
});

describe('an expression that n8n cannot evaluate', () => {
	const rig = startRig();
	const parameters = {
		...candidate,
		userId: byId(fromItem('user')),
		stage: "={{ $json.user === 'AEM1' ? $('Nowhere').item.json.stage : 'REPLIED' }}",
	};
	const items = [{ user: 'AEM0' }, { user: 'AEM1' }, { user: 'AEM2' }];

	testFailingExpression.each(CONTINUE_MODES)(
		'fails its item alone, in the mode %s',
		async (onError) => {
			const { result, requests } = await rig.run({ parameters, items, onError });
			expect(requests.map(({ userId }) => userId)).toEqual(['AEM0', 'AEM2']);
			const all = result.outputs(NODES.node).flat();
			const done = all.filter(({ json }) => json.success === true);
			expect(done.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
			expect(all.filter(({ json }) => 'error' in json)).toHaveLength(1);
			expect(all).toHaveLength(3);
		},
	);

	test('stops the run before anything is sent', async () => {
		const { result, requests } = await rig.run({ parameters, items });
		expect(result.status).toBe('error');
		expect(requests).toEqual([]);
	});
});

// Most versions of n8n take such an expression for text: it is none of the editor's.
describe('Preview Only, by an expression that a file brings,', () => {
	test.each([
		['nothing', undefined],
		['null', null],
		['an empty text', ''],
		['white space', ' \n'],
		['another word', 'perhaps'],
		['a number', 1],
	])('is refused if it comes out as %s: nobody is sent by mistake', async (_, preview) => {
		const { result, requests } = await rig.run({
			parameters: { ...candidate, previewOnly: fromItem('preview') },
			items: [{ preview }],
			onError: 'continueErrorOutput',
		});
		expect(performed(result)).toEqual([]);
		expect(errorsOf(result)).toMatchObject([
			{
				outcome: 'not_sent',
				type: 'client/validation',
				title: expect.stringMatching(
					/^Preview Only(: ".+" is neither true nor false| is empty for this item)$/,
				) as string,
				attempts: 0,
			},
		]);
		expect(requests).toEqual([]);
	});

	test('sends nobody who was to be shown', async () => {
		const { requests } = await rig.run({
			parameters: { ...candidate, previewOnly: fromItem('preview') },
			items: [{ preview: true }],
			onError: 'continueErrorOutput',
		});
		expect(requests).toEqual([]);
	});

	test.each(['perhaps', '', ' '])('is refused if it is the text "%s"', async (previewOnly) => {
		const { result, requests } = await rig.run({ parameters: { ...candidate, previewOnly } });
		expect(errorData(result)).toMatchObject({ outcome: 'not_sent', type: 'client/validation' });
		expect(result.error?.message).toMatch(/^Preview Only\b/);
		expect(requests).toEqual([]);
	});
});

describe('a Rejection Message', () => {
	const rejectWith = async (rejectionMessage: string, item: IDataObject) =>
		await rig.run({
			parameters: { ...applicant, sendNotificationAt: '', rejectionMessage },
			items: [item],
			onError: 'continueErrorOutput',
		});
	const messagesIn = ({ requests }: Observation) =>
		requests.map(
			({ body }) =>
				(body as { rejection_notification: IDataObject }).rejection_notification.message,
		);

	test.each<[code: string, item: IDataObject]>([
		['$json.first_name', {}],
		['$json.first_name', { first_name: null }],
		['$json.first_name', { first_name: '  ' }],
		['$json["First Name"]', { 'First Name': '' }],
		["$json['First Name'].short", { 'First Name': { long: 'Ada Maria' } }],
		["$('Trigger').item.json.first_name", {}],
	])(
		'with a gap where {{ %s }} is empty is refused, and the field is named',
		async (code, item) => {
			const observation = await rejectWith(`=Dear {{ ${code} }}, thank you.`, item);
			expect(errorsOf(observation.result)).toMatchObject([
				{
					outcome: 'not_sent',
					type: 'client/validation',
					title: `Rejection Message: the field ${code} is empty for this item, which would leave a gap in the text`,
					message: expect.stringContaining(
						`If it may be empty, write {{ ${code} || '' }}. Nothing was sent for this item.`,
					) as string,
				},
			]);
			expect(observation.requests).toEqual([]);
		},
	);

	test.each<[text: string, item: IDataObject, sent: string]>([
		['{{ $json.first_name }}', { first_name: 'Ada' }, 'Dear Ada, thank you.'],
		["{{ $('Trigger').item.json.first_name }}", { first_name: 'Ada' }, 'Dear Ada, thank you.'],
		['{{ $json["First Name"] }}', { 'First Name': 'Ada' }, 'Dear Ada, thank you.'],
		["{{ $json.first_name || 'there' }}", {}, 'Dear there, thank you.'],
		["{{ $json.first_name || '' }}", {}, 'Dear , thank you.'],
		["{{ $json.first_name ?? 'there' }}", { first_name: null }, 'Dear there, thank you.'],
		['{{ $json.number }}', { number: 0 }, 'Dear 0, thank you.'],
	])('with %s for %j is sent as the user has answered the gap', async (text, item, sent) => {
		const observation = await rejectWith(`=Dear ${text}, thank you.`, item);
		expect(errorsOf(observation.result)).toEqual([]);
		expect(messagesIn(observation)).toEqual([sent]);
	});
});

describe('options', () => {
	const rows: Array<[displayName: string, name: string, value: unknown, shown: string]> = [
		['Max Retries', 'maxRetries', 'many', '"many"'],
		['Max Retries', 'maxRetries', -1, '"-1"'],
		['Max Retries', 'maxRetries', 11, '"11"'],
		['Max Retries', 'maxRetries', { a: 1 }, '{"a":1}'],
		['Retry Wait', 'retryWait', 'a while', '"a while"'],
		['Retry Wait', 'retryWait', 31, '"31"'],
		['Delay Between Requests', 'delayBetweenRequests', '1 minute', '"1 minute"'],
		['Delay Between Requests', 'delayBetweenRequests', -0.5, '"-0.5"'],
		['Include Input Fields', 'includeInputFields', 'some', '"some"'],
		['Idempotency Key', 'idempotencyKey', { a: 1 }, '{"a":1}'],
		['Idempotency Key', 'idempotencyKey', true, '"true"'],
		['Idempotency Key', 'idempotencyKey', 2 ** 53, '"9007199254740992"'],
		['Already Performed Is Success', 'alreadyPerformedIsSuccess', 'yes', '"yes"'],
	];

	test.each(rows)('%s refuses a bad value (%s: %j)', async (displayName, name, value, shown) => {
		const { result, requests } = await rig.run({
			parameters: candidate,
			options: { [name]: fromItem('value') },
			items: [{ value } as IDataObject],
		});
		expect(result.error?.message.startsWith(`${displayName}: `)).toBe(true);
		expect(result.error?.message).toContain(shown);
		expect(requests).toEqual([]);
	});

	test.each(['', '  ', undefined, null])(
		'Idempotency Key refuses an expression that comes out as %j',
		async (key) => {
			const { result, requests } = await rig.run({
				parameters: candidate,
				options: { idempotencyKey: fromItem('key') },
				items: [{ key }, { key: 'event 7' }],
				onError: 'continueErrorOutput',
			});
			expect(errorsOf(result)).toMatchObject([
				{
					outcome: 'not_sent',
					type: 'client/validation',
					title: 'Idempotency Key is empty for this item',
				},
			]);
			expect(requests).toHaveLength(1);
		},
	);

	test('have their defaults where an expression comes out empty', async () => {
		const clock = n8nClock();
		const names = [
			'maxRetries',
			'retryWait',
			'delayBetweenRequests',
			'alreadyPerformedIsSuccess',
			'includeInputFields',
		];
		clock.hold();
		try {
			const { result, requests } = await rig.run({
				parameters: { ...candidate, accountId: byId('acc_with_a_pause') },
				options: Object.fromEntries(names.map((name) => [name, fromItem('missing')])),
			});
			expect(result.status).toBe('success');
			expect(performed(result)).toMatchObject([{ json: { outcome: 'performed' } }]);
			expect(requests).toHaveLength(1);
			const [pause] = clock.pending;
			expect(pause).toBeGreaterThanOrEqual(5_000);
			expect(pause).toBeLessThanOrEqual(15_000);
			await clock.advance(15_000);
		} finally {
			clock.release();
		}
	});

	test('take numbers as text', async () => {
		const { requests } = await rig.run({
			parameters: candidate,
			options: { maxRetries: fromItem('one'), retryWait: fromItem('zero') },
			items: [{ one: '1', zero: '0' }],
			faults: [[{ kind: 'apiError', type: 'network_down' }, { times: 'always' }]],
		});
		expect(requests).toHaveLength(2);
	});
});
