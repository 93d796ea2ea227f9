/** Bytes in a text that is long. */
export const MEGABYTE = 1_000_000;

/** Texts that nobody would type, by what they are. */
export const longTexts: Record<string, string> = {
	'1 MB': 'x'.repeat(MEGABYTE),
	'1 MB of emoji': '🍀'.repeat(MEGABYTE / 4),
	'1 MB of the beginning of addresses': 'linkedin.com/talent/'.repeat(MEGABYTE / 20),
	'1 MB of an address of a public profile': `https://www.linkedin.com/in/${'a-'.repeat(MEGABYTE / 2)}`,
	'1 MB of digits': '9'.repeat(MEGABYTE),
	'1 MB of spaces before a letter': `${' '.repeat(MEGABYTE)}x`,
};
