import type { IncomingMessage, ServerResponse } from 'node:http';
import {
	fastify,
	type FastifyInstance,
	type FastifyReply,
	type FastifyRequest,
	type preHandlerAsyncHookHandler,
} from 'fastify';
import { fastifyOpenapiGlue } from 'fastify-openapi-glue';
import { contractWithout, type Endpoint, type OperationId } from '../contract/contract';
import { flatEnvelope } from '../contract/envelope';
import { errorAnswer } from './errorAnswer';
import { isObject, parseJson } from './json';
import { keyCheck } from './keyCheck';
import type { Call } from '../state/operations';
import { prepareValidation } from './requestInput';
import { sendAnswer, sendReaction } from './send';
import { serve, type Pace } from './serve';
import type { RecordedRequest } from '../state/traffic';
import type { Arrival } from '../state/world';

/** The path under which the API lives. */
export const API_PREFIX = '/v1';

/** A request that has arrived, and the sandbox that it is for. */
export interface Visit extends Arrival {
	/** The key that it must bring. */
	apiKey: string;
	pace: Pace;
}

const visits = new WeakMap<IncomingMessage, Visit>();

const visitOf = ({ raw }: FastifyRequest) => visits.get(raw)!;

/** Lets a request into an app. */
export function route(
	app: FastifyInstance,
	request: IncomingMessage,
	response: ServerResponse,
	visit: Visit,
): void {
	visits.set(request, visit);
	app.routing(request, response);
}

const apps = new Map<string, Promise<FastifyInstance>>();

/**
 * The API on HTTP without some of its endpoints. It is made from the contract, which takes longer than anything
 * else about a sandbox, and holds nothing of one: all sandboxes of a process share it.
 */
export async function appWithout(endpoints: readonly Endpoint[]): Promise<FastifyInstance> {
	const absent = [...endpoints].sort();
	const name = absent.join();
	const app = apps.get(name) ?? buildApp(absent);
	apps.set(name, app);
	return await app;
}

/** Routes, validation and security are made from the contract. */
async function buildApp(without: readonly Endpoint[]): Promise<FastifyInstance> {
	const app = fastify({
		exposeHeadRoutes: false,
		routerOptions: { maxParamLength: 4096 },
		frameworkErrors: (_error, request, reply) => {
			const { exchange, world } = visitOf(request as FastifyRequest);
			const answer = flatEnvelope('unescaped_characters', exchange.record.requestId);
			world.traffic.leave(exchange, answer.status);
			void sendAnswer(reply as FastifyReply, answer);
		},
		ajv: {
			customOptions: {
				allErrors: true,
				coerceTypes: false,
				discriminator: true,
				removeAdditional: false,
				strict: false,
				useDefaults: false,
			},
		},
	});
	app.setSerializerCompiler(() => JSON.stringify);
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', { parseAs: 'string' }, (request, text, done) => {
		visitOf(request).exchange.record.rawBody = text as string;
		done(null, text);
	});

	// The key is checked before the contract, as a stranger is told nothing about the parameters.
	app.addHook('onRoute', (options) => {
		const checkKey = options.preHandler as preHandlerAsyncHookHandler;
		options.preHandler = undefined;
		options.preValidation = [identify, checkKey, prepareValidation];
	});
	app.addHook('onSend', async (request, reply, payload) => {
		const { exchange, world } = visitOf(request);
		world.traffic.leave(exchange, reply.statusCode);
		return payload;
	});
	app.setNotFoundHandler((request, reply) => {
		const [path] = request.raw.url?.split('?', 1) ?? [''];
		return reply.code(404).type('text/plain').send(`Cannot ${request.method} ${path}\n`);
	});
	app.setErrorHandler((error, request, reply) => {
		const { record } = visitOf(request).exchange;
		return sendAnswer(reply, errorAnswer(error, record.requestId));
	});

	await app.register(fastifyOpenapiGlue, {
		specification: contractWithout(without),
		prefix: API_PREFIX,
		securityHandlers: keyCheck((request) => visitOf(request).apiKey),
		operationResolver: (operationId) => async (request: FastifyRequest, reply: FastifyReply) => {
			const visit = visitOf(request);
			const call = callOf(request, visit.exchange.record);
			const reaction = await serve(operationId as OperationId, call, visit, visit.pace);
			return sendReaction(reply, reaction, visit);
		},
	});
	await app.ready();
	return app;

	/** Notes whom the request is about, as far as it says so. */
	async function identify(request: FastifyRequest): Promise<void> {
		const { exchange, world } = visitOf(request);
		const { record } = exchange;
		record.operation = operationOf(request);
		record.userId = subjectOf(request);
		const body = (record.body = parseJson(record.rawBody));
		const { account_id } = (isObject(body) ? body : request.query) as { account_id?: unknown };
		if (isObject(body) && typeof body.action === 'string') record.action = body.action;
		if (typeof account_id === 'string') world.traffic.identify(exchange, account_id);
	}
}

function callOf({ query, body }: FastifyRequest, record: RecordedRequest): Call {
	const { userId: subject = '', idempotencyKey } = record;
	return { subject, query: query as Call['query'], body, idempotencyKey };
}

function operationOf(request: FastifyRequest): OperationId | undefined {
	const schema = request.routeOptions.schema as { operationId?: OperationId } | undefined;
	return schema?.operationId;
}

function subjectOf(request: FastifyRequest): string | undefined {
	const { user_id, identifier } = request.params as Record<string, string | undefined>;
	return user_id ?? identifier;
}
