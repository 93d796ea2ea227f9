import type {
	ActionBody,
	PipelineAction,
	RejectAction,
	SaveLeadAction,
	Stage,
} from '../contract/actions';
import { refuse } from '../contract/envelope';
import type { Seed } from './seed';

/** An applicant who was rejected, and what they were told; silent without `notification`. */
export interface RejectedApplicant {
	hiringProjectId: string;
	userId: string;
	reason: string;
	/** `sendAt` in UNIX milliseconds; without it, it was sent at once. */
	notification?: { message: string; sendAt?: number };
}

/** Who is where, as plain data. */
export interface StateSnapshot {
	/** Hiring project id → user id → stage. */
	pipelines: Record<string, Record<string, Stage>>;
	rejected: RejectedApplicant[];
	/** Lead list id → user ids; leads saved without a list stand under `account:<account id>`. */
	leads: Record<string, string[]>;
}

/** Rules that a sandbox may be strict about. */
export interface StateRules {
	/** Refuse a stage change of someone who is not in the project's pipeline (else it adds them). */
	strictPipeline: boolean;
}

/**
 * The people of the sandbox: who is in which pipeline at which stage, who was rejected, who was
 * saved where. An action that changes nothing is refused with `action_already_performed`.
 */
export class PeopleState {
	private readonly pipelines = new Map<string, Map<string, Stage>>();
	private readonly rejected = new Map<string, Map<string, RejectedApplicant>>();
	private readonly leads = new Map<string, Set<string>>();

	constructor(
		seed: Pick<Seed, 'pipelines' | 'savedLeads'>,
		private readonly rules: StateRules,
	) {
		for (const { hiringProjectId, userId, stage } of seed.pipelines) {
			bucket(this.pipelines, hiringProjectId, newMap<Stage>).set(userId, stage);
		}
		for (const { listId, userId } of seed.savedLeads) {
			bucket(this.leads, listId, newSet).add(userId);
		}
	}

	/** Performs the action or refuses it; a refused action changes nothing. */
	apply(userId: string, body: ActionBody): void {
		switch (body.action) {
			case 'addCandidateToPipeline':
			case 'addApplicantToPipeline':
				return this.add(userId, body);
			case 'changeCandidatePipeline':
				return this.changeStage(userId, body);
			case 'rejectApplicant':
				return this.reject(userId, body);
			case 'saveLead':
				return this.saveLead(userId, body);
		}
	}

	/** A copy of everything, as plain data. */
	snapshot(): StateSnapshot {
		return {
			pipelines: Object.fromEntries(
				[...this.pipelines].map(([project, people]) => [project, Object.fromEntries(people)]),
			),
			rejected: [...this.rejected.values()].flatMap((people) => [...people.values()]),
			leads: Object.fromEntries([...this.leads].map(([list, people]) => [list, [...people]])),
		};
	}

	private add(userId: string, { hiring_project_id, stage = 'UNCONTACTED' }: PipelineAction): void {
		const pipeline = bucket(this.pipelines, hiring_project_id, newMap<Stage>);
		if (pipeline.has(userId)) refuse('action_already_performed');
		pipeline.set(userId, stage);
	}

	private changeStage(
		userId: string,
		{ hiring_project_id, stage = 'UNCONTACTED' }: PipelineAction,
	): void {
		const current = this.pipelines.get(hiring_project_id)?.get(userId);
		if (current === stage) refuse('action_already_performed');
		if (current === undefined && this.rules.strictPipeline) {
			refuse('resource_not_found', 'The person is not in the pipeline of this hiring project.');
		}
		bucket(this.pipelines, hiring_project_id, newMap<Stage>).set(userId, stage);
	}

	private reject(userId: string, body: RejectAction): void {
		const { hiring_project_id: hiringProjectId, reason, rejection_notification: told } = body;
		const people = bucket(this.rejected, hiringProjectId, newMap<RejectedApplicant>);
		if (people.has(userId)) refuse('action_already_performed');
		people.set(userId, {
			hiringProjectId,
			userId,
			reason,
			...(told && { notification: { message: told.message, sendAt: told.send_notification_at } }),
		});
	}

	private saveLead(userId: string, { list_id, account_id }: SaveLeadAction): void {
		const list = bucket(this.leads, list_id ?? `account:${account_id}`, newSet);
		if (list.has(userId)) refuse('action_already_performed');
		list.add(userId);
	}
}

const newMap = <T>() => new Map<string, T>();
const newSet = () => new Set<string>();

function bucket<T>(map: Map<string, T>, key: string, create: () => T): T {
	let value = map.get(key);
	if (value === undefined) map.set(key, (value = create()));
	return value;
}
