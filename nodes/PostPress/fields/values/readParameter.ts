import type { IDataObject, IExecuteSingleFunctions } from 'n8n-workflow';

/** `={{ $json.user }}` or `={{ $json["Hiring Project"].id }}`: a field of the item, and nothing else. */
const FIELD = /^=\{\{\s*\$json((?:\.[A-Za-z]\w*|\["[^"\\]+"\]|\['[^'\\]+'\])+)\s*\}\}$/;

const STEP = /\.(\w+)|\["([^"]+)"\]|\['([^']+)'\]/g;

/**
 * The value of a parameter for one item.
 *
 * Starting n8n's expression engine costs about as much as the rest of an item, and RoutingNode has done so
 * twice already for each parameter; what the engine forbids has failed there. A field of the item is as well
 * read where it stands; whatever is more than that, or is not there, is left to the engine.
 */
export function readParameter(context: IExecuteSingleFunctions, name: string): unknown {
	const raw = context.getNodeParameter(name, '', { rawExpressions: true }) as unknown;
	const isLocator = typeof raw === 'object' && raw !== null && '__rl' in raw;
	const { value: expression } = isLocator ? (raw as IDataObject) : { value: raw };
	const value = fieldOf(context, expression);
	if (value === undefined) return context.getNodeParameter(name, '') as unknown;
	return isLocator ? { ...raw, value } : value;
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
