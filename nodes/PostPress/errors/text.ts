/** The longest text of the API that is shown or handed on; some answers hold a whole schema. */
const MAX_LENGTH = 600;

/**
 * Text fit to be shown.
 * @returns one line without control characters, cut to 600 characters; null for anything but text
 */
export function oneLine(value: unknown): string | null {
	if (typeof value !== 'string') return null;
	// \p{C}: control and format characters, unpaired surrogates.
	const line = value
		.slice(0, 10 * MAX_LENGTH)
		.replace(/[\s\p{C}]+/gu, ' ')
		.trim();
	return line === '' ? null : cut(line, MAX_LENGTH);
}

/** The beginning of a text, with a sign that it goes on. */
export function cut(text: string, length: number): string {
	if (text.length <= length) return text;
	// Not through the middle of a character.
	return `${text.slice(0, length).replace(/\p{Surrogate}$/u, '')}…`;
}
