import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import type { App } from '../app/app';

/** What is waited for on a page, in milliseconds. */
const PATIENCE = 15_000;

/** Nothing of Chromium's own may ask the network for anything. */
const FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/** Starts Debian's Chromium. */
export function startBrowser(): Promise<Browser> {
	return chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
}

/** How a page looks. */
export interface Look {
	dark?: boolean;
	width?: number;
	height?: number;
	/** Device pixels for each pixel of the page. */
	scale?: number;
}

/** A page on which the owner is signed in. */
export async function openPage(
	browser: Browser,
	{ url, rest }: Pick<App, 'url' | 'rest'>,
	look: Look = {},
): Promise<Page> {
	const page = await (await contextOf(browser, url, look)).newPage();
	await page.context().addCookies([{ ...rest.session, url }]);
	page.setDefaultTimeout(PATIENCE);
	return page;
}

/** Pages of one look share what they have loaded: the editor is large. */
async function contextOf(browser: Browser, url: string, look: Look): Promise<BrowserContext> {
	const { dark = false, width = 1440, height = 900, scale = 1 } = look;
	const viewport = { width, height };
	const settings = {
		viewport,
		deviceScaleFactor: scale,
		colorScheme: dark ? ('dark' as const) : ('light' as const),
		reducedMotion: 'reduce' as const,
		locale: 'en-GB',
		timezoneId: 'Europe/Berlin',
	};
	const key = JSON.stringify([url, settings]);
	const known = contexts.get(browser) ?? new Map<string, BrowserContext>();
	contexts.set(browser, known);
	const context = known.get(key) ?? (await browser.newContext(settings));
	known.set(key, context);
	return context;
}

const contexts = new WeakMap<Browser, Map<string, BrowserContext>>();
