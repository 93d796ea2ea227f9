import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** One message of a conversation, as the chat-completions API writes it. */
export interface Message {
	role: 'system' | 'user' | 'assistant' | 'tool';
	content: string | null;
	tool_calls?: Array<{ id: string; function: { name: string; arguments: string } }>;
	tool_call_id?: string;
}

/** A tool as the model is told of it. */
export interface Tool {
	type: 'function';
	function: { name: string; description: string; parameters: ToolSchema };
}

/** JSON schema of what a tool takes. */
export interface ToolSchema {
	properties: Record<string, { type: string; description?: string }>;
	required?: string[];
}

/** What the model is asked. */
export interface ModelRequest {
	messages: Message[];
	tools: Tool[];
	stream?: boolean;
}

/** What the model answers: words for the user, or calls of the only tool. */
export type Reply =
	| { say: string }
	| { call: Record<string, unknown> }
	| { calls: Array<Record<string, unknown>> };

/** Decides what the model answers. */
export type Mind = (request: ModelRequest) => Reply;

/** A server that speaks the chat-completions API; who thinks is a function of the test. */
export interface Model {
	readonly url: string;
	/** What it was asked, in order. */
	readonly requests: ModelRequest[];
	mind: Mind;
	close(): Promise<void>;
}

export async function startModel(): Promise<Model> {
	const requests: ModelRequest[] = [];
	const model: Model = {
		url: '',
		requests,
		mind: () => ({ say: 'Nothing to do.' }),
		close: async () => {
			server.closeAllConnections();
			server.close();
			await sleep(0);
		},
	};
	const server = createServer((request, response) => {
		void answer(request, response).catch((error: Error) => {
			response.writeHead(500).end(error.message);
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return Object.assign(model, { url: `http://127.0.0.1:${port}/v1` });

	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		if (!request.url?.endsWith('/chat/completions')) {
			response.writeHead(404).end(`There is no ${request.url}`);
			return;
		}
		const asked = JSON.parse(await textOf(request)) as ModelRequest;
		requests.push(asked);
		const message = messageOf(model.mind(asked), asked);
		const finish_reason = message.tool_calls ? 'tool_calls' : 'stop';
		response.writeHead(200, { 'content-type': 'application/json' });
		response.end(
			JSON.stringify({
				id: `chatcmpl-${requests.length}`,
				object: 'chat.completion',
				created: Math.floor(Date.now() / 1000),
				model: 'local',
				choices: [{ index: 0, message, finish_reason }],
				usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
			}),
		);
	}
}

/** The last thing that a tool has said. */
export function lastToolAnswer({ messages }: ModelRequest): string | undefined {
	const last = messages.at(-1);
	return last?.role === 'tool' ? (last.content ?? '') : undefined;
}

function messageOf(reply: Reply, { tools, messages }: ModelRequest) {
	if ('say' in reply) return { role: 'assistant', content: reply.say };
	const calls = 'calls' in reply ? reply.calls : [reply.call];
	const tool_calls = calls.map((given, index) => ({
		id: `call_${messages.length}_${index}`,
		type: 'function',
		function: { name: tools[0].function.name, arguments: JSON.stringify(given) },
	}));
	return { role: 'assistant', content: null, tool_calls };
}

async function textOf(request: IncomingMessage): Promise<string> {
	let text = '';
	for await (const chunk of request) text += String(chunk);
	return text;
}
