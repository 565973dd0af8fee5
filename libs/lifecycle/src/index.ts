export { ApplicationState, type ApplicationPhase, type ApplicationTransition } from './application-state.js';
export { backOffMs } from './back-off.js';
export { systemClock, type Clock } from './clock.js';
export { type Datastore, type DatastoreStats, type PingResult } from './datastore.js';
export {
  DatastoreStates,
  type DatastoreFinding,
  type DatastoreState,
  type DatastoreStatus,
  type DatastoreTransition,
} from './datastore-states.js';
export { Subscribers, type Unsubscribe } from './events.js';
export { Lifecycle } from './lifecycle.js';
export type { BodyBudgetReport } from './overload/body-budget.js';
export type { BodyReservation } from './overload/body-reservation.js';
export type { BodyRoom } from './overload/body-room.js';
export { type EventLoopDelay, type EventLoopDelayReport } from './overload/event-loop-delay.js';
export { gcKind } from './overload/gc-kind.js';
export type { HeapPressureOptions } from './overload/heap-pressure.js';
export { Overload, type OverloadReport, ownCauses } from './overload/overload.js';
export type { RequestKind } from './overload/pressure-share.js';
export type { PressureSource } from './overload/pressure-source.js';
export type { ShedCounts } from './overload/shed-counts.js';
export type { SheddingEvent } from './overload/shedding-episode.js';
export { watchMemory } from './overload/watch-memory.js';
export { pause } from './pause.js';
export { PreflightChecks, type PreflightCheck, type PreflightFinding } from './preflight-checks.js';
export { ShutdownSteps, shutdownStages, type ShutdownStage, type ShutdownStep } from './shutdown-steps.js';
export {
  StartupTimeline,
  startupPhases,
  type StartupPhase,
  type StartupPhaseReport,
} from './startup-timeline.js';
export { until } from './until.js';
