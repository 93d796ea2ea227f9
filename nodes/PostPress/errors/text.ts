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

/** Takes the API key out of all texts of an answer, which may repeat what it was sent. */
export function withoutSecret<T extends object>(answer: T, apiKey: string): T {
	const clean = (_name: string, value: unknown) =>
		typeof value === 'string' ? hide(apiKey, value) : value;
	return JSON.parse(JSON.stringify(answer, clean)) as T;
}

/**
 * Takes a secret out of a text that may repeat it, also where the text was cut in the middle of it.
 *
 * @param secret not hidden where it is shorter than any key, since it would stand everywhere
 */
function hide(secret: string, text: string): string {
	if (secret.length < SHORTEST_SECRET) return text;
	const hidden = text.replaceAll(secret, '***');
	for (let length = secret.length - 1; length >= SHORTEST_SECRET; length--) {
		const start = `${secret.slice(0, length)}…`;
		if (hidden.endsWith(start)) return `${hidden.slice(0, -start.length)}***…`;
	}
	return hidden;
}

const SHORTEST_SECRET = 4;
