import type { SavedWorkflow } from '../../harness/app/rest';
import { startBench, type Bench } from './support/bench';
import { Conversation, type ChatMessage } from './support/chat';
import { eventually } from '../../harness/eventually';
import { importWith, LIVE, nodeOf, readExample, setOptions } from './support/examples';
import { lastToolAnswer, startModel, type Model } from './support/model';

const RIGHT =
	'https://www.linkedin.com/talent/profile/AEMAAmjLnnyu-oiJ1QYk3061kB-2-tYnlFTa63S8iQzy';
const WRONG = 'https://www.linkedin.com/in/amara-okafor-94f4dbb7';
const PROJECT = 'https://www.linkedin.com/talent/hire/1483848495/manage/all';

let bench: Bench;
let model: Model;
let saved: SavedWorkflow;
let conversation: Conversation | undefined;

beforeAll(async () => {
	[bench, model] = await Promise.all([startBench(), startModel()]);
	const data = { apiKey: 'local', url: model.url };
	saved = await importWith(bench, readExample('agent.json'), [
		{ name: 'OpenAI account', type: 'openAiApi', data },
	]);
	await bench.rest.publish(saved);
}, 120_000);

beforeEach(() => {
	bench.sandbox.reset();
	model.requests.length = 0;
});

afterEach(() => conversation?.close());

afterAll(async () => {
	await bench?.stop();
	await model?.close();
});

/** The path of the chat, and the person who opens it. */
const chatPath = () => String(nodeOf(saved, 'Chat').webhookId);
async function ask(text: string, sessionId?: string): Promise<Conversation> {
	conversation?.close();
	conversation = await Conversation.start(bench, chatPath(), text, sessionId);
	return conversation;
}

/** A model that wants to add somebody, and then repeats what the tool has said. */
function wantsToAdd(person: string): void {
	model.mind = (request) => {
		const answer = lastToolAnswer(request);
		if (answer !== undefined) return { say: `The tool said: ${answer}` };
		const toolParameters = { person, project: PROJECT, stage: 'CONTACTED' };
		return { call: { toolParameters, hitlParameters: {} } };
	};
}

/** The question that has to come before anything is done. */
async function review(chat: Conversation, person: string): Promise<ChatMessage> {
	const question = await chat.next();
	expect(question.text).toContain('It cannot be undone');
	for (const part of [person, PROJECT, 'CONTACTED']) expect(question.text).toContain(part);
	expect(question.buttons.map(({ text }) => text)).toEqual(['Approve', 'Decline']);
	return question;
}

test('as it is imported, it sends nothing even when approved', async () => {
	wantsToAdd(RIGHT);
	const chat = await ask('Add Amara.');
	await chat.press(await review(chat, RIGHT), 'Approve');
	expect((await chat.next()).text).toContain('"preview":true');
	expect(bench.sandbox.requests).toEqual([]);
});

test('the model is told what the tool does, what it needs, and that nothing can be undone', async () => {
	model.mind = () => ({ say: 'Hello.' });
	const chat = await ask('Who are you?');
	expect((await chat.next()).text).toBe('Hello.');
	const [{ tools, messages }] = model.requests;
	expect(messages[0].content).toMatch(/cannot be undone/);
	expect(tools).toHaveLength(1);
	const { name, description, parameters } = tools[0].function;
	expect(name).toBe('Add_candidate');
	expect(description).toMatch(/cannot be undone/);
	const { toolParameters } = parameters.properties as Record<string, Record<string, unknown>>;
	expect(toolParameters).toMatchObject({
		required: ['person', 'project', 'stage'],
		properties: {
			person: { description: expect.stringMatching(/Recruiter.+begins with AE/) },
			project: { description: expect.stringMatching(/talent\/hire/) },
			stage: { description: expect.stringMatching(/UNCONTACTED, CONTACTED or REPLIED/) },
		},
	});
});

test('who is not signed in does not get in', async () => {
	const response = await fetch(`${bench.url}/webhook/${chatPath()}/chat`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ action: 'sendMessage', sessionId: 'x', chatInput: 'Add Amara.' }),
	});
	expect(response.status).toBe(401);
	expect(model.requests).toEqual([]);
});

describe('gone live', () => {
	beforeAll(async () => {
		setOptions(saved, LIVE);
		saved = await bench.rest.changeWorkflow(saved.id, saved);
		await bench.rest.publish(saved);
	}, 60_000);

	test('somebody is added, and only after the person in the chat has approved', async () => {
		wantsToAdd(RIGHT);
		const chat = await ask('Add Amara.');
		const question = await review(chat, RIGHT);
		expect(bench.sandbox.requests).toEqual([]);
		await chat.press(question, 'Approve');
		expect((await chat.next()).text).toContain('"success":true');
		expect(bench.sandbox.performed).toMatchObject([
			{
				userId: 'AEMAAmjLnnyu-oiJ1QYk3061kB-2-tYnlFTa63S8iQzy',
				body: {
					action: 'addCandidateToPipeline',
					hiring_project_id: '1483848495',
					stage: 'CONTACTED',
				},
			},
		]);
	});

	test('what is declined is not done', async () => {
		wantsToAdd(RIGHT);
		const chat = await ask('Add Amara.');
		await chat.press(await review(chat, RIGHT), 'Decline');
		expect((await chat.next()).text).toContain('rejected the tool call');
		expect(bench.sandbox.requests).toEqual([]);
	});

	test('a typed yes approves nothing', async () => {
		wantsToAdd(RIGHT);
		const chat = await ask('Add Amara.');
		await review(chat, RIGHT);
		chat.say('Yes, approved!');
		expect((await chat.next()).text).toContain('Yes, approved!');
		expect(bench.sandbox.requests).toEqual([]);
	});

	test('a wrong address is refused with a remedy; in the same chat, the right one is added', async () => {
		wantsToAdd(WRONG);
		const chat = await ask('Add Amara.');
		await chat.press(await review(chat, WRONG), 'Approve');
		expect((await chat.next()).text).toMatch(
			/is a public profile.+not the address of the person in Recruiter.+Nothing was sent/s,
		);
		expect(bench.sandbox.requests).toEqual([]);

		wantsToAdd(RIGHT);
		const again = await ask(`It is ${RIGHT}`, chat.sessionId);
		await again.press(await review(again, RIGHT), 'Approve');
		expect((await again.next()).text).toContain('"success":true');
		expect(bench.sandbox.performed).toHaveLength(1);
		const said = model.requests.at(-1)?.messages.map(({ content }) => content);
		expect(said).toContain('Add Amara.');
	});

	test('what PostPress refuses reaches the model with reason and remedy', async () => {
		bench.sandbox.fail({ kind: 'apiError', type: 'feature_not_subscribed' });
		wantsToAdd(RIGHT);
		const chat = await ask('Add Amara.');
		await chat.press(await review(chat, RIGHT), 'Approve');
		const { text } = await chat.next();
		expect(text).toContain('Feature not subscribed');
		expect(text).toContain('Choose an account with a Recruiter seat');
		expect(text).not.toContain(bench.sandbox.apiKey);
		expect(bench.sandbox.performed).toEqual([]);
	});

	// n8n's review is made for one call at a time; the chat stays silent then.
	test('two calls at once: nothing is done that nobody has approved', async () => {
		const calls = [RIGHT, `${RIGHT}2`].map((person) => ({
			toolParameters: { person, project: PROJECT, stage: 'CONTACTED' },
			hitlParameters: {},
		}));
		model.mind = () => ({ calls });
		await ask('Add both.');
		await eventually(async () => {
			const [{ status }] = await bench.rest.executions(saved.id, 1);
			expect(status).toBe('waiting');
		});
		expect(model.requests).toHaveLength(1);
		expect(bench.sandbox.requests).toEqual([]);
	});
});
