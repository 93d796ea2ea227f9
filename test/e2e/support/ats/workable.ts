import type { Answer, Asked } from '../elsewhere';
import type { Body, Words } from '../intake';

export const WORKABLE_WORDS: Words = [
	['job', '4F1C2A7B90', '1483848495'],
	['job', 'no job', 'nothing'],
	['stage', 'Applied', 'nothing'],
	['stage', 'Phone Screen', 'REPLIED'],
	['stage', 'Contacted', 'CONTACTED'],
	['stage', 'Hired', 'nothing'],
	['reason', 'Not enough experience', 'NOT_MEET_BASIC_QUALIFICATIONS'],
	['reason', 'no reason', 'NOT_CONSIDERED_OR_REASON_NOT_SPECIFIED'],
];

/** A candidate, as Workable's `candidates/:id` shows it (workable.readme.io). */
export function candidate(changes: Body = {}): Body {
	return {
		id: '20c7b2a9',
		name: 'Sofia Marchetti',
		firstname: 'Sofia',
		lastname: 'Marchetti',
		headline: 'QA Engineer',
		account: { subdomain: 'lumen-freight', name: 'Lumen Freight' },
		job: { shortcode: '4F1C2A7B90', title: 'Staff Platform Engineer' },
		stage: 'Phone Screen',
		disqualified: false,
		disqualification_reason: null,
		hired_at: null,
		sourced: false,
		profile_url: 'https://lumen-freight.workable.com/backend/jobs/1/browser/candidate/20c7b2a9',
		email: 'sofia.marchetti@example.com',
		created_at: '2026-10-29T08:15:03.000Z',
		updated_at: '2026-11-18T10:42:17.000Z',
		social_profiles: [
			{ type: 'twitter', username: 'sofia', url: 'https://twitter.com/sofia' },
			{ type: 'linkedin', url: 'https://www.linkedin.com/in/sofia-marchetti-18335602' },
		],
		...changes,
	};
}

export const disqualified = (changes: Body = {}): Body =>
	candidate({
		disqualified: true,
		disqualification_reason: 'Not enough experience',
		disqualified_at: '2026-11-18T11:00:00.000Z',
		updated_at: '2026-11-18T11:00:00.000Z',
		...changes,
	});

/** Workable's API: some candidates, and whoever has subscribed. */
export class WorkableApi {
	static readonly host = 'lumen-freight.workable.com';
	static readonly key = 'key-of-workable';
	/** Where n8n has told Workable to send its events. */
	target = '';
	candidates: Body[] = [];
	/** Candidates on a page of the list. */
	pageSize = 100;

	answer = ({ method, url, headers, body }: Asked): Answer | undefined => {
		if (headers.authorization !== `Bearer ${WorkableApi.key}`) return { status: 401, body: {} };
		const path = url.pathname.replace('/spi/v3/', '');
		if (path.startsWith('subscriptions')) {
			if (method === 'POST') this.target = String(body?.target);
			return { body: method === 'GET' ? { subscriptions: [] } : { id: 1 } };
		}
		if (path === 'candidates') return { body: this.page(url) };
		const found = this.candidates.find(({ id }) => path === `candidates/${id}`);
		return found ? { body: { candidate: found } } : { status: 404, body: { error: 'Not found' } };
	};

	/** A page of those changed after a time; the list says less of each than `candidates/:id`. */
	private page(url: URL): Body {
		const after = url.searchParams.get('updated_after') ?? '';
		const from = Number(url.searchParams.get('since_id') ?? 0);
		const all = this.candidates.filter(({ updated_at }) => updated_at >= after);
		const next = new URL(url);
		next.searchParams.set('since_id', String(from + this.pageSize));
		return {
			candidates: all
				.slice(from, from + this.pageSize)
				.map(({ social_profiles: _, ...listed }) => listed),
			paging: from + this.pageSize < all.length ? { next: next.href } : {},
		};
	}
}
