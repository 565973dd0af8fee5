export { type DevServer, type DevServerName, type Progress, type ServerOptions } from './dev-server.js';
export {
  DataInUseError,
  DataUnusableError,
  devServiceErrors,
  ServerNotInstalledError,
  ServerNotStartedError,
} from './errors.js';
export { cloneFolder } from './dev-data.js';
export { freePort, isPortTaken } from './free-port.js';
export { findPromtool } from './promtool.js';
export {
  startInfluxdb,
  startPgbouncer,
  startPostgres,
  startRedis,
  startVictoriaMetrics,
} from './start-server.js';
export { ancestors } from './process-table.js';
export { startDevServices, type DevServices, type DevServicesOptions } from './dev-services.js';
export { runningUrls, type DatastoreUrls } from './running-urls.js';
export { type GuardedCommand } from './guarded-process.js';
