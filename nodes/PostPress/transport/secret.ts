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
