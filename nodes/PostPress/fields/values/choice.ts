import type { INodePropertyOptions } from 'n8n-workflow';

import { isEmpty, refuse, refuseEmpty } from './value';

/**
 * The value of an options parameter. An expression may bring it in another case, or bring the label.
 *
 * @param options the options of the parameter, `value` in the API's own spelling
 * @returns one of those values
 */
export function choose(
	value: unknown,
	displayName: string,
	options: INodePropertyOptions[],
): string {
	const possible = options.map((option) => String(option.value));
	if (isEmpty(value)) refuseEmpty(displayName, `Choose one of ${possible.join(', ')}.`);
	const wanted = comparable(value);
	const option = options.find(
		({ name, value: own }) => comparable(own) === wanted || comparable(name) === wanted,
	);
	if (!option)
		refuse(
			displayName,
			value,
			`is not one of ${possible.join(', ')}`,
			`Say in the expression of "${displayName}" which of them it stands for.`,
		);
	return String(option.value);
}

/** "Not in desired location" and NOT_IN_DESIRED_LOCATION are the same choice. */
function comparable(value: unknown): string {
	return typeof value === 'string'
		? value
				.trim()
				.toLowerCase()
				.replace(/[\s_-]+/g, ' ')
		: '';
}

/** The label of a value. */
export function labelOf(value: unknown, options: INodePropertyOptions[]): string {
	return options.find((option) => option.value === value)?.name ?? String(value);
}
