import type { IDataObject, INodeParameters, NodeParameterValue } from 'n8n-workflow';

type Value = NodeParameterValue | IDataObject;

/** A resource locator as the editor saves it. */
export const locator = (mode: string, value: Value) =>
	({ __rl: true, mode, value }) as unknown as INodeParameters;

/** A resource locator in the mode "By ID". */
export const byId = (value: Value) => locator('id', value);

/** A resource locator in the mode "By URL". */
export const byUrl = (value: Value) => locator('url', value);

/** A resource locator in the mode "From List", as the editor leaves it behind. */
export const fromList = (value: Value) =>
	({ ...locator('list', value), cachedResultName: 'Name in the list' }) as INodeParameters;
