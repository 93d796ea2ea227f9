export { byId, byUrl, fromList } from '../../../harness/locators';

/** An expression that takes a field from the input item. */
export const fromItem = (field: string) => `={{ $json.${field} }}`;

/** Options that let people follow one another at once. */
export const noPause = { delayBetweenRequests: 0 };

/** Options that send each item once and wait for nothing. */
export const noRetries = { ...noPause, maxRetries: 0, retryWait: 0 };
