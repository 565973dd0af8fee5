import { AppError } from './app-error.js';
import { coreErrors } from './core-errors.js';
import type { DatastoreName, FailureReason } from './failure-reason.js';

/**
 * A datastore did not do what was asked of it. The detail names the datastore and the reason, which are
 * fit for the public; addresses and the driver's message are in the cause, for the log alone.
 */
export class DatastoreError extends AppError {
  readonly datastore: DatastoreName;
  readonly reason: FailureReason;

  constructor(datastore: DatastoreName, reason: FailureReason, cause?: unknown) {
    super(coreErrors.datastore_unavailable, `The datastore ${datastore} does not work (${reason}).`, {
      data: { datastore, reason },
      cause,
    });
    this.datastore = datastore;
    this.reason = reason;
  }
}
