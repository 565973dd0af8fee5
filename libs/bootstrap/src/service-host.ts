import type { Config } from '@app/config';
import type { HealthAnswers } from '@app/health';
import type { Lifecycle } from '@app/lifecycle';
import type { Logging } from '@app/logging';
import type { FamilyText } from '@app/metrics';
import type { FrontDoor } from './front-door.js';
import type { ProcessVitals, WorkerReport } from './worker-report.js';

/** Why and how a service is to end. */
export interface EndOrder {
  /** A signal's name, or a few words. */
  readonly cause: string;
  /**
   * `drain`: load balancers have to learn of it, so the drain delay is kept. `replace`: another worker takes the new
   * connections already, and nobody else need notice. `abandoned`: whoever brought connections is gone.
   */
  readonly manner: 'drain' | 'replace' | 'abandoned';
}

export interface EndOrders {
  readonly end: (order: EndOrder) => void;
  /** To end at once, whatever is left to do. */
  readonly force: (why: string) => void;
}

/** What a host may know of the service behind the front door. */
export interface HostedService {
  readonly config: Config;
  readonly logging: Logging;
  readonly lifecycle: Lifecycle;
  readonly health: HealthAnswers;
  readonly frontDoor: FrontDoor;
  vitals(): ProcessVitals;
  /** The metrics of this process; none before the application is loaded. */
  metrics(): Promise<readonly FamilyText[]>;
}

/**
 * The surroundings that a service runs in: where its connections and the order to end come from, and who is told how
 * it is. A process that serves alone listens itself; a worker is given both by its supervisor.
 */
export interface ServiceHost {
  /** The number of this worker, from 1; undefined for a process that serves alone. */
  readonly worker: number | undefined;
  /** The memory that this process may take in all, in bytes; undefined where there is no limit. */
  readonly memoryShareBytes: number | undefined;
  /** The service as a whole starts; false in a worker that is started beside or after one that has served. */
  readonly firstStart: boolean;
  /** Gives the orders from now on; one that came before at once. */
  listenForOrders(orders: EndOrders): void;
  /** Brings connections to the front door from now on. Throws `port_in_use` or `configuration_invalid`. */
  open(service: HostedService): Promise<void>;
  /** The service serves. */
  ready(): void;
  /** Brings no new connections any more; resolves once none is on its way. */
  stopAccepting(): Promise<void>;
  /** The service has ended; resolves once nothing is left to be told of it. */
  close(): Promise<void>;
  /** Every worker of the service, by number. */
  workers(): Promise<readonly WorkerReport[]>;
}
