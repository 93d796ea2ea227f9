export type { Endpoint, ErrorType, OperationId } from './contract';
export { contract, errorTypes } from './contract';
