import type { INodeProperties, INodePropertyOptions, INodePropertyRouting } from 'n8n-workflow';

import type { Fields } from '../fields/field';
import { optionsProperty } from '../fields/options';
import { previewOnlyProperty } from '../fields/previewOnly';

/** One thing that the node can do: an entry of the operation list, with its routing and its fields. */
export interface Operation extends INodePropertyOptions {
	value: string;
	action: string;
	/** What stands under the node on the canvas: at most 18 letters, or n8n cuts it behind "Preview: ". */
	subtitle: string;
	routing: INodePropertyRouting;
	fields: Fields;
}

/** What the node can act on: an entry of the resource list, and its operations. */
export interface Resource {
	name: string;
	value: string;
	description: string;
	operations: Operation[];
}

/** The properties that choose an operation and fill it in, in the order of the panel. */
export function propertiesOf(resources: Resource[]): INodeProperties[] {
	return [
		{
			...choice('Resource', 'resource', resources.map(entryOfResource)),
			// Makes n8n call the delivery hook in place of a plain request, for every operation there is.
			routing: { send: { paginate: true } },
		},
		...resources.map(({ value, operations }) => ({
			...choice('Operation', 'operation', operations.map(entryOfOperation)),
			displayOptions: { show: { resource: [value] } },
		})),
		previewOnlyProperty,
		...fieldProperties(resources),
		optionsProperty,
	];
}

/** The expression for the line under the node: "Preview: reject applicant". */
export function subtitleOf(resources: Resource[]): string {
	const words = resources.flatMap(({ value: resource, operations }) =>
		operations.map(({ value, subtitle }) => [`${resource} ${value}`, subtitle]),
	);
	const chosen = '$parameter["resource"] + " " + $parameter["operation"]';
	return `={{ ($parameter["previewOnly"] ? "Preview: " : "") + (${JSON.stringify(Object.fromEntries(words))}[${chosen}] ?? $parameter["operation"]) }}`;
}

function choice(
	displayName: string,
	name: string,
	options: INodePropertyOptions[],
): INodeProperties {
	const { value: initial } = options[0];
	return { displayName, name, type: 'options', noDataExpression: true, options, default: initial };
}

const entryOfResource = ({ name, value, description }: Resource) => ({ name, value, description });

const entryOfOperation = ({ name, value, action, description, routing }: Operation) => ({
	name,
	value,
	action,
	description,
	routing,
});

/**
 * Each property once, shown for the operations that have it. Once matters: n8n evaluates an expression
 * again for every property of the same name, shown or not (RoutingNode.runNode).
 */
function fieldProperties(resources: Resource[]): INodeProperties[] {
	const users = new Map<INodeProperties, Array<[resource: string, operation: string]>>();
	for (const { value: resource, operations } of resources) {
		for (const { value: operation, fields } of operations) {
			for (const property of Object.values(fields).flatMap((field) => field.properties)) {
				users.set(property, [...(users.get(property) ?? []), [resource, operation]]);
			}
		}
	}
	return [...users].map(([property, pairs]) => shownFor(property, pairs));
}

function shownFor(property: INodeProperties, pairs: Array<[string, string]>): INodeProperties {
	return {
		...property,
		displayOptions: {
			show: {
				resource: [...new Set(pairs.map(([resource]) => resource))],
				operation: [...new Set(pairs.map(([, operation]) => operation))],
				...property.displayOptions?.show,
			},
		},
	};
}
