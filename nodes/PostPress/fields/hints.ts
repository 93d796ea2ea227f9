import type { IBuilderHint, NodeHint } from 'n8n-workflow';

import { DEFAULT_DELAY } from './options';

/** More people than this at once is a batch that LinkedIn may notice. */
const MANY = 20;

/** A pace that LinkedIn has no reason to notice, in seconds: the real pause varies around it. */
const CAREFUL = 30;

/**
 * What the editor says in the output pane; a hint of the input pane appears in the next node.
 * n8n reads parameters as they stand now, not as they stood when the run was made: worded as settings.
 */
export const hints: NodeHint[] = [
	{
		message:
			'Preview Only is on: this node says what would happen, and sends nothing. Switch it off to act.',
		displayCondition: '={{ $parameter["previewOnly"] }}',
		whenToDisplay: 'afterExecution',
		location: 'outputPane',
	},
	{
		type: 'warning',
		message: `More than ${MANY} people, with a pause of less than ${CAREFUL} seconds between them: LinkedIn may restrict an account that acts this fast. Set "Delay Between Requests" to 60, and plan at most 100 a day.`,
		displayCondition: `={{ !$parameter["previewOnly"] && $input.all().length > ${MANY} && ($parameter["options"]["delayBetweenRequests"] ?? ${DEFAULT_DELAY}) < ${CAREFUL} }}`,
		whenToDisplay: 'beforeExecution',
		location: 'outputPane',
	},
];

/** What assistants that build workflows read: n8n's own, and those that ask n8n for the types of a node. */
export const builderHint: IBuilderHint = {
	searchHint:
		'Acts on real people and cannot be undone. Set previewOnly to true until the user has read a preview, and onError to "continueErrorOutput": whoever was refused, not sent or unknown comes out second. Never invent a person, account, project, stage, reason or message.',
};
