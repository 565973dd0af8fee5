import { type ExitCode, exitCodes } from '@app/errors';
import type { CapacityReport } from '@app/workers/nest';
import type { ConfigurationReport } from '../configuration-report.js';
import type { DbStatus } from '../db-status/db-status.js';

/** What was found. Without a configuration that can work nothing else is looked at. */
export interface DoctorReport {
  readonly configuration: ConfigurationReport;
  readonly status: DbStatus | null;
  readonly capacity: CapacityReport | null;
}

/** What can never work comes before what is only missing now. */
export function exitCodeOf({ configuration, status, capacity }: DoctorReport): ExitCode {
  if (!configuration.ok || capacity?.verdict === 'never') return exitCodes.config;
  return status?.ok === false ? exitCodes.unavailable : exitCodes.ok;
}
