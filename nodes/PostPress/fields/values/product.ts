/** A LinkedIn product with IDs of its own for people. */
export interface Product {
	name: string;
	/** Its name in PostPress's `linkedin_api` parameter. */
	api: 'recruiter' | 'sales_navigator';
	/** How its IDs begin. PostPress shows AEM… for Recruiter on one page and AE… on two others. */
	prefix: string;
	/** Address of a person in the product. */
	example: string;
}

export const recruiter: Product = {
	name: 'Recruiter',
	api: 'recruiter',
	prefix: 'AE',
	example: 'https://www.linkedin.com/talent/profile/AEM...',
};

export const salesNavigator: Product = {
	name: 'Sales Navigator',
	api: 'sales_navigator',
	prefix: 'ACw',
	example: 'https://www.linkedin.com/sales/lead/ACw...',
};

/**
 * Why an ID of a person cannot belong to a product; undefined if it can.
 * Only what is certainly wrong is refused: PostPress knows its IDs better.
 */
export function mismatch(id: string, own: Product): string | undefined {
	if (/^A(Co|Do)/.test(id)) return `is a classic LinkedIn ID, which ${own.name} does not know`;
	const other = own === recruiter ? salesNavigator : recruiter;
	if (!id.startsWith(other.prefix)) return undefined;
	return `belongs to ${other.name}, but this operation needs an ID or address of ${own.name}`;
}
