import { createHmac } from 'node:crypto';
import type { WorkflowFile } from '../../../harness/app/rest';
import type { Answer, Asked } from './elsewhere';
import { nodeOf, readExample, samplesOf, type Wanted } from './examples';

/* eslint-disable-next-line @typescript-eslint/no-explicit-any -- what somebody else has made up */
export type Body = any;

/** What an ATS posts. */
export interface Post {
	headers: Record<string, string>;
	text: string;
}

/** An ATS, as an example workflow meets it. */
export interface Ats {
	/** The node that its deliveries come in by. */
	readonly trigger: string;
	readonly credentials: Wanted[];
	/** Where its own API is, if the example asks it. */
	readonly host?: string;
	/** What has to be set besides credentials and words. */
	fillIn?(example: WorkflowFile): void;
	/** Writes a body and signs it; a forger has another secret. */
	sign(body: Body, secret?: string): Post;
	/** Its API, which knows the people of the samples and wants the key. */
	answer(asked: Asked): Answer | undefined;
	/** Where the example reads a person's stage. */
	readonly stageIsIn: 'delivery' | 'answer';
	/** Writes another stage there. */
	move(stage: string, into: Body): void;
}

const SECRET = 'a long random text that somebody made up';
const API_KEY = 'key-of-the-ats';
const BASIC = `Basic ${Buffer.from(`${API_KEY}:`).toString('base64')}`;

const hmac = (secret: string, text: string) =>
	createHmac('sha256', secret).update(text).digest('hex');

/** Not as n8n would write it again: what counts are the bytes that came. */
const write = (body: Body) => (typeof body === 'string' ? body : JSON.stringify(body, null, 1));

const cryptoSecret = (name: string, hmacSecret = SECRET): Wanted => ({
	name,
	type: 'crypto',
	data: { hmacSecret },
});
const basicAuth = (name: string): Wanted => ({
	name,
	type: 'httpBasicAuth',
	data: { user: API_KEY, password: '' },
});

/** Answers with what is pinned to some nodes of an example; asks for the key first. */
function knownPeople(
	file: string,
	nodes: string[],
	authorization: string,
	idIn: (pinned: Body) => string,
): (asked: Asked) => Answer | undefined {
	const example = readExample(file);
	return ({ url, headers, body }) => {
		if (headers.authorization !== authorization) return { status: 401, body: {} };
		const wanted = String(body?.id ?? url.pathname.split('/').at(-1));
		const found = nodes
			.flatMap((name) => samplesOf<Body>(example, name))
			.find((pinned) => idIn(pinned) === wanted);
		return found && { body: found };
	};
}

const ashbyPeople = knownPeople('ashby.json', ['Candidate'], BASIC, ({ results }) => results.id);

const leverToken = { stage: 'token of stage changes', archive: 'token of archiving' };

/** Workable tells whoever has subscribed. */
const subscriptions: string[] = [];
const workablePeople = knownPeople(
	'workable.json',
	['Candidate'],
	`Bearer ${API_KEY}`,
	({ candidate }) => candidate.id,
);

/** Where n8n has told Workable to send its events. */
export const workableTarget = () => subscriptions.at(-1) ?? '';

/** The four of them, by the file of their example. */
export const ATS: Record<string, Ats> = {
	'greenhouse.json': {
		trigger: 'Greenhouse',
		credentials: [cryptoSecret('Greenhouse secret key')],
		sign(body, secret = SECRET) {
			const text = write(body);
			return { text, headers: { signature: `sha256 ${hmac(secret, text)}` } };
		},
		answer: () => undefined,
		stageIsIn: 'delivery',
		move: (stage, body) => (body.payload.application.current_stage.name = stage),
	},
	'ashby.json': {
		trigger: 'Ashby',
		credentials: [cryptoSecret('Ashby secret token'), basicAuth('Ashby API key')],
		host: 'api.ashbyhq.com',
		sign(body, secret = SECRET) {
			const text = write(body);
			return { text, headers: { 'ashby-signature': `sha256=${hmac(secret, text)}` } };
		},
		// Ashby answers 200 to whatever it can read.
		answer: (asked) =>
			ashbyPeople(asked) ?? { body: { success: false, errors: ['candidate_not_found'] } },
		stageIsIn: 'delivery',
		move: (stage, body) => (body.data.application.currentInterviewStage.title = stage),
	},
	'lever.json': {
		trigger: 'Lever',
		credentials: [
			cryptoSecret('Lever signature token (stage)', leverToken.stage),
			cryptoSecret('Lever signature token (archive)', leverToken.archive),
			basicAuth('Lever API key'),
		],
		host: 'api.lever.co',
		sign(body, secret) {
			if (typeof body === 'string') return { text: body, headers: {} };
			const { event, token, triggeredAt } = body;
			const own = event === 'candidateArchiveChange' ? leverToken.archive : leverToken.stage;
			const signature = hmac(secret ?? own, `${token}${triggeredAt}`);
			return { text: write({ ...body, signature }), headers: {} };
		},
		answer: knownPeople(
			'lever.json',
			['Opportunity', 'Archive reason'],
			BASIC,
			({ data }) => data.id,
		),
		stageIsIn: 'answer',
		move: (stage, answer) => (answer.data.stage.text = stage),
	},
	'workable.json': {
		trigger: 'Workable',
		credentials: [
			{
				name: 'Workable account',
				type: 'workableApi',
				data: { subdomain: 'lumen-freight', accessToken: API_KEY },
			},
		],
		host: 'lumen-freight.workable.com',
		fillIn(example) {
			const { parameters } = nodeOf(example, 'Candidate');
			parameters.url = String(parameters.url).replace('your-subdomain', 'lumen-freight');
		},
		sign: (body) => ({ text: write(body), headers: {} }),
		answer(asked) {
			const { method, url, body } = asked;
			if (!url.pathname.startsWith('/spi/v3/subscriptions')) return workablePeople(asked);
			if (method === 'GET') return { body: { subscriptions: [] } };
			if (method === 'POST') subscriptions.push(String(body?.target));
			return { body: { id: subscriptions.length } };
		},
		stageIsIn: 'answer',
		move: (stage, answer) => (answer.candidate.stage = stage),
	},
};
