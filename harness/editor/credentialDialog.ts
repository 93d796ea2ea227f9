import type { Locator, Page } from 'playwright-core';
import { byId } from './editor';

/** The dialog in which a credential is created. */
export class CredentialDialog {
	private readonly dialog: Locator;

	private constructor(page: Page) {
		this.dialog = byId(page, 'editCredential-modal');
	}

	/** Opens it for a new credential, as somebody does who looks for the service by name. */
	static async create(page: Page, url: string, type: string): Promise<CredentialDialog> {
		await page.goto(`${url}/home/credentials/create`);
		await byId(page, 'new-credential-type-select').locator('input').fill(type);
		await page
			.locator('.el-select-dropdown__item:visible')
			.getByText(type, { exact: true })
			.click();
		await byId(page, 'new-credential-type-button').click();
		const opened = new CredentialDialog(page);
		await opened.field('apiKey').waitFor();
		return opened;
	}

	field(name: string): Locator {
		return byId(this.dialog, `parameter-input-${name}`);
	}

	value(name: string): Promise<string> {
		return this.field(name).locator('input').inputValue();
	}

	async fill(values: Record<string, string>): Promise<void> {
		for (const [name, value] of Object.entries(values)) {
			await this.field(name).locator('input').fill(value);
		}
	}

	/** Saves it; n8n then runs the test of the credential. */
	async save(): Promise<void> {
		await byId(this.dialog, 'credential-save-button').click();
	}

	/** The headline above the fields. */
	async verdict(): Promise<string> {
		const verdict = this.dialog
			.locator('.el-tag:visible')
			.getByText(/^(Connection tested|Couldn’t connect)/);
		await verdict.waitFor();
		return (await verdict.innerText()).trim();
	}

	/** What stands below the headline of a failure. */
	async reason(): Promise<string> {
		const failure = this.dialog.locator('.el-tag--danger:visible');
		await failure.getByText('More details').click();
		const text = await failure.innerText();
		const [, reason = ''] = text.split(/\nRetry\n/);
		return reason.trim();
	}
}
