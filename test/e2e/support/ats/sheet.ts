import { generateKeyPairSync } from 'node:crypto';
import type { Answer, Asked } from '../elsewhere';
import type { Wanted } from '../examples';
import type { Words } from '../intake';

export const SHEET_WORDS: Words = [
	['job', 'Staff Platform Engineer', '1483848495'],
	['stage', 'Contacted', 'CONTACTED'],
	['stage', 'Interview', 'REPLIED'],
	['reason', 'Not qualified', 'NOT_MEET_BASIC_QUALIFICATIONS'],
];

export const SHEET = '1a2b3c4d5e6f7g8h9i0jklmnopqrstuvwxyzABCDEFGH';

/** A line of the sheet. */
export interface Line {
	name?: string;
	linkedin?: string;
	job?: string;
	stage?: string;
	rejected?: string;
}

/** A Google service account that exists nowhere. */
export function serviceAccount(): Wanted {
	const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
	return {
		name: 'Google Sheets account',
		type: 'googleApi',
		data: {
			email: 'sheets@example.iam.gserviceaccount.com',
			privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }),
		},
	};
}

/** Google's API: one spreadsheet with one sheet, "People". */
export class SheetApi {
	static readonly hosts = ['sheets.googleapis.com', 'oauth2.googleapis.com'];
	columns = ['name', 'linkedin', 'job', 'stage', 'rejected'] as const;
	lines: Line[] = [];

	answer = ({ url: { hostname, pathname } }: Asked): Answer | undefined => {
		if (hostname === 'oauth2.googleapis.com') {
			return { body: { access_token: 'token', expires_in: 3600, token_type: 'Bearer' } };
		}
		if (pathname === `/v4/spreadsheets/${SHEET}`) {
			const properties = { sheetId: 0, title: 'People' };
			return { body: { sheets: [{ properties }] } };
		}
		if (pathname.startsWith(`/v4/spreadsheets/${SHEET}/values/`)) {
			const cells = this.lines.map((line) => this.columns.map((column) => line[column] ?? ''));
			return { body: { range: 'People', values: [[...this.columns], ...cells] } };
		}
		return undefined;
	};
}
