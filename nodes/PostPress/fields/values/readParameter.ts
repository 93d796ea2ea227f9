import type { IDataObject, IExecuteSingleFunctions } from 'n8n-workflow';

import { fieldsIn } from './template';
import { isEmpty } from './value';

/** `={{ $json.user }}` or `={{ $json["Hiring Project"].id }}`: a field of the item, and nothing else. */
const FIELD = /^=\{\{\s*\$json((?:\.[A-Za-z]\w*|\["[^"\\]+"\]|\['[^'\\]+'\])+)\s*\}\}$/;

const STEP = /\.(\w+)|\["([^"]+)"\]|\['([^']+)'\]/g;

/** Stands for a parameter that is not set. */
const NOT_SET = {};

/**
 * The value of a parameter for one item: null where an expression came out empty, undefined where it is not set.
 *
 * Starting n8n's expression engine costs about as much as the rest of an item, and RoutingNode has done so
 * twice already for each parameter; what the engine forbids has failed there. A field of the item is as well
 * read where it stands; whatever is more than that, or is not there, is left to the engine.
 */
export function readParameter(context: IExecuteSingleFunctions, name: string): unknown {
	const raw = rawParameter(context, name);
	if (!hasExpression(raw)) return raw;
	const isLocator = typeof raw === 'object' && raw !== null && '__rl' in raw;
	const { value: expression } = isLocator ? (raw as IDataObject) : { value: raw };
	const value = fieldOf(context, expression);
	if (value !== undefined) return isLocator ? { ...raw, value } : value;
	return (context.getNodeParameter(name, '') as unknown) ?? null;
}

/** What JavaScript makes of a field that is missing, or that is no text, where it puts texts together. */
const LEFT_OVER = /undefined|\[object Object\]|Invalid DateTime/g;

/**
 * The first gap in the text of a parameter for one item: a field of the data that is empty, as it is written
 * (`$json.first_name`), or what an expression left in its place (`undefined`), where the parameter itself does not
 * say that.
 *
 * @param value the text for this item
 */
export function gapIn(
	context: IExecuteSingleFunctions,
	name: string,
	value: unknown,
): string | undefined {
	const raw = rawParameter(context, name);
	if (typeof raw !== 'string' || !raw.startsWith('=')) return undefined;
	const field = fieldsIn(raw).find((code) => {
		const expression = `{{ ${code} }}`;
		return isEmpty(
			fieldOf(context, `=${expression}`) ??
				(context.evaluateExpression(expression, context.getItemIndex()) as unknown),
		);
	});
	// A text that is a field of the item as it stands is data, whatever it says.
	const made = fieldOf(context, raw) === undefined ? String(value) : '';
	return field ?? made.match(LEFT_OVER)?.find((word) => !raw.includes(word));
}

/** Whether there is anything to evaluate: n8n takes every text that begins with "=" for an expression. */
function hasExpression(raw: unknown): boolean {
	if (typeof raw === 'string') return raw.startsWith('=');
	return typeof raw === 'object' && raw !== null && Object.values(raw).some(hasExpression);
}

function rawParameter(context: IExecuteSingleFunctions, name: string): unknown {
	const raw: unknown = context.getNodeParameter(name, NOT_SET, { rawExpressions: true });
	return raw === NOT_SET ? undefined : raw;
}

function fieldOf(
	context: IExecuteSingleFunctions,
	expression: unknown,
): string | number | boolean | undefined {
	const path = typeof expression === 'string' ? FIELD.exec(expression)?.[1] : undefined;
	if (path === undefined) return undefined;
	let value: unknown = context.getInputData().json;
	for (const [, bare, doubleQuoted, singleQuoted] of path.matchAll(STEP)) {
		const key = bare ?? doubleQuoted ?? singleQuoted;
		const has = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
		if (!has) return undefined;
		value = (value as IDataObject)[key];
	}
	return ['string', 'number', 'boolean'].includes(typeof value) ? (value as string) : undefined;
}
