import { refuse } from './envelope';

/** The two shapes in which PostPress documents lists: `items` + `cursor`, `data` + `next_cursor`. */
export type ListShape = 'items' | 'data';

/** One page of a list, and the cursor of the next one. */
export interface Page<T> {
	entries: T[];
	cursor: string | null;
}

/** Cuts one page out of a list; refuses a cursor that no page ever gave. */
export function pageOf<T>(all: readonly T[], limit: number, cursor?: string): Page<T> {
	const start = cursor ? readCursor(cursor) : 0;
	const end = start + limit;
	return { entries: all.slice(start, end), cursor: end < all.length ? writeCursor(end) : null };
}

/** Writes a page in one of the two shapes. */
export function pageBody<T>(shape: ListShape, object: string, page: Page<T>): object {
	return shape === 'items'
		? { object, items: page.entries, cursor: page.cursor }
		: { data: page.entries, next_cursor: page.cursor };
}

function writeCursor(offset: number): string {
	return Buffer.from(`offset:${offset}`).toString('base64url');
}

function readCursor(cursor: string): number {
	const match = /^offset:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString());
	if (!match) refuse('invalid_parameters', 'query/cursor is not a cursor of this list');
	return Number(match[1]);
}
