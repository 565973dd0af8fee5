import type { DatastoreName } from '@app/errors';
import type { Backend } from '../../support/backend.js';
import type { FaultName } from './cell.js';
import type { Report } from './report.js';
import type { Stand } from './stand.js';

/** One cell of the table. */
export interface Cell<Expected> {
  readonly target: DatastoreName;
  readonly fault: FaultName;
  readonly expected: Expected;
}

/** What a play has at hand. */
export interface Stage {
  readonly stand: Stand;
  readonly token: string;
  readonly report: Report;
  /** Starts a backend on the stand's datastores; it is killed after the play if it still runs. */
  start(): Promise<Backend>;
}
