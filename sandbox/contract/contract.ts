import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One documented error: its identifier, HTTP status, and what PostPress says about it. */
export interface ErrorType {
	type: string;
	status: number;
	description: string;
}

/** The part of an OpenAPI document that the sandbox reads itself; the rest is for the framework. */
export interface Contract {
	paths: Record<string, Record<string, { operationId: OperationId }>>;
	components: { schemas: Record<string, object> };
	'x-errors': ErrorType[];
}

/** The operations of the contract, by their `operationId`. */
export type OperationId =
	| 'performAction'
	| 'listAccounts'
	| 'listSearchParameters'
	| 'listHiringProjects'
	| 'getUserProfile';

/** The endpoints that a sandbox can be started without. */
export type Endpoint = 'accounts' | 'projects' | 'searchParameters' | 'users';

const operationOf: Record<Endpoint, OperationId> = {
	accounts: 'listAccounts',
	projects: 'listHiringProjects',
	searchParameters: 'listSearchParameters',
	users: 'getUserProfile',
};

/** The OpenAPI document that routes, validation and errors are made from. */
export const contract = JSON.parse(
	readFileSync(join(__dirname, 'contract.json'), 'utf8'),
) as Contract;

/** Every documented error type, by identifier (`errors/…`). */
export const errorTypes: ReadonlyMap<string, ErrorType> = new Map(
	contract['x-errors'].map((error) => [error.type, error]),
);

/** The contract with some endpoints left out, as if PostPress did not have them. */
export function contractWithout(endpoints: readonly Endpoint[]): Contract {
	const absent = new Set(endpoints.map((endpoint) => operationOf[endpoint]));
	const paths = Object.entries(contract.paths).filter(
		([, methods]) => !Object.values(methods).some(({ operationId }) => absent.has(operationId)),
	);
	return { ...contract, paths: Object.fromEntries(paths) };
}
