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

/**
 * Takes the API key out of an answer, which may repeat what it was sent: in texts and names, as it is or as JSON,
 * a URL or base64 would spell it. A secret shorter than any key stays, since it would stand everywhere.
 *
 * @returns the verdict alone, where an answer is nested too deeply for JSON (and for n8n)
 */
export function withoutSecret<T extends object>(answer: T, secret: string): T {
	const base64 = Buffer.from(secret).toString('base64').replace(/=/g, '');
	const spellings = [secret, inJson(secret), encodeURIComponent(secret), base64].filter(
		({ length }) => length > 3,
	);
	const hide = (text: string) =>
		spellings.reduce((rest, spelling) => rest.replaceAll(spelling, '***'), text);
	try {
		const json = JSON.stringify(answer) ?? '';
		if (!spellings.some((spelling) => json.includes(inJson(spelling)))) return answer;
		const cleanText = (text: string) => JSON.stringify(hide(JSON.parse(text) as string));
		return JSON.parse(json.replace(/"[^"\\]*(?:\\.[^"\\]*)*"/g, cleanText)) as T;
	} catch {
		return { success: (answer as { success?: unknown }).success } as T;
	}
}

/** A text as it stands in JSON, without the quotes. */
const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
