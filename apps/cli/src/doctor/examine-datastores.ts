import { availableParallelism } from 'node:os';
import { type Config, nodeFlags } from '@app/config';
import { readContainerLimits } from '@app/container';
import { capacityReport, demandOf } from '@app/workers/nest';
import { withDatastores } from '../db-status/datastore-clients.js';
import { dbStatus } from '../db-status/db-status.js';
import type { DoctorReport } from './doctor-report.js';

/** Of this much a server that swallows packets may take, in milliseconds. */
const timeoutMs = 5_000;

/** Asks the datastores how they are, and compares what a start would ask for here with what they have. */
export function examineDatastores(config: Config): Promise<Pick<DoctorReport, 'status' | 'capacity'>> {
  const limits = readContainerLimits();
  const demand = demandOf(config, { limits, parallelism: availableParallelism(), flags: nodeFlags() });
  return withDatastores(config, 'doctor', async (clients) => {
    // First, since it waits for the connections.
    const status = await dbStatus(config, clients, AbortSignal.timeout(timeoutMs));
    const { postgres, redis } = clients;
    const capacity = await capacityReport(demand, { postgres, redis, applicationName: config.app.name });
    return { status, capacity };
  });
}
