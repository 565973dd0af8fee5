import type { Server } from 'node:http';
import { createManagementServer } from '@app/metrics';
import { listeningText, openPorts } from './open-ports.js';
import type { EndOrders, HostedService, ServiceHost } from './service-host.js';
import { serviceMetrics } from './service-metrics.js';
import { listenToShutdownSignals, unsupervisedSignals } from './shutdown-signals.js';
import type { WorkerReport } from './worker-report.js';

/** A process that serves alone: it listens itself, and the signals to end are its own. */
export class StandaloneHost implements ServiceHost {
  readonly worker = undefined;
  readonly firstStart = true;
  readonly memoryShareBytes: number | undefined;
  #service: HostedService | undefined;
  #management: Server | undefined;

  /** @param memoryLimit The container's memory limit in bytes, where there is one. */
  constructor(memoryLimit: number | undefined) {
    this.memoryShareBytes = memoryLimit;
  }

  listenForOrders({ end, force }: EndOrders): void {
    listenToShutdownSignals(process, unsupervisedSignals, {
      shutDown: (signal) => end({ cause: signal, manner: 'drain' }),
      force: (signal) => force(`a second ${signal}`),
    });
  }

  async open(service: HostedService): Promise<void> {
    this.#service = service;
    const { config, logging, frontDoor, health } = service;
    const management = createManagementServer({
      answers: {
        livez: () => health.liveness(),
        readyz: () => health.readiness(),
        startupz: () => health.startup(),
        metrics: async () => serviceMetrics(await service.metrics()),
      },
      failed: (err) => logging.logger.error({ err }, 'The management server could not answer.'),
    });
    this.#management = management;
    const addresses = await openPorts({ api: frontDoor.server, management }, config.app);
    logging.startupLogger.info(addresses, listeningText(addresses));
  }

  /** Readiness tells it. */
  ready(): void {
    // Nobody else is to be told.
  }

  stopAccepting(): Promise<void> {
    this.#service?.frontDoor.stopAccepting();
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#management?.close().closeAllConnections();
    return Promise.resolve();
  }

  workers(): Promise<readonly WorkerReport[]> {
    if (this.#service === undefined) return Promise.resolve([]);
    const { phase, ...vitals } = this.#service.vitals();
    const uptime = Math.floor(process.uptime());
    return Promise.resolve([{ number: 1, pid: process.pid, state: phase, uptime, restarts: 0, ...vitals }]);
  }
}
