import type { INodePropertyOptions } from 'n8n-workflow';

import { choose, labelOf } from './values/choice';
import type { Field } from './field';

const options: INodePropertyOptions[] = [
	{ name: 'Uncontacted', value: 'UNCONTACTED' },
	{ name: 'Contacted', value: 'CONTACTED' },
	{ name: 'Replied', value: 'REPLIED' },
];

const inWords: Field['inWords'] = (value) => labelOf(value, options);

/** The stage at which somebody enters the pipeline. */
export const stage: Field = {
	properties: [
		{
			displayName: 'Stage',
			name: 'stage',
			type: 'options',
			options,
			default: 'UNCONTACTED',
			description: 'The stage of the pipeline at which the person is added',
		},
	],
	read: ({ get }) => choose(get('stage'), 'Stage', options),
	inWords,
};

/**
 * The stage to move somebody to. There is no default: PostPress takes a missing stage for UNCONTACTED,
 * which would silently move the person back.
 */
export const newStage: Field = {
	properties: [
		{
			displayName: 'New Stage',
			name: 'newStage',
			type: 'options',
			options,
			default: '',
			required: true,
			description: 'The stage of the pipeline to move the person to',
		},
	],
	read: ({ get }) => choose(get('newStage'), 'New Stage', options),
	inWords,
};
