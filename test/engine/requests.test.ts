import type {
	INodeProperties,
	INodePropertyOptions,
	INodeTypeDescription,
	OnError,
} from 'n8n-workflow';

import type { RecordedRequest } from '../../sandbox';
import { NODES } from '../../harness/engine';
import { operationSamples, sampleOf, type ExpectedRequest } from './support/operations';
import { byId, byUrl, fromItem, fromList } from './support/parameters';
import { once } from './support/once';
import { API_KEY, bodiesOf, headersOf, startRig, type Rig } from './support/rig';

const nodeDescription = ({ engine }: Rig) => {
	const file = 'dist/nodes/PostPress/PostPress.node.js';
	const { PostPress } = engine.load<{
		PostPress: new () => { description: INodeTypeDescription };
	}>(file);
	return new PostPress().description;
};

const choices = ({ options = [] }: INodeProperties) =>
	(options as INodePropertyOptions[]).map(({ value }) => String(value));

const pathOf = (userId: string) => `/v1/linkedin/user/${encodeURIComponent(userId)}`;

/** Requests as they were on the wire. Accounts run side by side, so the order is by person. */
const onTheWire = (requests: readonly RecordedRequest[]) =>
	requests
		.map((request) => ({
			method: request.method,
			path: request.path,
			headers: headersOf(request),
			body: JSON.parse(request.rawBody) as unknown,
		}))
		.sort((a, b) => a.path.localeCompare(b.path));

/** The same requests as the documents demand them. */
const demanded = (requests: ExpectedRequest[]) =>
	requests
		.map(({ userId, body }) => ({
			method: 'POST',
			path: pathOf(userId),
			headers: {
				accept: 'application/json',
				'content-type': 'application/json',
				'idempotency-key': expect.stringMatching(/^[0-9a-f]{64}$/) as string,
				'x-api-key': API_KEY,
			},
			body,
		}))
		.sort((a, b) => a.path.localeCompare(b.path));

describe('a request', () => {
	const rig = startRig();

	test('every operation of the description has its sample here', () => {
		const { properties } = nodeDescription(rig);
		const [resources] = properties.filter(({ name }) => name === 'resource');
		const pairs = choices(resources).flatMap((resource) =>
			properties
				.filter(
					({ name, displayOptions }) =>
						name === 'operation' && displayOptions?.show?.resource?.includes(resource),
				)
				.flatMap(choices)
				.map((operation) => `${resource}: ${operation}`),
		);
		expect(operationSamples.map(({ resource, operation }) => `${resource}: ${operation}`)).toEqual(
			pairs,
		);
	});

	describe.each(operationSamples)('$resource: $operation', (sample) => {
		const { parameters, request, expressions, items, requests: expected, sentences } = sample;
		const plain = once(() => rig.run({ parameters }));
		const threeItems = once(() => rig.run({ parameters: expressions, items }));

		test('sends exactly the documented request for plain values', async () => {
			const { result, requests } = await plain();
			expect(result.error).toBeUndefined();
			expect(onTheWire(requests)).toStrictEqual(demanded([request]));
		});

		test('sends exactly the documented requests for expressions over three items', async () => {
			const { result, requests } = await threeItems();
			expect(result.error).toBeUndefined();
			expect(onTheWire(requests)).toStrictEqual(demanded(expected));
		});

		test('writes each name into the body once', async () => {
			const [{ rawBody, body }] = (await plain()).requests;
			expect(rawBody).toBe(JSON.stringify(body));
		});

		test('puts out the answer and what was done to whom, paired with its item', async () => {
			const { result } = await threeItems();
			expect(result.outputs(NODES.node)).toStrictEqual([
				expected.map(({ userId, body }, item) => ({
					json: {
						outcome: 'performed',
						...body,
						user_id: userId,
						object: 'LinkedinPerformActionOnUser',
						success: true,
					},
					pairedItem: { item },
				})),
			]);
		});

		test('is the action that PostPress performs, once an item', async () => {
			const { performed } = await threeItems();
			const people = performed.map(({ userId }) => userId);
			expect(people.sort()).toEqual(expected.map(({ userId }) => userId).sort());
			const { api, action } = request.body;
			expect(performed.every((done) => done.api === api && done.action === action)).toBe(true);
		});

		test('shows the requests in a preview, and sends nothing', async () => {
			const { result, requests } = await rig.run({
				parameters: { ...expressions, previewOnly: true },
				items,
				settings: { timezone: 'Europe/Berlin' },
			});
			expect(result.outputs(NODES.node)).toStrictEqual([
				expected.map(({ userId, body }, item) => ({
					json: {
						preview: true,
						outcome: 'not_sent',
						summary: sentences[item],
						method: 'POST',
						url: new URL(pathOf(userId), rig.sandbox.url).href,
						body,
					},
					pairedItem: { item },
				})),
			]);
			expect(requests).toEqual([]);
			expect(result.find(API_KEY)).toEqual([]);
		});

		test('keeps the API key to the header of the request', async () => {
			const { result, requests } = await plain();
			expect(requests).toHaveLength(1);
			expect(result.find(API_KEY)).toEqual([]);
		});
	});

	describe('an id in the path', () => {
		const { parameters } = sampleOf('candidate', 'addToPipeline');
		const withUser = { ...parameters, userId: byId(fromItem('id')) };

		const rows: Array<[what: string, id: string]> = [
			['a way up', 'AEM/../../accounts'],
			['nothing but a way up', '../accounts'],
			['a way up that is encoded', '%2e%2e'],
			['a way up that is encoded twice', '%252e%252e%252faccounts'],
			['an encoded slash', 'AEM%2F..%2Faccounts'],
			['three dots', '...'],
			['a backslash', '..\\accounts'],
			['a query', 'AEM1?notify=true&x=1'],
			['a fragment', 'AEM1#top'],
			['a parameter of the path', '..;/accounts'],
			['another host', '//elsewhere.example/AEM1'],
			['a space', 'AEM 1'],
			['a plus', 'AEM+1'],
			['letters of other scripts', 'AEMüñ候補'],
			['an emoji', 'AEM😀'],
			['line breaks', 'AEM\r\nX-Evil: 1'],
			['a zero character', 'AEM\u0000'],
			['a percent sign', 'AEM%'],
			['reserved characters', "AEM:@&=+$,!*'()[]"],
			['nothing unusual', 'AEMAAmjLnnyu-oiJ1QYk3061kB_2'],
		];
		const all = once(() =>
			rig.run({
				parameters: withUser,
				items: rows.map(([, id]) => ({ id })),
				onError: 'continueRegularOutput',
			}),
		);

		test.each(rows)('stays one segment with %s', async (what, id) => {
			const { requests } = await all();
			expect(requests).toHaveLength(rows.length);
			const { path, userId } = requests[rows.findIndex(([own]) => own === what)];
			expect(path).toBe(pathOf(id));
			expect(path.split('/')).toHaveLength(5);
			expect(userId).toBe(id);
		});

		test.each([
			['a way up', '..', '..'],
			['a way up with spaces around', ' .. ', '..'],
			['a dot', '.', '.'],
			['half an emoji', 'AEM\ud83d', 'AEM'],
			['the other half of an emoji', 'AEM\ude00x', 'AEM'],
		])('is refused if it is %s', async (_, id, shown) => {
			const { result, requests } = await rig.run({ parameters: withUser, items: [{ id }] });
			expect(result.error?.message).toMatch(/^User: ".+" \S/);
			expect(result.error?.message).toContain(`"${shown}`);
			expect(requests).toEqual([]);
		});

		test('loses the spaces around it', async () => {
			const { requests } = await rig.run({ parameters: withUser, items: [{ id: '\t AEM1\n' }] });
			expect(requests).toMatchObject([{ path: '/v1/linkedin/user/AEM1' }]);
		});
	});

	describe('locators', () => {
		const idOfUser = 'AEMAAmjLnnyu-oiJ1QYk3061kB_2';
		const idOfLead = 'ACwAAqCx4d4HV0w-PXGBw1DRiUDQ_x';
		const idOfList = '9007199254740993123';
		const talent = 'https://www.linkedin.com/talent';
		const inProject = `${talent}/hire/1483848495/manage/all/profile/${idOfUser}`;
		const sales = 'https://www.linkedin.com/sales';

		const candidate = sampleOf('candidate', 'addToPipeline').parameters;
		const lead = sampleOf('lead', 'save').parameters;

		describe.each([
			{
				name: 'userId',
				parameters: candidate,
				idIn: ({ userId }: RecordedRequest) => userId,
				addresses: [
					[`${talent}/profile/${idOfUser}`, idOfUser],
					[`${talent}/profile/${idOfUser}/`, idOfUser],
					[`${talent}/profile/${idOfUser}?trk=FLAGSHIP#top`, idOfUser],
					[inProject, idOfUser],
					[`${inProject}?projectId=1&searchRequestId=a-b&start=0`, idOfUser],
					[inProject.replace('manage/all', 'discover/applicants'), idOfUser],
					[`http://linkedin.com/talent/profile/${idOfUser}`, idOfUser],
					[`www.linkedin.com/talent/profile/${idOfUser}`, idOfUser],
					[`HTTPS://WWW.LinkedIn.com/talent/profile/${idOfUser}`, idOfUser],
					[`  ${talent}/profile/${idOfUser}\n`, idOfUser],
				],
			},
			{
				name: 'leadUserId',
				parameters: lead,
				idIn: ({ userId }: RecordedRequest) => userId,
				addresses: [
					[`${sales}/lead/${idOfLead}`, idOfLead],
					[`${sales}/lead/${idOfLead},NAME_SEARCH,kP3x`, idOfLead],
					[`${sales}/lead/${idOfLead},NAME_SEARCH,kP3x?_ntb=Ab%2Bc%3D%3D`, idOfLead],
					[`${sales}/lead/${idOfLead}%2CNAME_SEARCH%2CkP3x?a=b`, idOfLead],
					[`${sales}/lead/${idOfLead}%2cNAME_SEARCH%2ckP3x`, idOfLead],
					[`${sales}/people/${idOfLead}`, idOfLead],
					[`${sales}/people/${idOfLead},NAME_SEARCH,kP3x`, idOfLead],
				],
			},
			{
				name: 'hiringProjectId',
				parameters: candidate,
				idIn: ({ body }: RecordedRequest) =>
					(body as { hiring_project_id: string }).hiring_project_id,
				addresses: [
					[`${talent}/hire/1483848495`, '1483848495'],
					[`${talent}/hire/1483848495/overview`, '1483848495'],
					[`${talent}/hire/1483848495/manage/all?s=1`, '1483848495'],
					[inProject, '1483848495'],
					[`${talent}/hire/${idOfList}/overview`, idOfList],
				],
			},
			{
				name: 'listId',
				parameters: lead,
				idIn: ({ body }: RecordedRequest) => (body as { list_id: string }).list_id,
				addresses: [
					[`${sales}/lists/people/${idOfList}`, idOfList],
					[`${sales}/lists/people/${idOfList}?sortCriteria=X`, idOfList],
				],
			},
		])('$name of $parameters.resource', ({ name, parameters, idIn, addresses }) => {
			test('is taken out of an address that stands in the workflow', async () => {
				const [[address, id]] = addresses;
				const { requests } = await rig.run({
					parameters: { ...parameters, [name]: byUrl(address) },
				});
				expect(requests.map(idIn)).toEqual([id]);
			});

			test.each([
				['By URL', byUrl(fromItem('address'))],
				['By ID', byId(fromItem('address'))],
			])('is taken out of every address that an expression brings, %s', async (_, locator) => {
				const { requests } = await rig.run({
					parameters: { ...parameters, [name]: locator },
					items: addresses.map(([address]) => ({ address })),
					onError: 'continueRegularOutput',
				});
				const sent = addresses.map(([address], index) => [address, idIn(requests[index])]);
				expect(sent).toEqual(addresses);
			});
		});

		test.each([
			['accountId', 'account_id', 'acc_linkedin_01HXYZ4QK3WJ8FN3M6QH7TZ8GR'],
			['hiringProjectId', 'hiring_project_id', 'proj_01HXYZ4QK3WJ8FN3M6QH7TZ8GR'],
			['hiringProjectId', 'hiring_project_id', idOfList],
			['hiringProjectId', 'hiring_project_id', 'p/../x?y#z ü'],
		])('%s arrives as %s exactly as it is: %s', async (name, field, id) => {
			const { requests } = await rig.run({ parameters: { ...candidate, [name]: byId(id) } });
			expect(bodiesOf(requests)).toMatchObject([{ [field]: id }]);
		});

		test('what was picked from a list is sent by its id', async () => {
			const accountId = fromList('acc_picked');
			const ofProject = await rig.run({
				parameters: { ...candidate, accountId, hiringProjectId: fromList('proj_picked') },
			});
			expect(bodiesOf(ofProject.requests)).toMatchObject([
				{ account_id: 'acc_picked', hiring_project_id: 'proj_picked' },
			]);
			const ofList = await rig.run({ parameters: { ...lead, listId: fromList(idOfList) } });
			expect(bodiesOf(ofList.requests)).toMatchObject([{ list_id: idOfList }]);
		});

		test('list ids of 19 digits stay exact', async () => {
			const ids = [idOfList, '0007154321558885357', '7154321558885357524'];
			const { requests } = await rig.run({
				parameters: { ...lead, listId: byId(fromItem('id')) },
				items: ids.map((id) => ({ id })),
			});
			expect(requests.map(({ rawBody }) => /"list_id":([^,}]*)/.exec(rawBody)?.[1])).toEqual(
				ids.map((id) => `"${id}"`),
			);
		});

		test('ids that are small numbers are sent as text', async () => {
			const ids = [0, 1483848495, Number.MAX_SAFE_INTEGER];
			const { requests } = await rig.run({
				parameters: { ...lead, listId: byId(fromItem('id')) },
				items: ids.map((id) => ({ id })),
			});
			expect(bodiesOf(requests)).toMatchObject(ids.map((id) => ({ list_id: String(id) })));
			expect(requests).toHaveLength(ids.length);
		});

		test('an expression for the whole locator counts as an id', async () => {
			const parameters = {
				...candidate,
				accountId: fromItem('account'),
				userId: fromItem('user'),
				hiringProjectId: fromItem('project'),
			};
			const items = [{ account: 'acc_1', user: idOfUser, project: '77' }];
			const { requests } = await rig.run({ parameters, items });
			expect(requests).toMatchObject([
				{ userId: idOfUser, body: { account_id: 'acc_1', hiring_project_id: '77' } },
			]);
		});
	});

	describe('choices', () => {
		const optionsOf = (name: string, resource: string, operation: string) => {
			const property = nodeDescription(rig).properties.find(
				({ name: own, displayOptions }) =>
					own === name &&
					displayOptions?.show?.resource?.includes(resource) &&
					displayOptions.show.operation?.includes(operation),
			);
			return property?.options as INodePropertyOptions[];
		};
		const stages = ['CONTACTED', 'REPLIED', 'UNCONTACTED'];
		const reasons = [
			'MORE_QUALIFIED_CANDIDATES',
			'NOT_CONSIDERED_OR_REASON_NOT_SPECIFIED',
			'NOT_IN_DESIRED_LOCATION',
			'NOT_MEET_BASIC_QUALIFICATIONS',
			'WITHDREW_APPLICATION',
		];

		test.each([
			['candidate', 'addToPipeline', 'stage', stages],
			['candidate', 'changeStage', 'newStage', stages],
			['applicant', 'addToPipeline', 'stage', stages],
			['applicant', 'reject', 'reason', reasons],
		])('%s: %s takes a %s in any case, or its label', async (resource, operation, name, values) => {
			const options = optionsOf(name, resource, operation);
			expect(options.map(({ value }) => value).sort()).toEqual(values);

			const spellings = options.flatMap(({ name: label, value }) => {
				const text = String(value);
				return [text, text.toLowerCase(), ` ${text}\n`, label, label.toUpperCase()].map(
					(spelling) => ({ spelling, value }),
				);
			});
			const { parameters } = sampleOf(resource, operation);
			const { requests } = await rig.run({
				parameters: { ...parameters, userId: byId(fromItem('user')), [name]: fromItem('spelling') },
				items: spellings.map(({ spelling }, index) => ({ spelling, user: `AEM${index}` })),
			});
			const field = name === 'newStage' ? 'stage' : name;
			expect(bodiesOf(requests)).toMatchObject(spellings.map(({ value }) => ({ [field]: value })));
			expect(requests).toHaveLength(spellings.length);
		});
	});
});

// Nothing from here on depends on how expressions are evaluated, and this engine is ten times as fast.
describe('around a request,', () => {
	const rig = startRig({ expressionEngine: 'legacy' });

	describe('what is left out', () => {
		const { parameters: saveLead } = sampleOf('lead', 'save');
		const { parameters: reject } = sampleOf('applicant', 'reject');

		test.each([
			['an empty text', byId('')],
			['white space', byId('  \n')],
			['an empty address', byUrl('')],
			['an expression that comes out empty', byId(fromItem('empty'))],
			['an expression that comes out as null', byId(fromItem('nothing'))],
			['an expression without a value', byUrl(fromItem('missing'))],
		])('a lead list that is %s is absent from the body', async (_, listId) => {
			const { requests } = await rig.run({
				parameters: { ...saveLead, listId },
				items: [{ empty: '', nothing: null }],
			});
			expect(bodiesOf(requests)).toStrictEqual([
				{ account_id: expect.any(String) as string, api: 'sales_navigator', action: 'saveLead' },
			]);
		});

		test('a lead list that the workflow does not hold is absent from the body', async () => {
			const { listId: _, ...parameters } = saveLead;
			const { requests } = await rig.run({ parameters });
			const [body] = bodiesOf(requests);
			expect(Object.keys(body as object).sort()).toEqual(['account_id', 'action', 'api']);
		});

		test.each<[string, boolean | string]>([
			['off', false],
			['off by an expression', fromItem('no')],
			['the text "false" by an expression', fromItem('noText')],
			['the text "False" by an expression', fromItem('noCapital')],
		])('the notification is absent when Notify Applicant is %s', async (_, notifyApplicant) => {
			const { requests } = await rig.run({
				parameters: { ...reject, notifyApplicant },
				items: [{ no: false, noText: 'false', noCapital: ' False ' }],
			});
			expect(bodiesOf(requests)).toStrictEqual([
				{
					account_id: expect.any(String) as string,
					api: 'recruiter',
					action: 'rejectApplicant',
					hiring_project_id: expect.any(String) as string,
					reason: 'MORE_QUALIFIED_CANDIDATES',
				},
			]);
		});

		test.each<[string, boolean | string]>([
			['on', true],
			['the text "true" by an expression', fromItem('text')],
			['the text "TRUE" by an expression', fromItem('capitals')],
		])('the notification is there when Notify Applicant is %s', async (_, notifyApplicant) => {
			const { requests } = await rig.run({
				parameters: { ...reject, notifyApplicant, sendNotificationAt: '' },
				items: [{ text: 'true', capitals: 'TRUE' }],
			});
			const [body] = bodiesOf(requests);
			expect(body).toHaveProperty('rejection_notification', { message: reject.rejectionMessage });
		});

		test('the message is not touched: line breaks, quotes, emoji and outer spaces arrive', async () => {
			const message = '  Dear "Zoë",\r\n\r\n<b>thank you</b> & \\ good luck 🍀\t\n';
			const parameters = {
				...reject,
				rejectionMessage: fromItem('message'),
				sendNotificationAt: '',
			};
			const { requests } = await rig.run({ parameters, items: [{ message }] });
			const [body] = bodiesOf(requests);
			expect(body).toHaveProperty('rejection_notification', { message });
		});

		test('parameters of another operation that a workflow still holds are not sent', async () => {
			const { parameters, request } = sampleOf('candidate', 'addToPipeline');
			const listId = byId('7154321558885357524');
			const { requests } = await rig.run({ parameters: { ...reject, listId, ...parameters } });
			expect(bodiesOf(requests)).toStrictEqual([request.body]);
		});

		test('a workflow that holds no defaults adds a candidate as UNCONTACTED', async () => {
			const { parameters } = sampleOf('candidate', 'addToPipeline');
			const { accountId, userId, hiringProjectId } = parameters;
			const { requests } = await rig.run({ parameters: { accountId, userId, hiringProjectId } });
			expect(bodiesOf(requests)).toMatchObject([
				{ action: 'addCandidateToPipeline', stage: 'UNCONTACTED' },
			]);
		});
	});

	describe('the output', () => {
		const { parameters, request } = sampleOf('candidate', 'addToPipeline');
		const done = { outcome: 'performed', ...request.body, user_id: request.userId };

		test('holds whatever else PostPress answers', async () => {
			const body = { object: 'LinkedinPerformActionOnUser', success: true, credits: { left: 12 } };
			const { result } = await rig.run({
				parameters,
				faults: [{ kind: 'raw', status: 201, body }],
			});
			expect(result.outputs(NODES.node)).toStrictEqual([
				[{ json: { ...body, ...done }, pairedItem: { item: 0 } }],
			]);
		});

		test('says when "already performed" was taken as success', async () => {
			const { result, requests } = await rig.run({
				parameters,
				options: { alreadyPerformedIsSuccess: true },
				faults: [{ kind: 'apiError', type: 'action_already_performed' }],
			});
			const json = {
				object: 'LinkedinPerformActionOnUser',
				success: true,
				already_performed: true,
				...done,
			};
			expect(result.outputs(NODES.node)).toStrictEqual([[{ json, pairedItem: { item: 0 } }]]);
			expect(requests).toHaveLength(1);
		});

		test('names the person by the id that was taken out of an address', async () => {
			const userId = byUrl(`https://www.linkedin.com/talent/profile/${request.userId}?trk=x`);
			const { result } = await rig.run({ parameters: { ...parameters, userId } });
			expect(result.json(NODES.node)).toMatchObject([{ user_id: request.userId }]);
		});
	});

	describe('the preview', () => {
		const { parameters, request } = sampleOf('candidate', 'addToPipeline');

		test.each(['true', ' TRUE '])('can be switched on by the text "%s"', async (previewOnly) => {
			const { result, requests } = await rig.run({ parameters: { ...parameters, previewOnly } });
			expect(result.json(NODES.node)).toMatchObject([{ preview: true }]);
			expect(requests).toEqual([]);
		});

		test.each(['false', ' False '])('is off for the text "%s"', async (previewOnly) => {
			const { requests } = await rig.run({ parameters: { ...parameters, previewOnly } });
			expect(requests).toHaveLength(1);
		});

		test.each<OnError>(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'])(
			'marks what could not be sent and never fails: %s',
			async (onError) => {
				const { result, requests } = await rig.run({
					parameters: { ...parameters, stage: fromItem('stage'), previewOnly: true },
					items: [{ stage: 'REPLIED' }, { stage: 'HIRED' }, { stage: 'CONTACTED' }],
					onError,
				});
				const [previews, failures = []] = result.outputs(NODES.node);
				const reason = `Stage: "HIRED" is not one of UNCONTACTED, CONTACTED, REPLIED (person: ${request.userId})`;
				expect(result.status).toBe('success');
				expect(failures).toEqual([]);
				expect(previews).toMatchObject([
					{ json: { preview: true, body: { stage: 'REPLIED' } }, pairedItem: { item: 0 } },
					{ json: { preview: true }, pairedItem: { item: 1 } },
					{ json: { preview: true, body: { stage: 'CONTACTED' } }, pairedItem: { item: 2 } },
				]);
				const problem = `${reason}. Say in the expression of "Stage" which of them it stands for. Nothing was sent for this item.`;
				expect(previews[1].json).toStrictEqual({
					preview: true,
					outcome: 'not_sent',
					summary: `Would not be sent: ${problem}`,
					problem,
				});
				expect(requests).toEqual([]);
			},
		);
	});

	describe('the credential', () => {
		const { parameters } = sampleOf('candidate', 'addToPipeline');
		const withUser = { ...parameters, userId: byId('AEM1') };

		test.each([
			['as the dashboard shows it', '/v1', '/v1/linkedin/user/AEM1'],
			['with a trailing slash', '/v1/', '/v1/linkedin/user/AEM1'],
			['with several trailing slashes', '/v1///', '/v1/linkedin/user/AEM1'],
			['in the form /api/v1', '/api/v1', '/api/v1/linkedin/user/AEM1'],
			['in the form /api/v1/', '/api/v1/', '/api/v1/linkedin/user/AEM1'],
			['without a path', '', '/linkedin/user/AEM1'],
			['with ?port=', '/v1?port=8443', '/v1/linkedin/user/AEM1?port=8443'],
			['with ?port= after a slash', '/v1/?port=8443', '/v1/linkedin/user/AEM1?port=8443'],
			['with spaces and a line break around', '/v1/ \n', '/v1/linkedin/user/AEM1'],
		])('may hold a Base URL %s', async (_, base, path) => {
			const outer = base.endsWith('\n') ? ' ' : '';
			const baseUrl = `${outer}${new URL(rig.sandbox.url).origin}${base}`;
			const { requests } = await rig.run({ parameters: withUser, baseUrl });
			expect(requests.map((request) => request.path)).toEqual([path]);
		});

		test('keeps ?port= in the address of the preview', async () => {
			const baseUrl = `${rig.sandbox.url}/?port=8443`;
			const parameters = { ...withUser, previewOnly: true };
			const { result } = await rig.run({ parameters, baseUrl });
			const url = `${rig.sandbox.url}/linkedin/user/AEM1?port=8443`;
			expect(result.json(NODES.node)).toMatchObject([{ url }]);
		});

		test('asks for an uncompressed answer: of a compressed one, old versions never notice the end', async () => {
			const { requests } = await rig.run({ parameters: withUser });
			expect(requests).toMatchObject([{ headers: { 'accept-encoding': 'identity' } }]);
		});

		test('may hold an API key with spaces and a line break around', async () => {
			const apiKey = ` ${API_KEY}\r\n`;
			const { result, requests } = await rig.run({ parameters: withUser, apiKey });
			expect(requests.map(headersOf)).toMatchObject([{ 'x-api-key': API_KEY }]);
			expect(result.status).toBe('success');
		});

		test.each([
			['is empty', ''],
			['is white space', '  '],
			['has no scheme', 'api.postpress.ai/v1'],
			['has no scheme, but a port', 'localhost:4010/v1'],
			['is of another scheme', 'ftp://api.postpress.ai/v1'],
			['is a file', 'file:///etc/hosts'],
			['is a script', 'javascript:alert(1)'],
			['has no host', 'https://'],
			['is a sentence', 'the address of PostPress'],
			['holds a user name and password', 'http://user:pass-w0rd@127.0.0.1:PORT/v1'],
			['holds a fragment', 'http://127.0.0.1:PORT/v1#top'],
			['is the API key', API_KEY],
		])('is refused if its Base URL %s', async (_, text) => {
			const baseUrl = text.replace('PORT', String(rig.sandbox.port));
			const settings = { parameters: withUser, items: [{}, {}], baseUrl };
			const stopped = await rig.run(settings);
			const continued = await rig.run({ ...settings, onError: 'continueErrorOutput' });

			const { message } = stopped.result.error ?? {};
			expect(message).toMatch(/\bBase URL\b.*\bcredential\b/);
			expect(continued.result.outputs(NODES.node)[1]).toMatchObject(
				[0, 1].map((item) => ({
					json: {
						error: {
							outcome: 'not_sent',
							type: 'client/validation',
							attempts: 0,
							user: 'AEM1',
							message: expect.stringContaining(
								`${message}. Open the PostPress credential`,
							) as string,
						},
					},
					pairedItem: { item },
				})),
			);
			for (const { result, requests } of [stopped, continued]) {
				expect(requests).toEqual([]);
				expect(result.find(API_KEY)).toEqual([]);
				expect(result.find('pass-w0rd')).toEqual([]);
			}
		});
	});
});
