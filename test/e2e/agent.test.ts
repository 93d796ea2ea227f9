import type { WorkflowFile } from '../../harness/app/rest';
import { startBench, type Bench } from './support/bench';
import { lastToolAnswer, startModel, type Model } from './support/model';
import { addCandidate, node, POSTPRESS, SETTINGS, webhook } from '../../harness/app/workflows';
import { locator } from '../../harness/locators';

const RIGHT = 'AEMAAmjLnnyu-oiJ1QYk3061kB-2-tYnlFTa63S8iQzy';
const WRONG = 'ACwAAqCx4d4HV0wPXGBw1DRiUDQGDsrVxyh6sEF3myJA';

let bench: Bench;
let model: Model;

beforeAll(async () => {
	[bench, model] = await Promise.all([startBench(), startModel()]);
	const { id, name } = await bench.rest.saveCredential('Local model', 'openAiApi', {
		apiKey: 'local',
		url: model.url,
	});
	await bench.rest.publish(await bench.rest.createWorkflow(recruiter({ id, name })));
}, 120_000);

beforeEach(() => {
	bench.sandbox.reset();
	model.requests.length = 0;
});

afterAll(async () => {
	await bench?.stop();
	await model?.close();
});

/** An agent whose only tool is the node: the model names the person and the stage. */
function recruiter(openAiApi: { id: string; name: string }): WorkflowFile {
	const fromAi = (key: string, what: string) => `={{ $fromAI('${key}', '${what}', 'string') }}`;
	const parameters = addCandidate('', {
		userId: locator('id', fromAi('user_id', 'Recruiter ID of the person, begins with AE')),
		stage: fromAi('stage', 'UNCONTACTED, CONTACTED or REPLIED'),
	});
	const { id, name } = bench.credential;
	const nodes = [
		webhook('agent'),
		node(
			'AI Agent',
			'@n8n/n8n-nodes-langchain.agent',
			{ promptType: 'define', text: '={{ $json.body.wish }}', options: { maxIterations: 6 } },
			{ typeVersion: 3.1 },
		),
		node(
			'Model',
			'@n8n/n8n-nodes-langchain.lmChatOpenAi',
			{ model: { __rl: true, mode: 'id', value: 'local' }, options: {} },
			{ typeVersion: 1.2, credentials: { openAiApi } },
		),
		node('PostPress', `${POSTPRESS}Tool`, parameters, {
			credentials: { postPressApi: { id, name } },
		}),
	];
	const to = (target: string, type: string) => ({
		[type]: [[{ node: target, type, index: 0 }]],
	});
	return {
		name: 'Agent',
		nodes,
		connections: {
			Webhook: to('AI Agent', 'main'),
			Model: to('AI Agent', 'ai_languageModel'),
			PostPress: to('AI Agent', 'ai_tool'),
		},
		settings: SETTINGS,
	};
}

async function ask(wish: string): Promise<string> {
	const response = await fetch(`${bench.url}/webhook/agent`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ wish }),
	});
	return await response.text();
}

test('the agent adds a candidate', async () => {
	model.mind = (request) =>
		lastToolAnswer(request) === undefined
			? { call: { user_id: RIGHT, stage: 'CONTACTED' } }
			: { say: 'Added.' };
	expect(JSON.parse(await ask('Add Amara.'))).toMatchObject([{ output: 'Added.' }]);
	expect(bench.sandbox.performed).toMatchObject([
		{ userId: RIGHT, body: { action: 'addCandidateToPipeline', stage: 'CONTACTED' } },
	]);
	expect(lastToolAnswer(model.requests[1])).toContain('"success":true');
});

test('the model is told what the tool does and what it needs', async () => {
	model.mind = () => ({ say: 'Hello.' });
	await ask('Who are you?');
	const [tool] = model.requests[0].tools;
	expect(tool.function.name).toMatch(/PostPress/);
	expect(tool.function.description).toMatch(/pipeline/i);
	expect(Object.keys(tool.function.parameters.properties).sort()).toEqual(['stage', 'user_id']);
	expect(tool.function.parameters.properties.user_id.description).toContain('begins with AE');
});

test('a wrong ID is refused with a message that the model can act on', async () => {
	model.mind = (request) => {
		const answer = lastToolAnswer(request);
		if (answer === undefined) return { call: { user_id: WRONG, stage: 'CONTACTED' } };
		if (answer.includes('belongs to Sales Navigator')) {
			return { call: { user_id: RIGHT, stage: 'CONTACTED' } };
		}
		return { say: answer.includes('"success":true') ? 'Added at last.' : answer };
	};
	expect(JSON.parse(await ask('Add Amara.'))).toMatchObject([{ output: 'Added at last.' }]);
	expect(bench.sandbox.performed).toMatchObject([{ userId: RIGHT }]);
	expect(bench.sandbox.requestCount).toBe(1);
});

test('what PostPress refuses reaches the model with reason and remedy', async () => {
	bench.sandbox.fail({ kind: 'apiError', type: 'feature_not_subscribed' });
	model.mind = (request) => {
		const answer = lastToolAnswer(request);
		return answer === undefined
			? { call: { user_id: RIGHT, stage: 'CONTACTED' } }
			: { say: `Refused: ${answer}` };
	};
	const said = await ask('Add Amara.');
	expect(said).toContain('Feature not subscribed');
	expect(said).toContain('Choose an account with a Recruiter seat');
	expect(said).not.toContain(bench.sandbox.apiKey);
	expect(bench.sandbox.performed).toEqual([]);
});

test('two people in one conversation are two actions; the same one twice is refused, not repeated', async () => {
	const wishes = ['AEMAAone', 'AEMAAtwo', 'AEMAAone'];
	model.mind = ({ messages }) => {
		const done = messages.filter(({ role }) => role === 'tool').length;
		return done < wishes.length
			? { call: { user_id: wishes[done], stage: 'REPLIED' } }
			: { say: 'Done.' };
	};
	expect(JSON.parse(await ask('Add both.'))).toMatchObject([{ output: 'Done.' }]);
	expect(bench.sandbox.performed.map(({ userId }) => userId)).toEqual(['AEMAAone', 'AEMAAtwo']);
});
