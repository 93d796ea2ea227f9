import type { N8nRest } from './rest';

/** A value of a data table; an ISO text for dates. */
export type Cell = string | number | boolean | null;

/** A row of a data table, with the columns that n8n adds. */
export type Row = { id: number } & Record<string, Cell>;

/** The most rows that n8n hands out at once. */
const PAGE = 250;

/** The data tables of the owner's own project, found by name as the Data Table node finds them. */
export class Tables {
	private readonly folders = new Map<string, string>();

	constructor(private readonly rest: N8nRest) {}

	/** All rows of a table, in the order in which they came. */
	async rows<Columns extends object = Row>(name: string): Promise<Array<Columns & Row>> {
		const folder = await this.folderOf(name);
		const found: Array<Columns & Row> = [];
		for (let total = 1; found.length < total; ) {
			const query = new URLSearchParams({
				take: String(PAGE),
				skip: String(found.length),
				sortBy: 'id:asc',
			});
			const page = await this.rest.get<{ count: number; data: Array<Columns & Row> }>(
				`${folder}/rows?${query}`,
			);
			found.push(...page.data);
			total = page.data.length > 0 ? page.count : 0;
		}
		return found;
	}

	/** Adds rows; columns that are left out are empty (null). */
	async insert(name: string, rows: object[]): Promise<void> {
		const folder = await this.folderOf(name);
		// n8n checks every value of a request, which takes long for thousands of them.
		for (let start = 0; start < rows.length; start += PAGE) {
			const data = rows.slice(start, start + PAGE);
			await this.rest.post(`${folder}/insert`, { data, returnType: 'count' });
		}
	}

	/** Changes the rows whose columns have these values, as a person does who edits the table. */
	async update(name: string, where: Record<string, Cell>, data: object): Promise<void> {
		const filter = filterOf(where);
		await this.rest.patch(`${await this.folderOf(name)}/rows`, { filter, data });
	}

	/** Deletes the rows whose columns have these values; all of them if none is given. */
	async delete(name: string, where?: Record<string, Cell>): Promise<void> {
		const filter = where
			? filterOf(where)
			: { type: 'and', filters: [{ columnName: 'id', condition: 'gt', value: 0 }] };
		const query = new URLSearchParams({ filter: JSON.stringify(filter) });
		await this.rest.delete(`${await this.folderOf(name)}/rows?${query}`);
	}

	private async folderOf(name: string): Promise<string> {
		const known = this.folders.get(name);
		if (known) return known;
		const project = await this.rest.get<{ id: string }>('projects/personal');
		const folder = `projects/${project.id}/data-tables`;
		const { data } = await this.rest.get<{ data: Array<{ id: string; name: string }> }>(
			`${folder}?take=${PAGE}`,
		);
		const table = data.find((one) => one.name === name);
		if (!table) throw new Error(`There is no data table "${name}"`);
		this.folders.set(name, `${folder}/${table.id}`);
		return `${folder}/${table.id}`;
	}
}

const filterOf = (where: Record<string, Cell>) => ({
	type: 'and',
	filters: Object.entries(where).map(([columnName, value]) => ({
		columnName,
		condition: 'eq',
		value,
	})),
});
