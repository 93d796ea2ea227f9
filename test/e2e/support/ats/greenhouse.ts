import { hmac, SECRET, type Body, type Post } from '../intake';

export const GREENHOUSE_WORDS: Array<[kind: string, word: string, means: string]> = [
	['job', '4071538', 'https://www.linkedin.com/talent/hire/1483848495/manage/all'],
	['job', 'QA Lead', '1251433434'],
	['stage', 'Recruiter Screen', 'CONTACTED'],
	['stage', 'Phone Interview', 'REPLIED'],
	['stage', 'Offer', 'nothing'],
	['reason', 'Too Junior', 'NOT_MEET_BASIC_QUALIFICATIONS'],
	['reason', 'no reason', 'NOT_CONSIDERED_OR_REASON_NOT_SPECIFIED'],
];

/** An application, as a web hook of Greenhouse carries it (developers.greenhouse.io/webhooks.html). */
export function application(changes: Body = {}): Body {
	return {
		id: 46194062,
		rejected_at: null,
		prospect: false,
		status: 'active',
		applied_at: '2026-10-29T08:15:03Z',
		last_activity_at: '2026-11-18T10:42:17Z',
		// The page shows a space in this address.
		url: 'https://app.greenhouse.io/people/35897443?application_id= 46194062',
		source: { id: 31, name: 'Agency' },
		credited_to: null,
		rejection_reason: null,
		rejection_details: null,
		current_stage: { id: 71416, name: 'Recruiter Screen', interviews: [] },
		custom_fields: {},
		candidate: {
			id: 35897443,
			first_name: 'Amara',
			last_name: 'Okafor',
			company: null,
			is_private: false,
			phone_numbers: [],
			email_addresses: [{ value: 'amara.okafor@example.com', type: 'personal' }],
			addresses: [],
			website_addresses: [{ value: 'amara.example.com', type: 'personal' }],
			social_media_addresses: [{ value: 'https://www.linkedin.com/in/amara-okafor-94f4dbb7' }],
			tags: [],
		},
		jobs: [{ id: 4071538, name: 'Staff Platform Engineer', requisition_id: null, status: 'open' }],
		...changes,
	};
}

/** Somebody who is moved to another stage. */
export const moved = (changes: Body = {}): Body => ({
	action: 'candidate_stage_change',
	payload: { application: application(changes) },
});

/** Somebody who is rejected. */
export const rejected = (changes: Body = {}): Body => ({
	action: 'reject_candidate',
	payload: {
		application: application({
			status: 'rejected',
			rejected_at: '2026-11-18T11:00:00Z',
			last_activity_at: '2026-11-18T11:00:00Z',
			rejection_reason: { id: 14, name: 'Too Junior', type: { id: 3, name: 'Wrong skill set' } },
			...changes,
		}),
	},
});

/** Somebody whose rejection is taken back. */
export const unrejected = (changes: Body = {}): Body => ({
	action: 'unreject_candidate',
	payload: { application: application({ last_activity_at: '2026-11-18T12:00:00Z', ...changes }) },
});

/** An application of somebody who has typed these addresses. */
export const withLinks = (...links: Array<string | null>): Body => ({
	candidate: {
		...application().candidate,
		website_addresses: links.slice(1).map((value) => ({ value, type: 'portfolio' })),
		social_media_addresses: links.slice(0, 1).map((value) => ({ value })),
	},
});

/** Writes and signs a delivery. Greenhouse signs the bytes that it sends. */
export function signed(body: Body, secret = SECRET): Post {
	const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
	return { text, headers: { signature: `sha256 ${hmac(secret, text)}` } };
}
