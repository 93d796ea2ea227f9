import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openPage, startBrowser, type Look } from '../../../harness/editor/browser';
import { startBench, type Bench, type BenchOptions } from './bench';
import { onFailure } from './evidence';

/** A bench with a browser in front of it. */
export interface EditorBench extends Bench {
	readonly browser: Browser;
	/** A page on which the owner is signed in; a failure leaves a picture of it. */
	openPage(look?: Look): Promise<Page>;
}

/** Starts both once for a test file, and ends them. */
export function startEditorBench(options: BenchOptions = {}): EditorBench {
	const own = {
		async openPage(look) {
			const page = await openPage(own.browser, own, look);
			const forget = onFailure(async (folder) => {
				await page.screenshot({ path: path.join(folder, 'page.png') });
			});
			page.once('close', forget);
			return page;
		},
	} as EditorBench;

	beforeAll(async () => {
		const [bench, browser] = await Promise.all([startBench(options), startBrowser()]);
		Object.defineProperties(own, Object.getOwnPropertyDescriptors(bench));
		Object.assign(own, { browser });
	}, 120_000);
	afterAll(async () => {
		await own.browser?.close();
		await own.stop?.();
	});
	return own;
}
