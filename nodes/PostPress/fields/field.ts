import type { INodeProperties } from 'n8n-workflow';

/** What a field may look at when it reads its value for one item. */
export interface ItemParameters {
	/** The value of a parameter for this item, expressions evaluated; undefined if it is not set. */
	get(name: string): unknown;
	/** IANA name of the workflow's timezone. */
	timezone: string;
	/** Current time in milliseconds since 1970. */
	now: number;
}

/** A parameter of an operation: what the editor shows, and what goes into the request. */
export interface Field {
	/** The same objects wherever the field is used; the assembly of the node adds where they show. */
	properties: INodeProperties[];
	/**
	 * The checked value as the API wants it; undefined leaves it out of the request.
	 * @throws ActionFailed with a sentence that names the parameter and the value
	 */
	read(parameters: ItemParameters): unknown;
}

/**
 * The table of an operation: name in the request → field of the editor. A name that stands in braces
 * in the routing's URL goes into the path, the others into the body.
 */
export type Fields = Record<string, Field>;
