/** The two LinkedIn products that an action is performed with. */
export type Product = 'recruiter' | 'sales_navigator';

/** Where a person stands in a hiring project's pipeline. */
export type Stage = 'UNCONTACTED' | 'CONTACTED' | 'REPLIED';

/** What an applicant is told, and when (UNIX milliseconds; at once without it). */
export interface RejectionNotification {
	message: string;
	send_notification_at?: number;
}

/** Adds a candidate or an applicant to a pipeline, or moves a candidate within it. */
export interface PipelineAction {
	account_id: string;
	api: 'recruiter';
	action: 'addCandidateToPipeline' | 'addApplicantToPipeline' | 'changeCandidatePipeline';
	hiring_project_id: string;
	stage?: Stage;
}

/** Rejects an applicant, silently without `rejection_notification`. */
export interface RejectAction {
	account_id: string;
	api: 'recruiter';
	action: 'rejectApplicant';
	hiring_project_id: string;
	reason: string;
	rejection_notification?: RejectionNotification;
}

/** Saves a lead, into a list where one is named. */
export interface SaveLeadAction {
	account_id: string;
	api: 'sales_navigator';
	action: 'saveLead';
	list_id?: string;
}

/** The body of `POST /linkedin/user/{user_id}`, as the contract lets it through. */
export type ActionBody = PipelineAction | RejectAction | SaveLeadAction;

/** One action that was really performed. */
export interface PerformedAction {
	api: Product;
	action: ActionBody['action'];
	accountId: string;
	userId: string;
	body: ActionBody;
	idempotencyKey: string | undefined;
	/** UNIX milliseconds. */
	at: number;
}
