import type { IDataObject, INodeParameters, OnError } from 'n8n-workflow';

import { byId } from '../../harness/locators';
import { errorTypes } from '../../sandbox/contract';
import type { Fault, IdempotencyKeys } from '../../sandbox';
import { randomFrom, type Random } from './random';

/** One person in a batch, and what the sandbox will do to the requests for them. */
export interface Person {
	/** Unique in the scenario, so that requests can be told apart. */
	userId: string;
	accountId: string;
	/** In the order of the requests; after them, requests are answered properly. */
	faults: Fault[];
	/** The parameter is one that the node has to refuse. */
	isInvalid: boolean;
}

/** Everything that a run is made of. */
export interface Scenario {
	seed: number;
	people: Person[];
	/** Parameters of the node, without the options. */
	parameters: INodeParameters;
	options: IDataObject;
	onError: OnError;
	/** n8n's own Retry On Fail: 0 if it is off. */
	maxTries: number;
	/** How PostPress treats the key; where it ignores it, a repeat is refused as already performed. */
	idempotencyKeys: IdempotencyKeys;
	/** The execution is stopped when so many requests have arrived; undefined if it is not stopped. */
	stopAfterRequests?: number;
	/** Milliseconds that PostPress takes for each request. */
	latencyMs: number;
}

/** After how many milliseconds a request without an answer is given up. On a busy machine that happens to any. */
export const TIMEOUT = 500;

/** The action is performed, and answered, after the client has given up. */
const late: Fault = { kind: 'latency', ms: 2 * TIMEOUT };

/** Makes the run of a seed: the same seed makes the same run. */
export function scenarioOf(seed: number): Scenario {
	const random = randomFrom(seed);
	const randomLate = randomFrom(-seed);
	const { resource, operation, prefix, fields } = random.pick(OPERATIONS);
	const accounts = random.integer(1, 5);
	// Small batches are where the corner cases are; large ones are where the crowd is.
	const size = Math.round(200 ** random.next());
	const trouble = random.pick([0, 0.05, 0.3, 0.8]);
	const invalid = random.pick([0, 0, 0, 0.05]);

	const people = Array.from(
		{ length: size },
		(_, index): Person => ({
			userId: `${prefix}${seed}-${index}`,
			accountId: `account-${random.integer(1, accounts)}`,
			faults: random.chance(trouble)
				? Array.from({ length: random.integer(1, 4) }, () => faultFrom(random))
				: [],
			isInvalid: random.chance(invalid),
		}),
	);
	for (const { faults } of people) {
		if (faults.length > 0 && randomLate.chance(0.01)) {
			faults[randomLate.integer(0, faults.length - 1)] = late;
		}
	}
	return {
		seed,
		people,
		parameters: {
			resource,
			operation,
			...fields,
			accountId: byId('={{ $json.accountId }}'),
			userId: byId('={{ $json.userId }}'),
		},
		options: {
			maxRetries: random.integer(0, 4),
			retryWait: random.pick([0, 0, 0.001]),
			delayBetweenRequests: random.pick([0, 0, 0, 0.001]),
			alreadyPerformedIsSuccess: random.chance(0.2),
		},
		onError: random.pick(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput']),
		maxTries: random.chance(0.4) ? random.integer(2, 3) : 0,
		idempotencyKeys: random.chance(0.6) ? 'honour' : 'ignore',
		stopAfterRequests: random.chance(0.15) ? random.integer(1, size) : undefined,
		latencyMs: random.pick([0, 0, 0, 1]),
	};
}

const project = { hiringProjectId: byId('project') };

const OPERATIONS = [
	{
		resource: 'candidate',
		operation: 'addToPipeline',
		prefix: 'AEM',
		fields: { ...project, stage: 'CONTACTED' },
	},
	{
		resource: 'candidate',
		operation: 'changeStage',
		prefix: 'AEM',
		fields: { ...project, stage: 'REPLIED' },
	},
	{
		resource: 'applicant',
		operation: 'addToPipeline',
		prefix: 'AEM',
		fields: { ...project, stage: 'UNCONTACTED' },
	},
	{
		resource: 'applicant',
		operation: 'reject',
		prefix: 'AEM',
		fields: {
			...project,
			reason: 'MORE_QUALIFIED_CANDIDATES',
			notifyApplicant: true,
			rejectionMessage: 'Thank you for your interest.',
			// Another time, and so another request, whenever n8n evaluates it anew.
			sendNotificationAt: '={{ $now.plus({ days: 1 }) }}',
		},
	},
	{
		resource: 'lead',
		operation: 'save',
		prefix: 'ACw',
		fields: { listId: byId('7154321558885357524') },
	},
];

// "Already performed" is true or it is not; the sandbox says it when it is.
const types = [...errorTypes.values()].filter(
	({ type }) => type !== 'errors/action_already_performed',
);

/** Everything that can come instead of a proper answer. */
function faultFrom(random: Random): Fault {
	// Only a server error can come after the action was performed; a refusal means what it says.
	const performs = random.chance(0.5);
	const when = performs ? 'after' : 'before';
	switch (random.integer(1, 12)) {
		case 1:
			return { kind: 'drop', when };
		case 2:
			return random.chance(0.1) ? { kind: 'hang', when } : { kind: 'drop', when };
		case 3:
			return { kind: 'html', status: random.pick([502, 504, 520]), performs };
		case 4:
			return { kind: 'emptyBody', status: random.pick([200, 204, 500, 502]), performs };
		case 5:
			return { kind: 'truncatedJson', cutConnection: random.chance(0.5), performs };
		case 6:
			return { kind: 'successFalse' };
		case 7:
			return { kind: 'rateLimit', ...random.pick([{}, { retryAfterSeconds: 0 }]) };
		case 8:
			return { kind: 'html', status: random.pick([400, 403, 404, 503]) };
		case 9:
			return { kind: 'latency', ms: 0 };
		case 10:
			return {
				kind: 'apiError',
				type: random.pick(['provider_error', 'unexpected_error', 'request_timeout']),
				nested: random.chance(0.3),
				performs,
			};
		default: {
			const { type } = random.pick(types);
			return { kind: 'apiError', type, nested: random.chance(0.2) };
		}
	}
}
