import type { Server as HttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { openPorts, type ServiceAddresses } from '@app/bootstrap';
import { createManagementServer, type ManagementAnswers, type MetricsText } from '@app/metrics';
import type { ServiceSettings } from '../messages.js';
import type { ConnectionQueue } from './connection-queue.js';

/** Connections that wait for a worker, at most: each takes a descriptor, and a worker cannot be started without some. */
const mostWaiting = 10_000;

export interface ServicePortOptions {
  readonly settings: ServiceSettings;
  readonly answers: Pick<ManagementAnswers, 'livez' | 'readyz' | 'startupz'>;
  readonly metrics: () => Promise<MetricsText>;
  readonly connections: ConnectionQueue<Socket>;
  /** Told of what could not be accepted or answered. */
  readonly failed: (error: unknown) => void;
}

/**
 * The two ports of the service. They are the supervisor's alone, so they stay open whatever becomes of the workers; what
 * comes on the first goes to the workers, unread.
 */
export class ServicePort {
  readonly addresses: ServiceAddresses;
  readonly #api: Server;
  readonly #management: HttpServer;

  private constructor(api: Server, management: HttpServer, addresses: ServiceAddresses) {
    this.#api = api;
    this.#management = management;
    this.addresses = addresses;
  }

  /** Listens. Throws `port_in_use`, or `configuration_invalid` for an address that cannot be had. */
  static async open({
    settings,
    answers,
    metrics,
    connections,
    failed,
  }: ServicePortOptions): Promise<ServicePort> {
    // A client that has said its last may still wait for the answer.
    const api = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (connection) => {
      // One that is reset while it waits is given on like the others, and is the worker's to notice.
      connection.on('error', () => undefined);
      if (connections.waiting < mostWaiting) connections.offer(connection);
      else connection.destroy();
    });
    const { livez, readyz, startupz } = answers;
    const management = createManagementServer({ answers: { livez, readyz, startupz, metrics }, failed });
    const addresses = await openPorts({ api, management }, settings);
    for (const server of [api, management]) server.on('error', failed);
    return new ServicePort(api, management, addresses);
  }

  /** New connections to the API are refused. */
  closeApi(): void {
    if (this.#api.listening) this.#api.close();
  }

  close(): void {
    this.closeApi();
    this.#management.close().closeAllConnections();
  }
}
