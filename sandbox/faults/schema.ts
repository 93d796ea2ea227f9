import { z } from 'zod';
import { errorTypes } from '../contract/contract';
import { fullType } from '../contract/envelope';
import type { Fault } from './fault';
import type { FaultMatch } from './queue';

const status = z.number().int().min(200).max(599);
const headers = z.record(z.string());
const performs = z.boolean().optional();
const nested = z.boolean().optional();
const when = z.enum(['before', 'after']);

const kinds = z.discriminatedUnion('kind', [
	z.strictObject({
		kind: z.literal('apiError'),
		type: z.string().min(1),
		status: status.optional(),
		title: z.string().optional(),
		detail: z.string().nullish(),
		instance: z.string().nullish(),
		nested,
		headers: headers.optional(),
		performs,
	}),
	z.strictObject({
		kind: z.literal('rateLimit'),
		retryAfterSeconds: z.number().nonnegative().optional(),
		format: z.enum(['seconds', 'date']).optional(),
		nested,
	}),
	z.strictObject({ kind: z.literal('drop'), when }),
	z.strictObject({ kind: z.literal('hang'), when }),
	z.strictObject({ kind: z.literal('html'), status: status.optional(), performs }),
	z.strictObject({ kind: z.literal('emptyBody'), status: status.optional(), performs }),
	z.strictObject({
		kind: z.literal('truncatedJson'),
		cutConnection: z.boolean().optional(),
		performs,
	}),
	z.strictObject({ kind: z.literal('successFalse'), performs }),
	z.strictObject({ kind: z.literal('latency'), ms: z.number().nonnegative() }),
	z.strictObject({
		kind: z.literal('raw'),
		status,
		headers: headers.optional(),
		body: z.unknown(),
		performs,
	}),
]);

const fault: z.ZodType<Fault> = kinds.superRefine((value, context) => {
	if (value.kind !== 'apiError' || value.status !== undefined) return;
	if (errorTypes.has(fullType(value.type))) return;
	context.addIssue({
		code: 'custom',
		path: ['type'],
		message: `"${value.type}" is not a documented error type; give it a status to use it anyway`,
	});
});

const match: z.ZodType<FaultMatch> = z.strictObject({
	operation: z.string().optional(),
	userId: z.string().optional(),
	accountId: z.string().optional(),
	action: z.string().optional(),
	after: z.number().int().nonnegative().optional(),
	times: z
		.union([z.number().int().positive(), z.literal(Infinity), z.literal('always')])
		.optional(),
});

const order = z.strictObject({ fault, match: match.optional() });

/** A fault and the requests that it is for, as the control route takes it. */
export interface FaultOrder {
	fault: Fault;
	match?: FaultMatch;
}

/** Checks a fault order from outside; the error names every field that is wrong. */
export function parseFaultOrder(value: unknown): FaultOrder {
	return parse(order, value);
}

/** Checks a fault from outside; the error names every field that is wrong. */
export function parseFault(value: unknown): Fault {
	return parse(fault, value);
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
	const result = schema.safeParse(value);
	if (result.success) return result.data;
	const problems = result.error.issues.map(({ path, message }) =>
		path.length > 0 ? `${path.join('.')}: ${message}` : message,
	);
	throw new Error(`Not a fault: ${problems.join('; ')}.`);
}
