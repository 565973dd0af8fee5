export { AppError, type AppErrorOptions } from './app-error.js';
export { coreErrors } from './core-errors.js';
export { DatastoreError } from './datastore-error.js';
export { defineErrors, type ErrorDefinition, type ErrorKind } from './error-definition.js';
export { exitCodes, type ExitCode } from './exit-code.js';
export {
  datastoreNames,
  failureReasons,
  networkFailureReason,
  type DatastoreName,
  type FailureReason,
} from './failure-reason.js';
