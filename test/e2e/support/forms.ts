import type { Page } from 'playwright-core';

/** A form of n8n asks once a second, and ever less often, whether its next page is there; here ten times as often. */
export async function askOften(page: Page): Promise<void> {
	await page.addInitScript(() => {
		const { setTimeout } = globalThis;
		globalThis.setTimeout = ((act: () => void, wait = 0) =>
			setTimeout(act, wait / 10)) as typeof setTimeout;
	});
}
