import type { INodeProperties } from 'n8n-workflow';

import type { ItemParameters } from './field';
import { isEmpty, isOn, refuse, refuseEmpty, refuseGap } from './values/value';

/** The options of every operation, checked. */
export interface Options {
	/** Whether "has been performed already" counts as success. */
	alreadyPerformedIsSuccess: boolean;
	/** What makes this event of the user's own system one action, in every execution; undefined: not given. */
	idempotencyKey: string | undefined;
	/** Whether the output holds the fields of the input item. */
	includeInputFields: boolean;
	/** How often one item is tried again. */
	maxRetries: number;
	/** Mean pause between two people of an account, in milliseconds. */
	pause: number;
	/** Wait before the first retry, in milliseconds. */
	retryWait: number;
}

/** A pace that LinkedIn has no reason to notice is about a minute; this is for a list of a few people. In seconds. */
export const DEFAULT_DELAY = 10;

/** A day, in seconds; timers cannot wait for much more than two weeks. */
const LONGEST_DELAY = 86_400;

/** The collection "Options", the same for all operations. */
export const optionsProperty: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Already Performed Is Success',
			name: 'alreadyPerformedIsSuccess',
			type: 'boolean',
			default: false,
			description:
				'Whether what had been done before counts as performed, perhaps with another stage or without a message',
		},
		{
			displayName: 'Delay Between Requests',
			name: 'delayBetweenRequests',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 1 },
			default: DEFAULT_DELAY,
			description:
				'Pause between people of an account, varied at random by up to half. A careful pace for LinkedIn is about a minute.',
			hint: 'Seconds',
			builderHint: { propertyHint: '60 for more than 20 people' },
		},
		{
			displayName: 'Idempotency Key',
			name: 'idempotencyKey',
			type: 'string',
			default: '',
			placeholder: 'e.g. {{ $json.event_id }}',
			description:
				'The ID of an event of your ATS, or of a row: performed once for the same person and action, in every execution',
		},
		{
			displayName: 'Include Input Fields',
			name: 'includeInputFields',
			type: 'boolean',
			default: true,
			description: 'Whether to output the fields of the input too; what was done is in "postpress"',
		},
		{
			displayName: 'Max Retries',
			name: 'maxRetries',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 10, numberPrecision: 0 },
			default: 2,
			description:
				'How often to try again when the network or PostPress fails. No action is performed twice.',
		},
		{
			displayName: 'Retry Wait',
			name: 'retryWait',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 30, numberPrecision: 1 },
			default: 1,
			description: 'Wait before the first retry, then doubled',
			hint: 'Seconds',
		},
	],
};

/**
 * Checks the options for one item.
 *
 * By "Batching" of `requestOptions`, the collection that n8n adds to every declarative node, n8n hands the items
 * over slowly; where the node then sends them one after another, it keeps that pace as well.
 *
 * @throws ValueRefused if an expression gave an option a value that it cannot have
 */
export function readOptions({ get, gapIn }: ItemParameters): Options {
	const collection = get('options');
	const options = (isObject(collection) ? collection : {}) as Record<string, unknown>;
	const isSet = (name: string, displayName: string) =>
		!isEmpty(options[name]) && isOn(options[name], displayName);
	const delay = number(
		options.delayBetweenRequests,
		'Delay Between Requests',
		DEFAULT_DELAY,
		LONGEST_DELAY,
	);
	return {
		alreadyPerformedIsSuccess: isSet('alreadyPerformedIsSuccess', 'Already Performed Is Success'),
		idempotencyKey: 'idempotencyKey' in options ? key(options.idempotencyKey, gapIn) : undefined,
		includeInputFields: isSet('includeInputFields', 'Include Input Fields'),
		maxRetries: Math.floor(number(options.maxRetries, 'Max Retries', 2, 10)),
		pause: Math.max(delay * 1000, batchingPause(get('requestOptions'))),
		retryWait: number(options.retryWait, 'Retry Wait', 1, 30) * 1000,
	};
}

function key(value: unknown, gapIn: ItemParameters['gapIn']): string {
	const displayName = 'Idempotency Key';
	const advice = 'Give the ID of the event or row, or remove the option.';
	if (isEmpty(value)) refuseEmpty(displayName, advice);
	if (typeof value !== 'string' && !(Number.isFinite(value) && Number(value) < 2 ** 53)) {
		refuse(displayName, value, 'is neither text nor an exact number');
	}
	refuseGap(displayName, gapIn('options.idempotencyKey'), advice);
	return String(value).trim();
}

function number(value: unknown, displayName: string, fallback: number, max: number): number {
	if (isEmpty(value)) return fallback;
	const parsed = typeof value === 'string' || typeof value === 'number' ? Number(value) : NaN;
	if (!(parsed >= 0 && parsed <= max)) {
		refuse(displayName, value, `is not a number from 0 to ${max}`);
	}
	return parsed;
}

/** "2 items every 1000 ms" is a pause of 500 ms after each. */
function batchingPause(requestOptions: unknown): number {
	const { batching } = (isObject(requestOptions) ? requestOptions : {}) as {
		batching?: { batch?: { batchSize?: unknown; batchInterval?: unknown } };
	};
	const { batchSize, batchInterval } = batching?.batch ?? {};
	const pause = Math.max(0, Number(batchInterval)) / Math.max(1, Number(batchSize) || 1);
	return Math.min(pause || 0, LONGEST_DELAY * 1000);
}

function isObject(value: unknown): value is object {
	return typeof value === 'object' && value !== null;
}
