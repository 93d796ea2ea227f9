import type { Locator, Page } from 'playwright-core';
import { eventually } from '../eventually';

/** Finds something by n8n's own id for tests. */
export const byId = (within: Page | Locator, id: string) =>
	within.locator(`[data-test-id="${id}"]`);

/** The texts within something that are not shown to their end. */
export async function cutTexts(within: Locator): Promise<string[]> {
	return await within.locator('*').evaluateAll((elements) => {
		const { getComputedStyle } = globalThis as unknown as Window;
		return (elements as unknown as Box[])
			.filter((box) => getComputedStyle(box).overflowX === 'hidden')
			.filter((box) => box.scrollWidth > box.clientWidth + 1)
			.map(({ textContent }) => (textContent ?? '').trim())
			.filter((text) => text !== '');
	});
}

/** What is used of a page here; this project does not have the types of pages. */
interface Window {
	getComputedStyle(box: Box): { overflowX: string };
}

interface Box {
	textContent: string | null;
	scrollWidth: number;
	clientWidth: number;
}

/** Opens a saved workflow. */
export async function openWorkflow(page: Page, url: string, id: string): Promise<void> {
	await page.goto(`${url}/workflow/${id}`);
	await byId(page, 'canvas-node').first().waitFor();
}

/** A node on the canvas of the open workflow. */
export const nodeOnCanvas = (page: Page, name: string) =>
	page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);

/** Opens the details of a node of the open workflow. */
export async function openNode(page: Page, name: string): Promise<NodeDetails> {
	await nodeOnCanvas(page, name).dblclick();
	const details = new NodeDetails(page);
	await byId(details.panel, 'node-parameters').waitFor();
	return details;
}

/** The dialog with input, parameters and output of one node. */
export class NodeDetails {
	readonly panel: Locator;
	readonly output: Locator;

	constructor(readonly page: Page) {
		this.panel = byId(page, 'ndv');
		this.output = byId(page, 'output-panel');
	}

	/** One parameter, with its label and hints. */
	parameter(name: string): Locator {
		return byId(this.panel, 'parameter-item').filter({
			has: this.page.locator(`[data-test-id="parameter-input-${name}"]`),
		});
	}

	/** Which of these parameters, once scrolled to, do not stand in the column of the parameters from side to side. */
	async cut(names: string[]): Promise<string[]> {
		const cut: string[] = [];
		for (const name of names) {
			const input = this.input(name);
			await input.scrollIntoViewIfNeeded();
			const [column, box] = await Promise.all(
				[byId(this.panel, 'node-parameters'), input].map((element) => element.boundingBox()),
			);
			const fits =
				column && box && box.x >= column.x && box.x + box.width <= column.x + column.width;
			if (!fits) cut.push(name);
		}
		return cut;
	}

	/** The input of one parameter. */
	input(name: string): Locator {
		return byId(this.panel, `parameter-input-${name}`);
	}

	/** The names of the parameters that can be seen, from top to bottom. */
	async visible(): Promise<string[]> {
		const prefix = 'parameter-input-';
		const ids = await this.panel
			.locator(`[data-test-id^="${prefix}"]:visible`)
			.evaluateAll((elements) => elements.map((element) => element.getAttribute('data-test-id')));
		const names = ids.map((id) => String(id).slice(prefix.length));
		return names.filter((name) => name !== 'field');
	}

	/** Chooses an entry of a parameter that offers fixed entries. */
	async choose(name: string, entry: string): Promise<void> {
		const entries = await this.open(this.input(name).locator('input'));
		await entries.filter({ has: this.page.getByText(entry, { exact: true }) }).click();
		await eventually(async () => {
			if ((await this.chosen(name)) !== entry) throw new Error(`${name} is not "${entry}"`);
		});
	}

	/** The label of the entry that is chosen. */
	chosen(name: string): Promise<string> {
		return this.input(name).locator('input').inputValue();
	}

	/** The labels of all entries that a parameter offers. */
	async entries(name: string): Promise<string[]> {
		const select = this.input(name).locator('input');
		const entries = await this.open(select);
		await entries.first().waitFor();
		const labels = await textsOf(entries);
		await select.click();
		return labels;
	}

	/** Whether a parameter carries the triangle of a missing or wrong value. */
	async isFlagged(name: string): Promise<boolean> {
		return await byId(this.parameter(name), 'parameter-issues').isVisible();
	}

	/** Chooses how a resource locator is filled in. */
	async mode(name: string, label: string): Promise<void> {
		const select = byId(this.locator(name), 'rlc-mode-selector').locator('input');
		const entries = await this.open(select);
		await entries.filter({ has: this.page.getByText(label, { exact: true }) }).click();
		await eventually(async () => {
			const chosen = await select.inputValue();
			if (chosen !== label) throw new Error(`${name} is filled in "${chosen}", not "${label}"`);
		});
	}

	/** Types into a resource locator; an expression goes into its editor. */
	async type(name: string, value: string): Promise<void> {
		await byId(this.locator(name), 'rlc-input').fill(value);
	}

	/** The text in a resource locator. */
	typed(name: string): Promise<string> {
		return byId(this.locator(name), 'rlc-input').inputValue();
	}

	/** Opens the list of a resource locator. */
	async openList(name: string): Promise<LocatorList> {
		await byId(this.locator(name), 'rlc-input').click();
		return new LocatorList(this.page);
	}

	/** Switches a boolean parameter. */
	async toggle(name: string): Promise<void> {
		await this.input(name).locator('.el-switch').click();
	}

	/** Writes text into a plain parameter. */
	async write(name: string, text: string): Promise<void> {
		await this.input(name).locator('textarea, input').first().fill(text);
	}

	/** Adds an entry of the collection "Options". */
	async addOption(label: string, name: string): Promise<void> {
		await byId(this.panel, 'collection-parameter-add').first().click();
		const entries = this.page.locator('.el-select-dropdown__item:visible');
		await entries.filter({ has: this.page.getByText(label, { exact: true }) }).click();
		await this.input(name).waitFor();
	}

	/** Runs the nodes before this one, so that their data is in the input. */
	async executePrevious(): Promise<void> {
		await byId(this.panel, 'execute-previous-node').click();
		await this.inputField('').first().waitFor();
	}

	/** Drags a field of the input to a resource locator. */
	async drag(field: string, name: string): Promise<void> {
		const [from, to] = [this.inputField(field).first(), this.locator(name)];
		await to.scrollIntoViewIfNeeded();
		const middleOf = async (element: Locator) => {
			const box = await element.boundingBox();
			if (!box) throw new Error(`${field} cannot be dragged to ${name}: one of them is not there`);
			return [box.x + box.width / 2, box.y + box.height / 2] as const;
		};
		const { mouse } = this.page;
		await mouse.move(...(await middleOf(from)));
		await mouse.down();
		await mouse.move(...(await middleOf(to)), { steps: 10 });
		await mouse.up();
	}

	/** Shows what every node has: what happens on an error, and the like. */
	async openSettings(): Promise<void> {
		await byId(this.panel, 'tab-settings').click();
		await this.input('onError').waitFor();
	}

	/** Shows the parameters again. */
	async openParameters(): Promise<void> {
		await byId(this.panel, 'tab-params').click();
		await this.input('resource').waitFor();
	}

	/** Runs the node, after what comes before it, and waits until it has ended. */
	async execute(): Promise<void> {
		await byId(this.panel, 'node-execute-button').click();
	}

	/** The error that the output shows, as a person reads it. */
	async error(): Promise<string> {
		const error = this.output.locator('.node-error-view');
		await error.waitFor();
		return await error.innerText();
	}

	/** What the output pane says of the node by itself. */
	hints(): Promise<string[]> {
		return textsOf(byId(this.output, 'node-hint'));
	}

	/** The items that the output shows, from its JSON view; a few small ones, since it cuts off long ones. */
	async items(): Promise<unknown[]> {
		await this.output.getByText('JSON', { exact: true }).click();
		const json = byId(this.output, 'ndv-data-container').locator('.json-data');
		await json.waitFor();
		const text = (await json.textContent()) ?? '';
		return JSON.parse(text.replaceAll('\u00a0', ' ')) as unknown[];
	}

	async close(): Promise<void> {
		await byId(this.panel, 'ndv-close-button').click();
		await this.panel.waitFor({ state: 'hidden' });
	}

	/** The name of a field in the input. */
	private inputField(text: string): Locator {
		const schema = byId(this.panel, 'ndv-input-panel').locator(
			'[data-test-id="run-data-schema-item"]',
		);
		return schema.filter({ hasText: text }).locator('[data-target="mappable"]');
	}

	private locator(name: string): Locator {
		return byId(this.panel, `resource-locator-${name}`);
	}

	/** Opens a list of fixed entries; the list hangs elsewhere in the page. */
	private async open(select: Locator): Promise<Locator> {
		await select.click();
		const list = await select.getAttribute('aria-controls');
		return this.page.locator(`[id="${list}"] .el-select-dropdown__item:visible`);
	}
}

/** The open list of a resource locator. */
export class LocatorList {
	constructor(private readonly page: Page) {}

	get items(): Locator {
		return this.page.locator('[data-test-id="rlc-item"]:visible');
	}

	/** The entries that can be seen at this moment. */
	labels(): Promise<string[]> {
		return textsOf(this.items);
	}

	/** Why there are no entries. */
	async reason(): Promise<string> {
		const message = this.page.locator('[data-test-id="rlc-error-message"]:visible');
		await message.waitFor();
		return await message.innerText();
	}

	async search(text: string): Promise<void> {
		await this.page.locator('[data-test-id="rlc-search"]:visible').fill(text);
	}

	async pick(label: string): Promise<void> {
		await this.items.filter({ hasText: label }).first().click();
	}
}

const textsOf = (found: Locator): Promise<string[]> =>
	found.evaluateAll((elements) => elements.map((element) => (element.textContent ?? '').trim()));
