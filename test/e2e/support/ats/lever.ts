import type { Answer, Asked } from '../elsewhere';
import { hmac, type Body, type Post, type Words } from '../intake';

export const LEVER_WORDS: Words = [
	['job', '6014050a-af5a-45c9-8012-316e340774f2', '1483848495'],
	['stage', 'New applicant', 'UNCONTACTED'],
	['stage', 'Phone interview', 'REPLIED'],
	['reason', 'Under- qualified', 'NOT_MEET_BASIC_QUALIFICATIONS'],
];

/** The signature tokens: each webhook of Lever has its own. */
export const LEVER_TOKENS: Record<string, string> = {
	candidateStageChange: 'token of stage changes',
	candidateArchiveChange: 'token of archiving',
};

export const OPPORTUNITY = '56f989dc-2982-4966-87b3-ec1886483d63';
const POSTING = '6014050a-af5a-45c9-8012-316e340774f2';

/** An opportunity, as Lever's API shows it (hire.lever.co/developer/documentation). */
export function opportunity(changes: Body = {}): Body {
	return {
		id: OPPORTUNITY,
		name: 'Sofia Marchetti',
		contact: '5e49ea97-3b98-4ab8-8918-5894512c6f48',
		emails: ['sofia.marchetti@example.com'],
		links: ['https://www.linkedin.com/in/sofia-marchetti-18335602'],
		createdAt: 1793261703000,
		updatedAt: 1795084998000,
		lastAdvancedAt: 1795084937000,
		archived: null,
		stage: { id: '5934267c-cdf1-4bf3-80a8-57fa2b22ee10', text: 'Phone interview' },
		applications: [{ id: 'bb553657-942e-401d-8f03-aacd29a0ebf8', posting: POSTING }],
		urls: {
			list: 'https://hire.lever.co/candidates',
			show: `https://hire.lever.co/candidates/${OPPORTUNITY}`,
		},
		...changes,
	};
}

export const archived = (reason: string | null, changes: Body = {}): Body =>
	opportunity({ archived: { reason, archivedAt: 1795084997000 }, ...changes });

/** The delivery that tells of an event: IDs only. */
export function delivery(event: string, triggeredAt: string, data: Body = {}): Body {
	return {
		id: 'e8f2201c-875b-4dc3-8a92-4cc8c8378ed3',
		triggeredAt: Date.parse(`2026-11-18T${triggeredAt}Z`),
		event,
		data: {
			opportunityId: OPPORTUNITY,
			candidateId: 'b731df97-6ca3-4df8-8fb2-b4e9395a980a',
			...data,
		},
		token: 'token-of-delivery-2',
	};
}

/** Signs a delivery: the signature is over token and time, and stands in the body. */
export function signed(body: Body, token = LEVER_TOKENS[body.event]): Post {
	const signature = hmac(token ?? '', `${body.token}${body.triggeredAt}`);
	return { text: JSON.stringify({ ...body, signature }), headers: {} };
}

/** Lever's API: one opportunity, archive reasons and postings. */
export class LeverApi {
	static readonly host = 'api.lever.co';
	static readonly key = 'key-of-lever';
	opportunity: Body = opportunity();
	readonly reasons: Record<string, Body> = {
		underqualified: { text: 'Under- qualified', type: 'non-hired' },
		comp: { text: 'Comp', type: 'non-hired' },
		hired: { text: 'Hired', type: 'hired' },
	};
	readonly postings: Record<string, string> = { [POSTING]: 'Staff Platform Engineer' };

	answer = ({ url, headers }: Asked): Answer | undefined => {
		const wanted = `Basic ${Buffer.from(`${LeverApi.key}:`).toString('base64')}`;
		if (headers.authorization !== wanted) return { status: 401, body: {} };
		const [, , kind, id] = url.pathname.split('/');
		if (kind === 'opportunities' && id === this.opportunity.id) {
			return { body: { data: this.opportunity } };
		}
		if (kind === 'archive_reasons' && this.reasons[id]) {
			return { body: { data: { id, ...this.reasons[id] } } };
		}
		if (kind === 'postings' && this.postings[id]) {
			return { body: { data: { id, text: this.postings[id] } } };
		}
		return { status: 404, body: { code: 'ResourceNotFound', message: `${kind} ${id}` } };
	};
}
