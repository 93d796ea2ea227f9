import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
	IDataObject,
	IExecuteData,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeProperties,
	INodeType,
	INodeTypes,
	IRunExecutionData,
	ITaskData,
} from 'n8n-workflow';

import { startSandbox, type Sandbox } from '../../sandbox';
import { startEngine, type Engine, type RunResult, type WorkflowJson } from '../../harness/engine';

const FOLDER = join(__dirname, '../../examples');
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
const POSTPRESS = 'n8n-nodes-postpress.postPress';
const CREDENTIAL = 'PostPress account';

/** The versions of n8n's own nodes that the examples may use: n8n 2.41 has them. */
const BUILT_IN: Record<string, number[]> = {
	agent: [3.1],
	aggregate: [1],
	chat: [1.3],
	chatHitlTool: [1.3],
	chatTrigger: [1.5],
	crypto: [2],
	dataTable: [1.1],
	dataTableTool: [1.1],
	executeWorkflowTrigger: [1.1],
	extractFromFile: [1],
	formTrigger: [2.3],
	httpRequest: [4.2],
	if: [2.2],
	lmChatOpenAi: [1.3],
	manualTrigger: [1],
	mcpTrigger: [2],
	memoryBufferWindow: [1.3],
	noOp: [1],
	respondToWebhook: [1.1],
	set: [3.4],
	stickyNote: [1],
	stopAndError: [1],
	switch: [3.2],
	toolWorkflow: [2.2],
	webhook: [2],
	workableTrigger: [1],
};

type Example = WorkflowJson &
	Required<Pick<WorkflowJson, 'name' | 'pinData'>> & { active: boolean };

const read = (file: string) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Example;
const copyOf = <Value>(value: Value) => JSON.parse(JSON.stringify(value)) as Value;
const nodeOf = ({ nodes }: Example, name: string) => nodes.find((node) => node.name === name)!;
const samplesOf = ({ pinData }: Example, name: string) =>
	copyOf((pinData[name] ?? []).map(({ json }) => json));
const hmac = (secret: string, text: string) =>
	createHmac('sha256', secret).update(text).digest('hex');

let engine: Engine;
let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox();
	const data = { apiKey: sandbox.apiKey, baseUrl: sandbox.url };
	engine = await startEngine({
		credentials: [{ id: 'test', name: CREDENTIAL, type: 'postPressApi', data }],
	});
});
afterAll(async () => {
	await engine.stop();
	await sandbox.close();
});
beforeEach(() => sandbox.reset());

describe.each(FILES)('%s', (file) => {
	const text = readFileSync(join(FOLDER, file), 'utf8');
	const example = read(file);
	const { nodes, connections, pinData } = example;
	const names = nodes.map(({ name }) => name);
	const actions = nodes.filter(({ type }) => type === POSTPRESS);
	/** The ones that can send nothing: a preview needs no credential, and never fails. */
	const previews = actions.filter(
		({ parameters, credentials }) => parameters.previewOnly === true && !credentials,
	);
	const tools = nodes.filter(({ type }) => type === `${POSTPRESS}Tool`);
	/** The nodes at the end of each line that leaves a node. */
	const endsOf = (name: string) =>
		Object.values(connections[name] ?? {}).flatMap((outputs) =>
			outputs.flatMap((output) => (output ?? []).map(({ node }) => node)),
		);

	test('is an export of n8n: names and ids are unique, connections and pinned data fit', () => {
		expect(example).toMatchObject({ name: expect.stringMatching(/^PostPress: /), active: false });
		expect(new Set(names).size).toBe(names.length);
		expect(new Set(nodes.map(({ id }) => id)).size).toBe(names.length);
		const ends = Object.keys(connections).flatMap(endsOf);
		expect(names).toEqual(
			expect.arrayContaining([...Object.keys(connections), ...ends, ...Object.keys(pinData)]),
		);
	});

	test('leads everywhere: every node is reached, both outputs of the PostPress nodes go on', () => {
		const reached = new Set(Object.keys(connections).flatMap(endsOf));
		// What an agent uses, such as its model, hangs below it.
		const used = ({ name }: INode) => connections[name] && !('main' in connections[name]);
		const starts = nodes.filter(({ type }) => /Trigger$|webhook$/.test(type));
		expect(starts).not.toEqual([]);
		const lost = nodes.filter(
			(node) =>
				!/stickyNote$/.test(node.type) &&
				!reached.has(node.name) &&
				!used(node) &&
				!starts.includes(node),
		);
		expect(lost).toEqual([]);
		for (const node of actions) {
			expect(connections[node.name].main).toHaveLength(previews.includes(node) ? 1 : 2);
		}
	});

	test("uses only nodes that n8n has, and expressions that do not read n8n's environment", () => {
		for (const { type, typeVersion } of nodes.filter((node) => !node.type.startsWith(POSTPRESS))) {
			const name = type.replace(/^(n8n-nodes-base|@n8n\/n8n-nodes-langchain)\./, '');
			expect(BUILT_IN[name]).toContain(typeVersion);
		}
		expect(text).not.toMatch(/\$env|process\.env/);
	});

	test('holds no secret: credentials have a name and nothing else', () => {
		expect(text).not.toMatch(/pp_(live|test)_|[0-9a-f]{32}|apiKey"|password"|accessToken/i);
		for (const { credentials = {} } of nodes) {
			for (const credential of Object.values(credentials)) {
				expect(credential).toEqual({ id: 'placeholder', name: expect.any(String) });
			}
		}
	});

	test('says on the canvas what to set', () => {
		const notes = nodes.filter(({ type }) => type.endsWith('stickyNote'));
		const [first] = notes.map(({ parameters }) => String(parameters.content));
		expect(first).toMatch(/^## /);
		expect(first).toMatch(/before the first run|Set up/i);
		for (const [, name] of first.matchAll(/In \*([^*]+)\*,/g)) expect(names).toContain(name);
	});

	test.each([...actions, ...tools])('$name: its parameters fit the node', (node) => {
		expect(node.typeVersion).toBe(1);
		// What fails as a tool is told to the model.
		if (actions.includes(node) && !previews.includes(node)) {
			expect(node.onError).toBe('continueErrorOutput');
		}
		if (!previews.includes(node)) {
			expect(node.credentials).toEqual({
				postPressApi: { id: 'placeholder', name: CREDENTIAL },
			});
			expect(node.parameters.options).toMatchObject({ delayBetweenRequests: 60 });
		}
		const { NodeHelpers } = engine.n8n.workflow;
		const { PostPress } = engine.load<{ PostPress: new () => INodeType }>(
			'dist/nodes/PostPress/PostPress.node.js',
		);
		const { description } = new PostPress();
		const { properties } = description;
		expect(NodeHelpers.getNodeParametersIssues(properties, node, description)).toBeNull();
		const { descriptionType, toolDescription, ...parameters } = node.parameters;
		if (tools.includes(node)) {
			expect(descriptionType).toBe('manual');
			expect(toolDescription).toMatch(/cannot be undone/);
		}
		const shown = NodeHelpers.getNodeParameters(
			properties,
			parameters,
			true,
			false,
			node,
			description,
		);
		expect(Object.keys(shown ?? {})).toEqual(expect.arrayContaining(Object.keys(parameters)));
		const known = properties.find(({ name }) => name === 'options')?.options as INodeProperties[];
		expect(known.map(({ name }) => name)).toEqual(
			expect.arrayContaining(Object.keys(parameters.options as object)),
		);
	});
});

test('the index of the examples names every one of them, and no picture that is not there', () => {
	const index = readFileSync(join(FOLDER, 'README.md'), 'utf8');
	for (const file of FILES) expect(index).toContain(`(${file})`);
	for (const [, path] of index.matchAll(/\]\((\.\.?\/[^)]+|docs\/[^)]+)\)/g)) {
		expect(() => readFileSync(join(FOLDER, path))).not.toThrow();
	}
});

/** What a delivery comes to on its way through the nodes before PostPress. */
interface Way {
	/** The nodes, in order; the last one is a PostPress node, or the end. */
	nodes: string[];
	/** The output of each node but a PostPress node. */
	outputs: Record<string, IDataObject>;
	/** The item that the last node gets. */
	item: IDataObject;
}

/** What lies outside of n8n. */
interface World {
	/** By name of the credential. */
	secrets: Record<string, string>;
	/** Answers the requests of HTTP Request nodes. */
	ask?: (url: string, body: IDataObject) => IDataObject | undefined;
}

interface Condition {
	leftValue: unknown;
	rightValue: unknown;
	operator: { operation: string };
}

/**
 * Sends one item through n8n's own nodes, as far as the examples use them, up to the first PostPress
 * node. n8n's nodes are not installed here; the expressions are evaluated by n8n itself.
 */
async function follow(example: Example, delivery: IDataObject, world: World): Promise<Way> {
	const { workflow: n8n, withIsolate } = engine.n8n;
	const { connections } = example;
	const nodes = n8n.deepCopy(example.nodes);
	const nodeTypes = { getByNameAndVersion: () => undefined } as unknown as INodeTypes;
	const workflow = new n8n.Workflow({ nodes, connections, active: false, nodeTypes });
	const run: IRunExecutionData = n8n.createRunExecutionData({});
	const way: Way = { nodes: [], outputs: {}, item: delivery };
	let source: ITaskData['source'] = [];
	let node: INode | undefined = nodes.find(({ type }) => /Trigger$|webhook$/.test(type));

	await withIsolate(workflow.expression, async () => {
		while (node) {
			way.nodes.push(node.name);
			if (node.type === POSTPRESS) break;
			const input: INodeExecutionData = { json: n8n.deepCopy(way.item), pairedItem: { item: 0 } };
			const executeData = { node, data: { main: [[input]] }, source: { main: source } };
			const parameters = workflow.expression.getParameterValue(
				node.parameters,
				run,
				0,
				0,
				node.name,
				[input],
				'webhook',
				{},
				executeData as unknown as IExecuteData,
			) as INodeParameters;

			const { json, output } = pass(node, parameters, way.item, world);
			way.outputs[node.name] = way.item = json;
			const main = Array.from({ length: output + 1 }, (): INodeExecutionData[] => []);
			main[output] = [{ json: n8n.deepCopy(json), pairedItem: { item: 0 } }];
			run.resultData.runData[node.name] = [
				{
					startTime: 0,
					executionTime: 0,
					executionIndex: way.nodes.length,
					executionStatus: 'success',
					source,
					data: { main },
				},
			];
			source = [{ previousNode: node.name, previousNodeOutput: output, previousNodeRun: 0 }];
			const next: string | undefined = connections[node.name]?.main[output]?.[0]?.node;
			node = nodes.find(({ name }) => name === next);
		}
	});
	return way;
}

/** What one of n8n's own nodes makes of an item. */
function pass(
	{ type, name, credentials }: INode,
	parameters: INodeParameters,
	item: IDataObject,
	world: World,
): { json: IDataObject; output: number } {
	const to = (json: IDataObject, output = 0) => ({ json, output });
	switch (type.replace('n8n-nodes-base.', '')) {
		case 'crypto': {
			const secret = world.secrets[String(credentials?.crypto.name)];
			const text = parameters.binaryData ? JSON.stringify(item.body) : String(parameters.value);
			return to({ ...item, [String(parameters.dataPropertyName)]: hmac(secret, text) });
		}
		case 'if':
			return to(item, holds(parameters.conditions) ? 0 : 1);
		case 'switch': {
			const { values } = parameters.rules as unknown as { values: Array<{ conditions: unknown }> };
			const way = values.findIndex(({ conditions }) => holds(conditions));
			if (way < 0) throw new Error(`${name} loses ${JSON.stringify(item)}`);
			return to(item, way);
		}
		case 'set': {
			const { assignments } = parameters.assignments as unknown as {
				assignments: Array<{ name: string; type: string; value: unknown }>;
			};
			const fields = assignments.map((one) => {
				const value = one.type === 'string' ? String(one.value) : one.value;
				expect([one.name, typeof value]).toEqual([one.name, one.type]);
				return [one.name, value];
			});
			return to({
				...(parameters.includeOtherFields === true && item),
				...(Object.fromEntries(fields) as IDataObject),
			});
		}
		case 'httpRequest': {
			const { parameters: fields = [] } = (parameters.bodyParameters ?? {}) as unknown as {
				parameters?: Array<{ name: string; value: string }>;
			};
			const body = Object.fromEntries(fields.map((field) => [field.name, field.value]));
			const answer = world.ask?.(String(parameters.url), body);
			if (!answer) throw new Error(`${name} asks in vain: ${String(parameters.url)}`);
			return to(answer);
		}
		default:
			return to(item);
	}
}

function holds(conditions: unknown): boolean {
	const all = (conditions as { conditions: Condition[] }).conditions;
	return all.every(({ leftValue, rightValue, operator: { operation } }) => {
		if (operation === 'equals') return leftValue === rightValue;
		if (operation === 'notEquals') return leftValue !== rightValue;
		if (operation === 'empty') return leftValue === '';
		if (operation === 'notEmpty') return leftValue !== '';
		if (operation === 'true') return leftValue === true;
		throw new Error(`Unknown operation ${operation}`);
	});
}

/** A PostPress node behind nodes whose output is pinned, on n8n's engine. */
async function perform(
	example: Example,
	action: string,
	before: Array<[name: string, output: IDataObject[]]>,
	settings: IDataObject = { previewOnly: false, delayBetweenRequests: 0, retryWait: 0 },
): Promise<{ result: RunResult; performed: IDataObject[]; failed: IDataObject[] }> {
	const node = copyOf(nodeOf(example, action));
	const { previewOnly = node.parameters.previewOnly, ...options } = settings;
	Object.assign(node.parameters, { previewOnly });
	Object.assign(node.parameters.options as object, options);
	const end = { ...nodeOf(example, action), parameters: {}, type: 'n8n-nodes-base.noOp' };
	const chain = [...before.map(([name]) => name), action];
	const connections: WorkflowJson['connections'] = {
		[action]: {
			main: ['performed', 'failed'].map((name) => [{ node: name, type: 'main', index: 0 }]),
		},
	};
	for (const [index, name] of chain.slice(1).entries()) {
		connections[chain[index]] = { main: [[{ node: name, type: 'main', index: 0 }]] };
	}
	const result = await engine.run(
		{
			nodes: [
				...before.map(([name]) => nodeOf(example, name)),
				node,
				{ ...end, id: '1', name: 'performed' },
				{ ...end, id: '2', name: 'failed' },
			],
			connections,
			settings: example.settings,
			pinData: Object.fromEntries(
				before.map(([name, output]) => [name, output.map((json) => ({ json }))]),
			),
		},
		{ startNode: chain[0] },
	);
	expect([result.status, result.error]).toEqual(['success', undefined]);
	return { result, performed: result.json('performed'), failed: result.json('failed') };
}

/** The PostPress node at the end of a way. */
const performWay = async (example: Example, { nodes, outputs }: Way, options?: IDataObject) =>
	await perform(
		example,
		nodes.at(-1)!,
		nodes.slice(0, -1).map((name) => [name, [outputs[name]]]),
		options,
	);

/** How an ATS reaches n8n. */
interface Ats {
	trigger: string;
	/** The node that asks the ATS about the person, if the delivery says too little. */
	asks?: string;
	/** What lies outside of n8n; asked for something, it gives the answers pinned in the example. */
	world(example: Example): World;
	/** A delivery as the ATS signs it. */
	signed(delivery: IDataObject): IDataObject;
	/** What a delivery can lack to be genuine. */
	forged: Array<[what: string, forge: (delivery: IDataObject) => IDataObject]>;
	/** What else can come: a change to a sample, where it ends, and what is known of it then. */
	others: Array<[what: string, sample: number, change: Change, end: string, known?: IDataObject]>;
	/** The stage that the first sample moves somebody to. */
	stage: string;
	/** Why a person has to look at the third and the fourth. */
	messages: [string, string];
}

type Change = (delivery: Delivery, answer: Delivery) => void;
/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- a delivery of somebody else's */
type Delivery = any;

const bodyOf = (delivery: IDataObject) => delivery.body as IDataObject;
const withHeader = (delivery: IDataObject, name: string, value: string | undefined) => ({
	...delivery,
	headers: { ...(delivery.headers as IDataObject), [name]: value },
});

/** Answers from the samples pinned to some nodes: the one whose ID is asked for. */
const pinned =
	(example: Example, names: string[], idOf: (answer: Delivery) => string) =>
	(url: string, body: IDataObject) => {
		const wanted = String(body.id ?? new URL(url).pathname.split('/').at(-1));
		return names.flatMap((name) => samplesOf(example, name)).find((one) => idOf(one) === wanted);
	};

const leverSecrets = {
	'Lever signature token (stage)': 'token of stage changes',
	'Lever signature token (archive)': 'token of archiving',
};
const leverSecret = (event: unknown) =>
	leverSecrets[
		`Lever signature token (${event === 'candidateArchiveChange' ? 'archive' : 'stage'})`
	];
const signedByLever = (delivery: IDataObject, secret?: string): IDataObject => {
	const { token, triggeredAt, event, ...rest } = bodyOf(delivery);
	const signature = hmac(secret ?? leverSecret(event), `${String(token)}${String(triggeredAt)}`);
	return { ...delivery, body: { ...rest, token, triggeredAt, event, signature } };
};
const application = ({ body }: Delivery) => body.data.application;
const noReason = 'NOT_CONSIDERED_OR_REASON_NOT_SPECIFIED';

const ATS: Record<string, Ats> = {
	'greenhouse.json': {
		trigger: 'Greenhouse',
		world: () => ({ secrets: { 'Greenhouse secret key': 'secret of Greenhouse' } }),
		signed: (delivery) =>
			withHeader(
				delivery,
				'signature',
				`sha256 ${hmac('secret of Greenhouse', JSON.stringify(delivery.body))}`,
			),
		forged: [
			['without a signature', (delivery) => withHeader(delivery, 'signature', undefined)],
			[
				'signed with another secret',
				(delivery) =>
					withHeader(delivery, 'signature', `sha256 ${hmac('x', JSON.stringify(delivery.body))}`),
			],
			['changed on the way', (delivery) => ({ ...delivery, body: { action: 'reject_candidate' } })],
		],
		others: [
			[
				'the ping of a new web hook',
				0,
				(delivery) => (delivery.body = { action: 'ping', payload: {} }),
				'Nothing to do',
			],
			[
				'a stage that is not in the table',
				0,
				({ body }) => (body.payload.application.current_stage.name = 'Offer'),
				'Nothing to do',
			],
			[
				'a rejection without a reason',
				1,
				({ body }) => (body.payload.application.rejection_reason = null),
				'Reject applicant',
				{ reason: noReason },
			],
			[
				'a job that is not in the table',
				1,
				({ body }) => (body.payload.application.jobs[0] = { id: 5, name: 'Chef' }),
				'To look at',
				{ message: 'No Recruiter project for the job "Chef" (5) in "Your words"' },
			],
		],
		stage: 'CONTACTED',
		messages: [
			'The reason "Salary Expectations" is not in "Your words"',
			'Greenhouse has no linkedin.com/in address of this person',
		],
	},
	'ashby.json': {
		trigger: 'Ashby',
		asks: 'Candidate',
		world: (example) => ({
			secrets: { 'Ashby secret token': 'secret of Ashby' },
			ask: pinned(example, ['Candidate'], ({ results }) => results.id),
		}),
		signed: (delivery) =>
			withHeader(
				delivery,
				'ashby-signature',
				`sha256=${hmac('secret of Ashby', JSON.stringify(delivery.body))}`,
			),
		forged: [
			['without a signature', (delivery) => withHeader(delivery, 'ashby-signature', undefined)],
			[
				'signed with another secret',
				(delivery) =>
					withHeader(
						delivery,
						'ashby-signature',
						`sha256=${hmac('x', JSON.stringify(delivery.body))}`,
					),
			],
			['changed on the way', (delivery) => ({ ...delivery, body: { action: 'ping' } })],
		],
		others: [
			[
				'the ping of a new webhook',
				0,
				(delivery) => (delivery.body = { action: 'ping', data: { webhookActionType: 'ping' } }),
				'Another event',
			],
			[
				'somebody who is hired',
				0,
				(delivery) => (application(delivery).status = 'Hired'),
				'Nothing to do',
			],
			[
				'a stage that is not in the table',
				0,
				(delivery) => (application(delivery).currentInterviewStage.title = 'Offer'),
				'Nothing to do',
			],
			[
				'somebody who has withdrawn',
				2,
				(delivery) => (application(delivery).archiveReason.reasonType = 'RejectedByCandidate'),
				'Reject applicant',
				{ reason: 'WITHDREW_APPLICATION' },
			],
			[
				'archived without a reason',
				1,
				(delivery) => delete application(delivery).archiveReason,
				'Reject applicant',
				{ reason: noReason },
			],
			[
				'a job that is not in the table',
				0,
				(delivery) => (application(delivery).job = { id: '5', title: 'Chef' }),
				'To look at',
				{ message: 'No Recruiter project for the job "Chef" (5) in "Your words"' },
			],
		],
		stage: 'REPLIED',
		messages: [
			'The archive reason "Compensation" is not in "Your words"',
			'Ashby has no linkedin.com/in address of this person',
		],
	},
	'lever.json': {
		trigger: 'Lever',
		asks: 'Opportunity',
		world: (example) => ({
			secrets: leverSecrets,
			ask: pinned(example, ['Opportunity', 'Archive reason'], ({ data }) => data.id),
		}),
		signed: (delivery) => signedByLever(delivery),
		forged: [
			[
				'without a signature',
				({ body, ...rest }) => ({
					...rest,
					body: { ...(body as IDataObject), signature: undefined },
				}),
			],
			['signed with another token', (delivery) => signedByLever(delivery, 'x')],
			[
				'signed with the token of the other event',
				(delivery) => signedByLever(delivery, leverSecret('candidateArchiveChange')),
			],
			[
				'with another token in the body',
				({ body, ...rest }) => ({ ...rest, body: { ...(body as IDataObject), token: 'y' } }),
			],
		],
		others: [
			[
				"the test of Lever's settings page",
				0,
				({ body }) => Object.assign(body, { event: 'candidateHired', data: {} }),
				'Another event',
			],
			[
				'a stage that is not in the table',
				0,
				(_, { data }) => (data.stage.text = 'Offer'),
				'Nothing to do',
			],
			[
				'somebody who is no longer archived',
				1,
				(_, { data }) => (data.archived = null),
				'Nothing to do',
			],
			[
				'a stage change of somebody who is archived',
				1,
				({ body }) => (body.event = 'candidateStageChange'),
				'Nothing to do',
			],
			[
				'archived, but nobody can tell why',
				1,
				(_, { data }) => (data.archived = { archivedAt: 1 }),
				'To look at',
				{ message: 'The archive reason "" is not in "Your words"' },
			],
		],
		stage: 'REPLIED',
		messages: [
			'The archive reason "Timing" is not in "Your words"',
			'Lever has no linkedin.com/in address of this person',
		],
	},
	'workable.json': {
		trigger: 'Workable',
		asks: 'Candidate',
		world: (example) => ({
			secrets: {},
			ask: pinned(example, ['Candidate'], ({ candidate }) => candidate.id),
		}),
		signed: (delivery) => delivery,
		forged: [],
		others: [
			[
				'an event that lies about the person',
				0,
				({ data }) => Object.assign(data, { disqualified: true, stage: 'Interview' }),
				'Change stage',
				{ todo: 'change stage', their_stage: 'Phone Screen' },
			],
			[
				'a stage that is not in the table',
				0,
				(_, { candidate }) => (candidate.stage = 'Offer'),
				'Nothing to do',
			],
			[
				'somebody who has withdrawn',
				2,
				(_, { candidate }) => (candidate.withdrew = true),
				'Reject applicant',
				{ reason: 'WITHDREW_APPLICATION' },
			],
			[
				'disqualified without a reason',
				1,
				(_, { candidate }) => (candidate.disqualification_reason = null),
				'Reject applicant',
				{ reason: noReason },
			],
		],
		stage: 'REPLIED',
		messages: [
			'The reason "Salary" is not in "Your words"',
			'Workable has no linkedin.com/in address of this person',
		],
	},
};

const account_id = 'acc_linkedin_01HXYZ4QK3WJ8FN3M6QH7TZ8GR';

describe.each(Object.entries(ATS))('%s, a delivery', (file, ats) => {
	const example = read(file);
	const samples = samplesOf(example, ats.trigger);
	const world = ats.world(example);
	const sent = async (delivery: IDataObject) => await follow(example, delivery, world);

	test('there are four samples', () => expect(samples).toHaveLength(4));

	test('of somebody who moved: looked up, and moved to the stage that the table says', async () => {
		const way = await sent(ats.signed(samples[0]));
		expect(way.nodes.at(-1)).toBe('Change stage');
		const { performed, failed } = await performWay(example, way);
		expect(failed).toEqual([]);
		expect(performed).toMatchObject([{ action: 'changeCandidatePipeline' }]);
		expect(sandbox.requests.map(({ method, path, body }) => [method, path, body])).toEqual([
			[
				'GET',
				`/v1/users/amara-okafor-94f4dbb7?account_id=${account_id}&linkedin_api=recruiter`,
				undefined,
			],
			[
				'POST',
				'/v1/linkedin/user/AEMAAmjLnnyu-oiJ1QYk3061kB-2-tYnlFTa63S8iQzy',
				{
					account_id,
					api: 'recruiter',
					action: 'changeCandidatePipeline',
					hiring_project_id: '1483848495',
					stage: ats.stage,
				},
			],
		]);
	});

	test('of somebody who was rejected: rejected silently, with the reason of the table', async () => {
		const way = await sent(ats.signed(samples[1]));
		expect(way.nodes.at(-1)).toBe('Reject applicant');
		const { failed } = await performWay(example, way);
		expect(failed).toEqual([]);
		expect(sandbox.performed.map(({ userId, body }) => [userId, body])).toEqual([
			[
				'AEMAAnNNBR8-gajIUcVJ0HRymDi1QQyW9LwXSZNa2drZ',
				{
					account_id,
					api: 'recruiter',
					action: 'rejectApplicant',
					hiring_project_id: '1251433434',
					reason: 'NOT_MEET_BASIC_QUALIFICATIONS',
				},
			],
		]);
	});

	test('that comes twice is performed once', async () => {
		const way = await sent(ats.signed(samples[1]));
		await performWay(example, way);
		const { performed } = await performWay(example, way);
		expect(performed).toMatchObject([{ success: true, already_performed: true }]);
		expect(sandbox.performed).toHaveLength(1);
	});

	test.each([0, 1])('%i: as it is imported, nothing is sent', async (index) => {
		const way = await sent(ats.signed(samples[index]));
		const { performed } = await performWay(example, way, {});
		expect(performed).toMatchObject([{ preview: true }]);
		expect(performed[0].body).not.toHaveProperty('rejection_notification');
		expect(sandbox.requests).toHaveLength(0);
	});

	test.each([2, 3])('%i: a person looks at it, and sees why', async (index) => {
		const way = await sent(ats.signed(samples[index]));
		expect([way.nodes.at(-1), way.item.message]).toEqual(['To look at', ats.messages[index - 2]]);
	});

	if (ats.forged.length > 0) {
		test.each(ats.forged)('%s: answered with 401, and no further', async (_what, forge) => {
			const way = await sent(forge(ats.signed(samples[0])));
			expect(way.nodes.at(-1)).toBe('Answer 401');
			expect(nodeOf(example, 'Answer 401').parameters.options).toEqual({ responseCode: 401 });
		});
	}

	test.each(ats.others)('%s', async (_what, sample, change, end, known = {}) => {
		const altered = copyOf(example);
		const delivery = copyOf(samples[sample]);
		change(delivery, ats.asks && altered.pinData[ats.asks][sample].json);
		const way = await follow(altered, ats.signed(delivery), ats.world(altered));
		expect([way.nodes.at(-1), way.item]).toEqual([end, expect.objectContaining(known)]);
	});
});

describe('leads-list.json', () => {
	const example = read('leads-list.json');
	const [form] = samplesOf(example, 'List of leads');
	const rows = samplesOf(example, 'Rows');
	const save = async (options?: IDataObject) =>
		await perform(
			example,
			'Save lead',
			[
				['List of leads', [form]],
				['Rows', rows],
			],
			options,
		);

	test('saves each row once, into its own list or the one from the form', async () => {
		const { performed, failed } = await save();
		expect(performed).toHaveLength(3);
		expect(failed).toMatchObject([{ name: 'Emre Aksoy', error: { outcome: 'not_sent' } }]);
		const saved = { account_id: 'acc_linkedin_01JE6DQPM6TTSQB8BKN3P4RXCC', api: 'sales_navigator' };
		expect(sandbox.performed.map(({ userId, body }) => [userId, body])).toEqual(
			[
				['ACwAA3ZsTf6hLIRxM3mRw9wtOIWED5yIlHzVoEOyygeA', '7206776581098818229'],
				['ACwAAUIu3-sRi6kx4xzuRErh3tSfLON-vAO5hyL8lqOC', '7335483075737159852'],
				['ACwAA2FhMCV4NIUFRlwjRaIqZvkXeY8Baw4WWime3mDw', '7335483075737159852'],
			].map(([userId, list_id]) => [userId, { ...saved, action: 'saveLead', list_id }]),
		);
		expect(sandbox.maxInFlight(saved.account_id)).toBe(1);
	});

	test('as it is imported, nothing is sent', async () => {
		const { performed, failed } = await save({});
		expect(performed.map(({ preview }) => preview)).toEqual([true, true, true, true]);
		expect(performed.filter(({ problem }) => problem)).toHaveLength(1);
		expect(failed).toEqual([]);
		expect(sandbox.requests).toHaveLength(0);
	});

	test('handed in twice, saves nobody twice', async () => {
		await save();
		expect((await save()).performed).toMatchObject(
			[1, 2, 3].map(() => ({ already_performed: true })),
		);
		expect(sandbox.performed).toHaveLength(3);
	});

	test('the mark at the beginning of a file from Excel is no part of the first column', () => {
		expect(nodeOf(example, 'Rows').parameters.options).toMatchObject({ enableBOM: true });
	});

	test('the form is closed to those without its password', () => {
		expect(nodeOf(example, 'List of leads').parameters.authentication).toBe('basicAuth');
	});
});

describe('refused-for-review.json', () => {
	const example = read('refused-for-review.json');

	test('makes a row of each refusal, and one e-mail of all rows', async () => {
		const people = samplesOf(example, 'People');
		const { performed, failed } = await perform(example, 'Add candidate', [
			['When clicking ‘Execute workflow’', [{}]],
			['People', people],
		]);
		expect(performed).toHaveLength(2);

		const only = (first: string): Example => ({
			...example,
			nodes: [
				{ ...nodeOf(example, 'Table'), name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
				nodeOf(example, first),
			],
			connections: { Start: { main: [[{ node: first, type: 'main', index: 0 }]] } },
		});
		const rows: IDataObject[] = [];
		for (const item of failed) {
			rows.push((await follow(only('One row each'), item, { secrets: {} })).item);
		}
		expect(rows).toEqual([
			{
				person: 'Jonas Lindqvist',
				their_id: 'C-47980',
				outcome: 'refused',
				reason: 'Action already performed',
				what_to_do: expect.stringMatching(/ This run changed nothing: /),
				type: 'errors/action_already_performed',
				request_id: expect.stringMatching(/^req_\d+$/),
				requests_sent: 1,
				settled: false,
			},
			expect.objectContaining({
				person: 'Grace Mwangi',
				outcome: 'not_sent',
				what_to_do: expect.stringMatching(/ Open the person in Recruiter/),
				request_id: '',
				requests_sent: 0,
			}),
			expect.objectContaining({
				person: 'Chloé Dubois',
				type: 'errors/disconnected_account',
				what_to_do: expect.stringMatching(/ Reconnect the account in PostPress/),
			}),
		]);
		const { column } = nodeOf(example, 'Table').parameters.columns as unknown as {
			column: Array<{ name: string; type: string }>;
		};
		expect(column.map(({ name, type }) => [name, type])).toEqual(
			Object.entries(rows[0]).map(([name, value]) => [name, typeof value]),
		);

		const inDoubt = { ...rows[0], person: 'Priya Raghunathan', outcome: 'unknown' };
		const { item } = await follow(only('E-mail'), { people: [...rows, inDoubt] }, { secrets: {} });
		expect(item.subject).toBe('4 people to look at in LinkedIn, some in doubt');
		const blocks = String(item.text).split('\n\n');
		expect(blocks.map((block) => block.split(' (')[0])).toEqual([
			'Priya Raghunathan',
			'Jonas Lindqvist',
			'Grace Mwangi',
			'Chloé Dubois',
		]);
		expect(blocks[1]).toMatch(
			/^Jonas Lindqvist \(C-47980\): refused\n.+\n.+\nerrors\/action_already_performed, request req_\d+, 1 sent$/,
		);
	});
});
