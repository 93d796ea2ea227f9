import type { IDataObject } from 'n8n-workflow';

/**
 * Reads the `Retry-After` header in both of its forms, seconds and HTTP date
 * (RFC 9110, section 10.2.3).
 *
 * @param headers response headers, names in lower case
 * @param now current time in milliseconds since 1970
 * @returns milliseconds to wait, never negative; undefined if the header is missing or unreadable
 */
export function retryAfter(headers: IDataObject | undefined, now: number): number | undefined {
	const value = String(headers?.['retry-after'] ?? '').trim();
	if (/^\d{1,9}(\.\d+)?$/.test(value)) return Number(value) * 1000;
	const date = Date.parse(value);
	return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
