import type { Answer, Asked } from '../elsewhere';
import { hmac, SECRET, type Body, type Post, type Words } from '../intake';

export const ASHBY_WORDS: Words = [
	['job', 'Staff Platform Engineer', '1483848495'],
	['stage', 'Recruiter Screen', 'CONTACTED'],
	['stage', 'Technical Interview', 'REPLIED'],
	['reason', 'Too inexperienced', 'NOT_MEET_BASIC_QUALIFICATIONS'],
	['reason', 'no reason', 'NOT_CONSIDERED_OR_REASON_NOT_SPECIFIED'],
];

const APPLICATION = '136ec98d-d498-4f5a-806a-af6360e7ec98';
const CANDIDATE = '1a7b3203-f510-4c56-8acb-8d8b4862eda4';

/** An application, as Ashby's webhook and `application.info` show it (developers.ashbyhq.com). */
export function application(changes: Body = {}): Body {
	return {
		id: APPLICATION,
		createdAt: '2026-10-29T08:15:03.412Z',
		updatedAt: '2026-11-18T10:42:17.055Z',
		status: 'Active',
		customFields: [],
		candidate: {
			id: CANDIDATE,
			name: 'Amara Okafor',
			primaryEmailAddress: { value: 'amara.okafor@example.com', type: 'Personal', isPrimary: true },
		},
		currentInterviewStage: {
			id: '6297734c-be9c-4e00-9814-55041ce97b21',
			title: 'Recruiter Screen',
			type: 'Active',
			orderInInterviewPlan: 2,
		},
		source: { id: '86a505b6-5a6a-4ee4-9701-133a6e3859de', title: 'LinkedIn', isArchived: false },
		job: { id: '4a1c7f0e-2b6d-4f3a-9c58-1e0d7b6a2f31', title: 'Staff Platform Engineer' },
		hiringTeam: [],
		...changes,
	};
}

export const inStage = (title: string, changes: Body = {}): Body =>
	application({ currentInterviewStage: { id: `of ${title}`, title, type: 'Active' }, ...changes });

export const archived = (changes: Body = {}): Body =>
	application({
		status: 'Archived',
		archivedAt: '2026-11-18T11:00:00.000Z',
		updatedAt: '2026-11-18T11:00:00.000Z',
		currentInterviewStage: { id: 'of archived', title: 'Archived', type: 'Archived' },
		archiveReason: { id: '48b9', text: 'Too inexperienced', reasonType: 'RejectedByOrg' },
		...changes,
	});

/** The delivery that tells of a change of an application. */
export const delivery = (of: Body): Body => ({
	action: 'candidateStageChange',
	webhookActionId: 'f6e53e27-11f0-4f8c-bf98-51f79ee456fb',
	data: { application: of },
});

export function signed(body: Body, secret = SECRET): Post {
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	return { text, headers: { 'ashby-signature': `sha256=${hmac(secret, text)}` } };
}

/** Ashby's API: one application, and its candidate. It answers 200 to whatever it can read. */
export class AshbyApi {
	static readonly host = 'api.ashbyhq.com';
	static readonly key = 'key-of-ashby';
	application: Body = application();
	links: Body[] = [{ url: 'https://www.linkedin.com/in/amara-okafor-94f4dbb7', type: 'LinkedIn' }];

	answer = ({ method, url, headers, body = {} }: Asked): Answer => {
		const wanted = `Basic ${Buffer.from(`${AshbyApi.key}:`).toString('base64')}`;
		if (method !== 'POST' || headers.authorization !== wanted) return { status: 401, body: {} };
		const { pathname } = url;
		if (pathname === '/application.info' && body.applicationId === this.application.id) {
			return { body: { success: true, results: this.application } };
		}
		if (pathname === '/candidate.info' && body.id === CANDIDATE) {
			const results = {
				id: CANDIDATE,
				name: 'Amara Okafor',
				socialLinks: this.links,
				profileUrl: `https://app.ashbyhq.com/candidates/${CANDIDATE}`,
			};
			return { body: { success: true, results } };
		}
		return { body: { success: false, errors: [`${pathname.split(/\W/)[1]}_not_found`] } };
	};
}
