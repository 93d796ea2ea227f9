import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import * as editor from '../../../harness/editor/browser';
import type { Bench } from './bench';
import { onFailure } from './evidence';

/** A page on which the owner is signed in; a failure leaves a picture of it. */
export async function openPage(
	browser: Browser,
	bench: Pick<Bench, 'url' | 'rest'>,
	look?: editor.Look,
): Promise<Page> {
	const page = await editor.openPage(browser, bench, look);
	const forget = onFailure(async (folder) => {
		await page.screenshot({ path: path.join(folder, 'page.png') });
	});
	page.once('close', forget);
	return page;
}
