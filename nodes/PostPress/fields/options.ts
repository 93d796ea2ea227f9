import type { INodeProperties } from 'n8n-workflow';

import { isEmpty, isOn, refuse } from './values/value';

/** The options of every operation, checked; times in milliseconds. */
export interface ActionOptions {
	/** Whether "has been performed already" counts as success. */
	alreadyPerformedIsSuccess: boolean;
	/** Mean pause between two requests of an account, in milliseconds. */
	pause: number;
	/** How often one item is tried again. */
	maxRetries: number;
	/** Wait before the first retry, in milliseconds. */
	retryWait: number;
	/** Whether to show the request instead of sending it. */
	previewOnly: boolean;
}

/** A day, in seconds; timers cannot wait for much more than two weeks. */
const LONGEST_PAUSE = 86_400;

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
				'Whether an item counts as performed when PostPress answers that the action had been performed before, even if with other values',
		},
		{
			displayName: 'Delay Between Requests (Seconds)',
			name: 'delayBetweenRequests',
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 1 },
			default: 0,
			description:
				'Pause between two requests of the same account, varied at random by up to half. A careful pace for LinkedIn is about a minute.',
		},
		{
			displayName: 'Max Retries',
			name: 'maxRetries',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 10, numberPrecision: 0 },
			default: 2,
			description:
				'How often to try an item again when the network or PostPress fails for the moment. No action is performed twice.',
		},
		{
			displayName: 'Preview Only',
			name: 'previewOnly',
			type: 'boolean',
			default: false,
			description: 'Whether to output the requests instead of sending them',
		},
		{
			displayName: 'Retry Wait (Seconds)',
			name: 'retryWait',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 30, numberPrecision: 1 },
			default: 1,
			description: 'Wait before the first retry, doubled before each further one',
		},
	],
};

/**
 * Checks the options for one item.
 *
 * @param collection value of the collection `options`
 * @param requestOptions value of the collection that n8n adds to every declarative node; its "Batching"
 *   has no other effect on a node that sends one request at a time, so it counts as a pause
 * @throws ActionFailed if an expression gave an option a value that it cannot have
 */
export function readOptions(collection: unknown, requestOptions: unknown): ActionOptions {
	const options = (isObject(collection) ? collection : {}) as Record<string, unknown>;
	return {
		alreadyPerformedIsSuccess: isOn(
			options.alreadyPerformedIsSuccess,
			'Already Performed Is Success',
		),
		pause: Math.max(
			number(options.delayBetweenRequests, 'Delay Between Requests', 0, LONGEST_PAUSE) * 1000,
			batchingPause(requestOptions),
		),
		maxRetries: Math.floor(number(options.maxRetries, 'Max Retries', 2, 10)),
		retryWait: number(options.retryWait, 'Retry Wait', 1, 30) * 1000,
		previewOnly: isOn(options.previewOnly, 'Preview Only'),
	};
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
	return Math.min(pause || 0, LONGEST_PAUSE * 1000);
}

function isObject(value: unknown): value is object {
	return typeof value === 'object' && value !== null;
}
