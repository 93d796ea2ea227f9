import type { INodeProperties } from 'n8n-workflow';

import type { ItemParameters } from './field';
import { isOn } from './values/value';

/** The switch below the operation. No expression in the editor: n8n would leave out the whole subtitle. */
export const previewOnlyProperty: INodeProperties = {
	displayName: 'Preview Only',
	name: 'previewOnly',
	type: 'boolean',
	noDataExpression: true,
	default: false,
	description:
		'Whether to say in a sentence for each person what would happen, and send nothing. Needs no credential.',
	builderHint: {
		propertyHint: 'true while the workflow is being built',
	},
};

/**
 * Whether an item is only to be shown. A file may bring an expression all the same, and n8n its text.
 * @throws ValueRefused if it is neither true nor false
 */
export function isPreview({ get }: ItemParameters): boolean {
	return isOn(get('previewOnly'), 'Preview Only', 'It takes no expression.');
}
