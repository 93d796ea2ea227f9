import type { INodeProperties } from 'n8n-workflow';

/** What a field may look at when it reads its value for one item. */
export interface ItemParameters {
	/**
	 * The value of a parameter for this item, expressions evaluated: null where an expression came out empty,
	 * undefined where the parameter is not set.
	 */
	get(name: string): unknown;
	/** The first gap in the text of a parameter for this item: an empty field as written, or what it left behind. */
	gapIn(name: string): string | undefined;
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
	 * @throws ValueRefused with a sentence that names the parameter and the value
	 */
	read(parameters: ItemParameters): unknown;
	/**
	 * The value in the sentence of a preview; by default the name of the entry that was chosen, or as it is.
	 * @param value what `read` gave
	 * @param name of the entry, where it was chosen from a list in the editor
	 */
	inWords?(value: unknown, timezone: string, name?: string): string;
	/**
	 * Checks again when it is the item's turn to be sent, which may be much later.
	 * @param value what `read` gave
	 * @param now current time in milliseconds since 1970
	 * @throws ValueRefused if it may not be sent any more
	 */
	checkAtTurn?(value: unknown, now: number): void;
}

/** The table of an operation: name in the request → field of the editor. The person goes into the path. */
export type Fields = { user_id: Field } & Record<string, Field>;
