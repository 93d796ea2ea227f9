export { byId, byUrl, fromList } from '../../../harness/locators';

/** An expression that takes a field from the input item. */
export const fromItem = (field: string) => `={{ $json.${field} }}`;

/** Options that send each item once and wait for nothing. */
export const noRetries = { maxRetries: 0, retryWait: 0 };
