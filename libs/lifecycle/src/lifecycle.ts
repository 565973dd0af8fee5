import type { DatastoreName } from '@app/errors';
import { ApplicationState } from './application-state.js';
import { type Clock, systemClock } from './clock.js';
import { DatastoreStates } from './datastore-states.js';
import { Overload } from './overload/overload.js';
import { PreflightChecks } from './preflight-checks.js';
import { ShutdownSteps } from './shutdown-steps.js';
import { StartupTimeline } from './startup-timeline.js';

/** Everything that is known of the process's own life; one per process, made before Nest is loaded. */
export class Lifecycle {
  readonly clock: Clock;
  readonly application: ApplicationState;
  readonly datastores: DatastoreStates;
  readonly startup: StartupTimeline;
  readonly overload: Overload;
  readonly preflight = new PreflightChecks();
  readonly shutdown = new ShutdownSteps();

  constructor(datastores: readonly DatastoreName[], clock: Clock = systemClock) {
    this.clock = clock;
    this.application = new ApplicationState(clock);
    this.datastores = new DatastoreStates(datastores, clock);
    this.startup = new StartupTimeline(clock);
    this.overload = new Overload(this.application);
  }
}
