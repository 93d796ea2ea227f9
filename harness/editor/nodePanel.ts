import type { Locator, Page } from 'playwright-core';
import { byId } from './editor';

/** The panel that offers nodes to add to a workflow. */
export class NodePanel {
	private constructor(private readonly page: Page) {}

	/** Opens the panel in a new workflow. */
	static async open(page: Page, url: string): Promise<NodePanel> {
		await page.goto(`${url}/workflow/new`);
		return await NodePanel.openHere(page);
	}

	/** Opens the panel in the open workflow. */
	static async openHere(page: Page): Promise<NodePanel> {
		await byId(page, 'node-creator-plus-button').first().click();
		return new NodePanel(page);
	}

	/** Opens the panel for a node behind the last one of the open workflow. */
	static async openBehindLast(page: Page): Promise<NodePanel> {
		await byId(page, 'canvas-handle-plus').last().click();
		return new NodePanel(page);
	}

	/** Opens the panel for a node in front of another one of the open workflow. */
	static async openBefore(page: Page, name: string): Promise<NodePanel> {
		const target = `[data-target-node-name="${name}"]`;
		await page.locator(`[data-test-id="edge"]${target} path`).first().hover({ force: true });
		const label = page.locator(`[data-test-id="edge-label"]${target}`);
		await byId(label, 'add-connection-button').click();
		return new NodePanel(page);
	}

	/** Searches, and waits for an entry of that name. */
	async find(text: string, name: string): Promise<Locator> {
		await byId(this.page, 'node-creator-search-bar').fill(text);
		const entry = byId(this.page, 'item-iterator-item').filter({
			has: byId(this.page, 'node-creator-item-name').getByText(name, { exact: true }),
		});
		await entry.waitFor();
		return entry;
	}

	/** The headings of the actions, each with its actions, once a node has been opened. */
	async actions(): Promise<Record<string, string[]>> {
		const entries = byId(this.page, 'item-iterator-item');
		await entries.filter({ hasText: 'Actions' }).first().waitFor();
		const rows = await entries.evaluateAll((elements) =>
			elements.map((element) => ({
				text: (element.textContent ?? '').trim(),
				isEntry: element.querySelector('[data-test-id="node-creator-item-name"]') !== null,
			})),
		);
		const groups: Record<string, string[]> = {};
		let heading: string | undefined;
		for (const { text, isEntry } of rows) {
			if (!isEntry) groups[(heading = text)] = [];
			else if (heading !== undefined) groups[heading].push(text);
		}
		return groups;
	}

	/** Adds a node that performs an action; its details open. */
	async add(action: string): Promise<void> {
		await byId(this.page, 'node-creator-item-name').getByText(action, { exact: true }).click();
		await byId(this.page, 'ndv').waitFor();
	}
}

/** Where the picture of an element comes from; waits until it has been drawn. */
export async function iconOf(element: Locator): Promise<string> {
	const image = element.locator('img').first();
	await image.waitFor();
	// Runs in the page, whose types this project does not have.
	return await image.evaluate(async (element) => {
		const img = element as unknown as { src: string; decode(): Promise<void> };
		await img.decode();
		return new URL(img.src).pathname;
	});
}
