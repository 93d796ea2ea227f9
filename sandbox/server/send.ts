import type { FastifyReply } from 'fastify';
import type { Answer } from '../contract/answer';
import { jsonAnswer, type Reaction } from '../faults/reaction';
import type { Arrival } from '../state/world';

/** Puts an answer on the wire, or does to the connection what a fault wants. */
export function sendReaction(
	reply: FastifyReply,
	reaction: Reaction,
	{ world, exchange }: Arrival,
): FastifyReply {
	if (reaction === 'dropped') {
		world.traffic.leave(exchange, 'dropped');
		reply.hijack();
		reply.raw.destroy();
		return reply;
	}
	if (reaction === 'hung') {
		exchange.record.answered ??= 'hung';
		return reply.hijack();
	}
	const { status, headers, body, cutAfter } = reaction;
	if (cutAfter !== undefined) {
		world.traffic.leave(exchange, status);
		reply.hijack();
		reply.raw.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
		reply.raw.write(body.slice(0, cutAfter), () => reply.raw.destroy());
		return reply;
	}
	return reply
		.code(status)
		.headers(headers)
		.send(body || undefined);
}

/** Answers in JSON. */
export function sendAnswer(reply: FastifyReply, answer: Answer): FastifyReply {
	const { status, headers, body } = jsonAnswer(answer);
	return reply.code(status).headers(headers).send(body);
}
