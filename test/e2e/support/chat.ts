import type { Bench } from './bench';
import { eventually } from '../../../harness/eventually';

/** What n8n writes into a chat: words, or a question with buttons. */
export interface ChatMessage {
	text: string;
	buttons: Array<{ text: string; link: string }>;
}

/** n8n takes whoever has no name of a browser for a robot that follows links, and lets it press nothing. */
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** One question to a published chat, and what follows, as n8n's chat page speaks to n8n. */
export class Conversation {
	private readonly heard: ChatMessage[] = [];

	private constructor(
		private readonly socket: WebSocket,
		readonly sessionId: string,
	) {
		socket.addEventListener('message', ({ data }) => this.hear(String(data)));
	}

	/** Says something as the owner who is signed in; a session goes on where it has ended. */
	static async start(
		{ url, rest }: Bench,
		path: string,
		text: string,
		sessionId: string = crypto.randomUUID(),
	): Promise<Conversation> {
		const { name, value } = rest.session;
		const response = await fetch(`${url}/webhook/${path}/chat`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', cookie: `${name}=${value}` },
			body: JSON.stringify({ action: 'sendMessage', sessionId, chatInput: text }),
		});
		const started = (await response.json()) as { executionId: string; resumeToken: string };
		const { executionId, resumeToken: token } = started;
		const query = new URLSearchParams({ sessionId, executionId, token, isPublic: 'true' });
		const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/chat?${query}`);
		return new Conversation(socket, sessionId);
	}

	/** Waits for what n8n says next. */
	next(): Promise<ChatMessage> {
		return eventually(() => {
			const message = this.heard.shift();
			if (!message) throw new Error('n8n has said nothing');
			return message;
		}, 30_000);
	}

	/** Types an answer. */
	say(text: string): void {
		const { sessionId } = this;
		this.socket.send(JSON.stringify({ action: 'sendMessage', sessionId, chatInput: text }));
	}

	/** Presses a button of a message. */
	async press({ buttons }: ChatMessage, label: string): Promise<void> {
		const button = buttons.find(({ text }) => text === label);
		if (!button) throw new Error(`There is no button "${label}"`);
		await fetch(button.link, { headers: { 'user-agent': BROWSER } });
	}

	/** Leaves the chat. */
	close(): void {
		this.socket.close();
	}

	private hear(data: string): void {
		if (data === 'n8n|heartbeat') this.socket.send('n8n|heartbeat-ack');
		else if (data.startsWith('{')) this.heard.push(JSON.parse(data) as ChatMessage);
		else if (data !== 'n8n|continue') this.heard.push({ text: data, buttons: [] });
	}
}
