import {
	ACCOUNTS,
	QUEUE,
	queueRow,
	SET_UP,
	type QueueRow,
	type Status,
} from '../harness/app/queue';
import type { N8nRest } from '../harness/app/rest';
import { Tables } from '../harness/app/tables';
import { eventually } from '../harness/eventually';
import { people, type SeedPerson } from '../sandbox';

/** The accounts of the local PostPress with a Recruiter seat; the second one stands still. */
const [HANNAH, ELENA] = [
	'acc_linkedin_01HXYZ4QK3WJ8FN3M6QH7TZ8GR',
	'acc_linkedin_01JV5WP1H6RKPDH8MJTX1NGB3Z',
];

const MINUTE = 60_000;

/**
 * Sets up the queue and gives it a dozen rows, one or more in each state, unless it has some already.
 *
 * @param workflowId the workflow with the trigger "Set up"
 */
export async function seedQueue(rest: N8nRest, workflowId: string): Promise<void> {
	await rest.execute(workflowId, SET_UP);
	const tables = new Tables(rest);
	await eventually(async () => {
		const accounts = await tables.rows(ACCOUNTS);
		if (accounts.length < 5) throw new Error('"Set up" has not ended');
	}, 30_000);
	if ((await tables.rows(QUEUE)).length > 0) return;
	await tables.insert(QUEUE, sampleRows());
	const paused =
		'LinkedIn has restricted this account (errors/account_restricted). Resolve the restriction on LinkedIn, then empty "paused" in postpress_accounts.';
	await tables.update(ACCOUNTS, { account_id: ELENA }, { paused });
}

function sampleRows(): object[] {
	let minutes = people.length * 10;
	let number = 4020;
	const row = (person: SeedPerson, status: Status, more: Partial<QueueRow> & object) => {
		const at = new Date(Date.now() - (minutes -= 10) * MINUTE).toISOString();
		const wasSent = /performed|refused|unknown/.test(status);
		number += 1;
		return queueRow({
			key: `greenhouse:application ${number}`,
			status,
			account_id: HANNAH,
			person: `https://www.linkedin.com/talent/profile/${person.ids.recruiter}`,
			person_name: `${person.firstName} ${person.lastName}`,
			project: '1483848495',
			source: `Greenhouse application ${number}`,
			not_before: at,
			...(wasSent && { claimed_at: at, claimed_by: '1' }),
			...(wasSent && status !== 'unknown' && { done_at: at }),
			...more,
		});
	};
	const reject = { operation: 'applicant.reject', project: '1430911712' };
	const add = { operation: 'candidate.addToPipeline', stage: 'CONTACTED' };
	const move = { operation: 'candidate.changeStage', stage: 'REPLIED' };
	const [amara, jonas, priya, mateo, chloe, tomasz, grace, daniel, yuki, fatima, liam, noor] =
		people;
	return [
		row(amara, 'performed', { ...add, result: 'Done.' }),
		row(jonas, 'performed', { ...move, result: 'Done.' }),
		row(amara, 'duplicate', {
			...add,
			key: 'greenhouse:application 4021',
			result: 'The same as row 1, which is performed.',
		}),
		row(priya, 'refused', {
			...reject,
			reason: 'NOT_MEET_BASIC_QUALIFICATIONS',
			tries: 1,
			error_type: 'errors/resource_not_found',
			request_id: 'req_00000042',
			result:
				'Resource not found: The requested resource was not found. Check that this account can see the person, and the hiring project or list, on LinkedIn.',
		}),
		row(mateo, 'unknown', {
			...reject,
			reason: 'MORE_QUALIFIED_CANDIDATES',
			error_type: 'client/timeout',
			result:
				'PostPress did not answer in time. The action may have been performed. Look at the person on LinkedIn, then choose "It was done" or "Send again" on the page. Sending again is safe: nothing is done twice.',
		}),
		row(chloe, 'to_look_at', {
			...move,
			stage: '',
			result:
				'The stage “Assessment” is in no table: add it to postpress_words (source greenhouse, kind stage), write the stage into this row, then choose "Send as it stands now" on the page.',
		}),
		row(tomasz, 'to_look_at', {
			...reject,
			person: '',
			reason: 'NOT_IN_DESIRED_LOCATION',
			result: 'Greenhouse has no LinkedIn address of this person.',
		}),
		row(grace, 'to_approve', {
			...reject,
			reason: 'MORE_QUALIFIED_CANDIDATES',
			message:
				'Dear Grace,\nthank you for your time and for the good conversation. We have decided for somebody else.\nAll the best, Hannah',
		}),
		row(daniel, 'to_approve', { ...reject, reason: 'WITHDREW_APPLICATION' }),
		row(yuki, 'to_approve', { ...move }),
		row(fatima, 'waiting', { ...add, account_id: ELENA }),
		row(liam, 'waiting', { ...move, account_id: ELENA }),
		row(noor, 'not_sent', { ...add, result: 'Dropped: owner@example.com' }),
	];
}
