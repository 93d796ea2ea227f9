import type { IncomingMessage } from 'node:http';
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

/** What the HTTP layer needs to know. */
export interface AppSettings {
	apiKey: string;
	without: readonly Endpoint[];
	pace: Pace;
	/** Finds the arrival of a request. */
	arrivalOf(request: IncomingMessage): Arrival;
}

/** The API on HTTP: routes, validation and security are made from the contract. */
export async function buildApp(settings: AppSettings): Promise<FastifyInstance> {
	const { apiKey, without, pace } = settings;
	const arrivalOf = (request: FastifyRequest) => settings.arrivalOf(request.raw);

	const app = fastify({
		exposeHeadRoutes: false,
		routerOptions: { maxParamLength: 4096 },
		frameworkErrors: (_error, request, reply) => {
			const { exchange, world } = arrivalOf(request as FastifyRequest);
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
		arrivalOf(request).exchange.record.rawBody = text as string;
		done(null, text);
	});

	// The key is checked before the contract, as a stranger is told nothing about the parameters.
	app.addHook('onRoute', (route) => {
		const checkKey = route.preHandler as preHandlerAsyncHookHandler;
		route.preHandler = undefined;
		route.preValidation = [identify, checkKey, prepareValidation];
	});
	app.addHook('onSend', async (request, reply, payload) => {
		const { exchange, world } = arrivalOf(request);
		world.traffic.leave(exchange, reply.statusCode);
		return payload;
	});
	app.setNotFoundHandler((request, reply) => {
		const [path] = request.raw.url?.split('?', 1) ?? [''];
		return reply.code(404).type('text/plain').send(`Cannot ${request.method} ${path}\n`);
	});
	app.setErrorHandler((error, request, reply) => {
		const { record } = arrivalOf(request).exchange;
		return sendAnswer(reply, errorAnswer(error, record.requestId));
	});

	await app.register(fastifyOpenapiGlue, {
		specification: contractWithout(without),
		prefix: API_PREFIX,
		securityHandlers: keyCheck(apiKey),
		operationResolver: (operationId) => async (request: FastifyRequest, reply: FastifyReply) => {
			const arrival = arrivalOf(request);
			const call = callOf(request, arrival.exchange.record);
			return sendReaction(
				reply,
				await serve(operationId as OperationId, call, arrival, pace),
				arrival,
			);
		},
	});
	await app.ready();
	return app;

	/** Notes whom the request is about, as far as it says so. */
	async function identify(request: FastifyRequest): Promise<void> {
		const { exchange, world } = arrivalOf(request);
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
