import type { INodePropertyOptions } from 'n8n-workflow';

import { choose, labelOf } from './values/choice';
import type { Field } from './field';

const displayName = 'Reason';

const options: INodePropertyOptions[] = [
	{ name: 'Basic Qualifications Not Met', value: 'NOT_MEET_BASIC_QUALIFICATIONS' },
	{ name: 'More Qualified Candidates', value: 'MORE_QUALIFIED_CANDIDATES' },
	{
		name: 'Not Considered or Reason Not Specified',
		value: 'NOT_CONSIDERED_OR_REASON_NOT_SPECIFIED',
	},
	{ name: 'Not in Desired Location', value: 'NOT_IN_DESIRED_LOCATION' },
	{ name: 'Withdrew Application', value: 'WITHDREW_APPLICATION' },
];

/** Why an applicant is rejected, as Recruiter keeps it. */
export const rejectionReason: Field = {
	properties: [
		{
			displayName,
			name: 'reason',
			type: 'options',
			options,
			default: '',
			required: true,
			description: 'Why the applicant is rejected, as Recruiter keeps it',
		},
	],
	read: ({ get }) => choose(get('reason'), displayName, options),
	inWords: (value) => labelOf(value, options),
};
