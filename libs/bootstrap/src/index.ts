export {
  InitFailedError,
  PreflightError,
  ShutdownStepError,
  StartupTimeoutError,
} from './bootstrap.errors.js';
export type { RequestHandler } from './front-door.js';
export { letProbesIn } from './let-probes-in.js';
export { readInitStatus, type InitStatus } from './init-status.js';
export { listeningText, openPorts, type ServiceAddresses } from './open-ports.js';
export { runService } from './run-service.js';
export type { ServiceApplication, ServiceDefinition } from './service-definition.js';
export type { EndOrder, EndOrders, HostedService, ServiceHost } from './service-host.js';
export { serviceMetrics } from './service-metrics.js';
export { listenToShutdownSignals, type SignalHandlers } from './shutdown-signals.js';
export type { BuildInfo, ServiceContext } from './service-context.js';
export { shutdownSignals, type ShutdownSignal } from './shutdown-timeline.js';
export type { ProcessVitals, WorkerReport } from './worker-report.js';
