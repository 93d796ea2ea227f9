import type { INodePropertyOptions } from 'n8n-workflow';

import { choose } from './values/choice';
import type { Field } from './field';

const displayName = 'Stage';

const options: INodePropertyOptions[] = [
	{ name: 'Uncontacted', value: 'UNCONTACTED' },
	{ name: 'Contacted', value: 'CONTACTED' },
	{ name: 'Replied', value: 'REPLIED' },
];

const read: Field['read'] = ({ get }) => choose(get('stage'), displayName, options);

/** The stage at which somebody enters the pipeline. */
export const firstStage: Field = {
	properties: [
		{
			displayName,
			name: 'stage',
			type: 'options',
			options,
			default: 'UNCONTACTED',
			description: 'The stage of the pipeline at which the person is added',
		},
	],
	read,
};

/**
 * The stage to move somebody to. There is no default: PostPress takes a missing stage for UNCONTACTED,
 * which would silently move the person back.
 */
export const newStage: Field = {
	properties: [
		{
			displayName,
			name: 'stage',
			type: 'options',
			options,
			default: '',
			required: true,
			description: 'The stage of the pipeline to move the person to',
		},
	],
	read,
};
