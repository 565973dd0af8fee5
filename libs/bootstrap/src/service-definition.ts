import type { DatastoreStats } from '@app/lifecycle';
import type { FamilyText } from '@app/metrics';
import type { RequestHandler } from './front-door.js';
import type { BuildInfo, ServiceContext } from './service-context.js';
import type { StartingApplication } from './startup-sequence.js';

/** An application that is loaded and stands behind the front door. */
export interface ServiceApplication extends StartingApplication {
  readonly handler: RequestHandler;
  /** The connections to each datastore, for `detailed`. */
  pools?(): Readonly<Record<string, DatastoreStats>>;
  /** The metrics of this process at this moment. */
  metrics?(): Promise<readonly FamilyText[]>;
  /** Runs the shutdown hooks of its modules; rejects when one failed. */
  close(): Promise<void>;
}

export interface ServiceDefinition {
  readonly build: BuildInfo;
  /** Loads the application; called once the front door answers. */
  load(context: ServiceContext): Promise<ServiceApplication>;
}
