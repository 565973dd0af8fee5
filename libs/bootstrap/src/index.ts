export {
  InitFailedError,
  PreflightError,
  ShutdownStepError,
  StartupTimeoutError,
} from './bootstrap.errors.js';
export { type RequestHandler } from './front-door.js';
export { letProbesIn } from './let-probes-in.js';
export { readInitStatus, type InitStatus } from './init-status.js';
export { runService, type ServiceApplication, type ServiceDefinition } from './service.js';
export { type BuildInfo, type ServiceContext } from './service-context.js';
export { shutdownSignals, type ShutdownSignal } from './shutdown-timeline.js';
