import type { IDataObject, INodeParameters, OnError } from 'n8n-workflow';

import { byId } from '../../harness/locators';
import { errorTypes } from '../../sandbox/contract';
import type { Fault, FaultMatch, IdempotencyKeys } from '../../sandbox';
import { randomFrom, type Random } from './random';
import { STOPPING } from '../support/stoppingTypes';

/** One person in a batch, and what the sandbox will do to the requests for them. */
export interface Person {
	/** Unique in the scenario, so that requests can be told apart. */
	userId: string;
	accountId: string;
	/** In the order of the requests; after them, requests are answered properly. */
	faults: Fault[];
	/** The parameter is one that the node has to refuse. */
	isInvalid: boolean;
	/** Somebody else has done the same before. */
	isDoneBefore: boolean;
}

/** Everything that a run is made of. */
export interface Scenario {
	seed: number;
	/** The items of each execution; all of them begin at the same time. */
	batches: Person[][];
	/**
	 * Whether the second batch is the first once more: an event that was delivered twice, under one key of the
	 * option "Idempotency Key".
	 */
	isTwice: boolean;
	/** How often the whole is run again when it is over, under the same keys of the option. */
	repeats: number;
	/** How often an execution that has failed is run again by n8n's *Executions > Retry*. */
	retries: number;
	/** Faults for everybody, or for an account, which come before those of the people. */
	common: Array<{ fault: Fault; match: FaultMatch }>;
	/** What is in the way for everybody, from a request on. */
	isOutage: boolean;
	/** Parameters of the node, without the options. */
	parameters: INodeParameters;
	/** The body of the request that they make, as far as it is the same for everybody. */
	body: IDataObject;
	/** In seconds: half of it is the least pause between two people. */
	delay: number;
	options: IDataObject;
	onError: OnError;
	/** n8n's own Retry On Fail: 0 if it is off. */
	maxTries: number;
	/** The credential cannot be read when so many requests have arrived. */
	credentialBreaksAfter?: number;
	/** How PostPress treats the key. */
	idempotencyKeys: IdempotencyKeys;
	/** The first execution is stopped when so many requests have arrived; undefined if it is not stopped. */
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
	const { resource, operation, prefix, fields, body } = random.pick(OPERATIONS);
	const accounts = random.integer(1, 5);
	// Small batches are where the corner cases are; large ones are where the crowd is.
	const size = Math.round(200 ** random.next());
	const trouble = random.pick([0, 0.05, 0.3, 0.8]);
	const invalid = random.pick([0, 0, 0, 0.05]);
	const before = random.pick([0, 0, 0, 0.2]);
	const accountOf = (index: number) => `account-${index}`;

	const batch = (name: string, length: number) =>
		Array.from(
			{ length },
			(_, index): Person => ({
				userId: `${prefix}${seed}-${name}${index}`,
				accountId: accountOf(random.integer(1, accounts)),
				faults: random.chance(trouble)
					? Array.from({ length: random.integer(1, 4) }, () => faultFrom(random))
					: [],
				isInvalid: random.chance(invalid),
				isDoneBefore: random.chance(before),
			}),
		);
	const isKeyed = random.chance(0.25);
	const isTwice = isKeyed && random.chance(0.4);
	const isPair = isTwice || random.chance(0.2);
	const first = batch('', size);
	const second = isTwice ? first : batch('x', random.integer(1, 20));
	const batches = isPair ? [first, second] : [first];
	for (const { faults } of new Set(batches.flat())) {
		if (faults.length > 0 && random.chance(0.01)) {
			faults[random.integer(0, faults.length - 1)] = late;
		}
	}

	const isOutage = random.chance(0.1);
	const delay = random.pick([0, 0, 10, 60]);
	return {
		seed,
		batches,
		isTwice,
		repeats: isKeyed && random.chance(0.5) ? random.integer(1, 2) : 0,
		retries: random.integer(0, 3),
		common: [
			...(isOutage ? [outageFrom(random, size)] : []),
			...(random.chance(0.15) ? [stopFrom(random, accountOf(1), size)] : []),
			...(random.chance(0.1) ? [closureFrom(random, accountOf(1), size)] : []),
		],
		isOutage,
		parameters: {
			resource,
			operation,
			...fields,
			accountId: byId('={{ $json.accountId }}'),
			[resource === 'lead' ? 'leadUserId' : 'userId']: byId('={{ $json.userId }}'),
		},
		body,
		delay,
		options: {
			maxRetries: random.integer(0, 4),
			retryWait: random.pick([0, 1, 5]),
			// Ten seconds are what the node takes where nothing is set.
			...(delay !== 10 && { delayBetweenRequests: delay }),
			alreadyPerformedIsSuccess: random.chance(0.2),
			...(isKeyed && { idempotencyKey: '={{ $json.event }}' }),
		},
		onError: random.pick(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput']),
		maxTries: random.chance(0.4) ? random.integer(2, 3) : 0,
		credentialBreaksAfter: random.chance(0.1) ? random.integer(0, size) : undefined,
		idempotencyKeys: random.pick(['honour', 'honour', 'ignore', 'storeErrors']),
		stopAfterRequests: random.chance(0.15) ? random.integer(1, size) : undefined,
		latencyMs: random.pick([0, 0, 0, 1]),
	};
}

const project = { hiringProjectId: byId('project') };

const recruiter = { api: 'recruiter', hiring_project_id: 'project' };

const OPERATIONS = [
	{
		resource: 'candidate',
		operation: 'addToPipeline',
		prefix: 'AEM',
		fields: { ...project, stage: 'CONTACTED' },
		body: { ...recruiter, action: 'addCandidateToPipeline', stage: 'CONTACTED' },
	},
	{
		resource: 'candidate',
		operation: 'changeStage',
		prefix: 'AEM',
		fields: { ...project, newStage: 'REPLIED' },
		body: { ...recruiter, action: 'changeCandidatePipeline', stage: 'REPLIED' },
	},
	{
		resource: 'applicant',
		operation: 'addToPipeline',
		prefix: 'AEM',
		fields: { ...project, stage: 'UNCONTACTED' },
		body: { ...recruiter, action: 'addApplicantToPipeline', stage: 'UNCONTACTED' },
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
			sendNotificationAt: '={{ $now.plus({ days: 300 }) }}',
		},
		// Silently: the message of the node never goes out then.
		body: { ...recruiter, action: 'rejectApplicant', reason: 'WITHDREW_APPLICATION' },
	},
	{
		resource: 'lead',
		operation: 'save',
		prefix: 'ACw',
		fields: { listId: byId('7154321558885357524') },
		body: { api: 'sales_navigator', action: 'saveLead', list_id: '7154321558885357524' },
	},
];

/** Nothing of PostPress comes through for a while. */
function outageFrom(random: Random, size: number) {
	const performs = random.chance(0.3);
	const fault = random.pick<Fault>([
		{ kind: 'html', status: 503, performs },
		{ kind: 'html', status: 502, performs },
		{ kind: 'drop', when: performs ? 'after' : 'before' },
		{ kind: 'apiError', type: 'unexpected_error', performs },
	]);
	const match: FaultMatch = {
		after: random.integer(0, size),
		times: random.pick([3, 8, 20, 'always'] as const),
	};
	return { fault, match };
}

/** LinkedIn stops an account, for good or for a few requests. */
function stopFrom(random: Random, accountId: string, size: number) {
	const fault: Fault = { kind: 'apiError', type: random.pick(STOPPING) };
	const match: FaultMatch = {
		accountId,
		after: random.integer(0, size),
		times: random.pick([1, 2, 'always'] as const),
	};
	return { fault, match };
}

/** PostPress asks to leave an account alone for longer than anybody waits. */
function closureFrom(random: Random, accountId: string, size: number) {
	const retryAfterSeconds = random.pick([301, 3600]);
	const fault = random.pick<Fault>([
		{ kind: 'rateLimit', retryAfterSeconds },
		{
			kind: 'apiError',
			type: 'service_unavailable',
			headers: { 'Retry-After': String(retryAfterSeconds) },
		},
	]);
	return { fault, match: { accountId, after: random.integer(0, size) } };
}

// "Already performed" is true or it is not; the sandbox says it when it is.
const types = [...errorTypes.values()].filter(
	({ type }) => type !== 'errors/action_already_performed',
);

/** Everything that can come instead of a proper answer. */
function faultFrom(random: Random): Fault {
	// Only a server error can come after the action was performed; a refusal means what it says.
	const performs = random.chance(0.5);
	const when = performs ? 'after' : 'before';
	switch (random.integer(1, 13)) {
		case 1:
			return { kind: 'drop', when };
		case 2:
			return random.chance(0.1) ? { kind: 'hang', when } : { kind: 'drop', when };
		case 3:
			return { kind: 'html', status: random.pick([408, 409, 502, 504, 520]), performs };
		case 4:
			return { kind: 'emptyBody', status: random.pick([200, 204, 500, 502, 503]), performs };
		case 5:
			return { kind: 'truncatedJson', cutConnection: random.chance(0.5), performs };
		case 6:
			return { kind: 'successFalse' };
		case 7:
			return {
				kind: 'rateLimit',
				...random.pick([{}, { retryAfterSeconds: 0 }, { retryAfterSeconds: 2 }]),
			};
		case 8:
			return { kind: 'html', status: random.pick([400, 403, 404]) };
		case 9:
			return { kind: 'latency', ms: 0 };
		case 10:
			return {
				kind: 'apiError',
				type: random.pick(['provider_error', 'unexpected_error', 'request_timeout']),
				nested: random.chance(0.3),
				performs,
			};
		case 11:
			// A gateway's: Envoy and Heroku send it after the request was passed on.
			return { kind: 'html', status: 503, performs };
		default: {
			const { type } = random.pick(types);
			return { kind: 'apiError', type, nested: random.chance(0.2) };
		}
	}
}
