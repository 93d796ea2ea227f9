import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { FailureData } from '../../../nodes/PostPress/errors/failure';
import { failed, performed, type RunResult } from '../../../harness/engine';

/** The key `error` of an item that failed. */
export type ItemError = FailureData & IDataObject;

/** The `error` of an item; undefined if the item did not fail. */
export const errorOf = ({ json }: INodeExecutionData) => json.error as ItemError | undefined;

/** The index of the input item that an item comes from. */
export const indexOf = ({ pairedItem }: INodeExecutionData) =>
	(pairedItem as { item: number } | undefined)?.item ?? NaN;

/** The item, on whichever output, that comes from the input item with this index. */
export const itemFrom = (result: RunResult, index: number) =>
	[...performed(result), ...failed(result)].find((item) => indexOf(item) === index);

/** The `error` of the failed items, in order. */
export const errorsOf = (result: RunResult) =>
	[...performed(result), ...failed(result)].map(errorOf).filter((error) => error !== undefined);

/** What the error that has ended a run says of the item that has ended it. */
export const errorData = ({ error }: RunResult) => error?.context?.data as ItemError | undefined;
