import { fastify, type FastifyInstance } from 'fastify';
import type { Fault } from '../faults/fault';
import { parseFaultOrder } from '../faults/schema';
import type { Sandbox } from './sandbox';

/** The path under which a sandbox is controlled over HTTP. */
export const CONTROL_PREFIX = '/_sandbox';

/** What the control routes make use of. */
export type Controlled = Pick<
	Sandbox,
	'fail' | 'outage' | 'pendingFaults' | 'performed' | 'state' | 'reset'
>;

const routes = [
	'POST /_sandbox/faults',
	'GET /_sandbox/faults',
	'POST /_sandbox/outage',
	'GET /_sandbox/performed',
	'GET /_sandbox/state',
	'POST /_sandbox/reset',
];

/** Routes to queue faults, see what was done, and start afresh, for people without code. */
export async function buildControl(sandbox: Controlled): Promise<FastifyInstance> {
	const app = fastify();
	// Whatever its content type: `curl -d` says that JSON is a form.
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => done(null, text));

	app.post(`${CONTROL_PREFIX}/faults`, (request, reply) => {
		const { fault, match } = parseFaultOrder(readJson(request.body));
		sandbox.fail(fault, match);
		return reply.code(201).send({ pending: sandbox.pendingFaults });
	});
	app.get(`${CONTROL_PREFIX}/faults`, () => ({ pending: sandbox.pendingFaults }));
	app.post(`${CONTROL_PREFIX}/outage`, (request, reply) => {
		sandbox.outage(readJson(request.body) as Fault | undefined);
		return reply.code(204).send();
	});
	app.get(`${CONTROL_PREFIX}/performed`, () => sandbox.performed);
	app.get(`${CONTROL_PREFIX}/state`, () => sandbox.state);
	app.post(`${CONTROL_PREFIX}/reset`, (_request, reply) => {
		sandbox.reset();
		return reply.code(204).send();
	});

	app.setNotFoundHandler((request, reply) =>
		reply.code(404).send({ error: `There is no ${request.method} ${request.url}.`, routes }),
	);
	app.setErrorHandler((error: Error, _request, reply) =>
		reply.code(400).send({ error: error.message }),
	);
	await app.ready();
	return app;
}

function readJson(text: unknown): unknown {
	try {
		return JSON.parse(String(text ?? ''));
	} catch (error) {
		throw new Error(`The body is not JSON: ${(error as Error).message}`);
	}
}
