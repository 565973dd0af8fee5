import type { EndOrder, ProcessVitals, WorkerReport } from '@app/bootstrap';
import type { LoggingConfig } from '@app/config';
import type { FamilyText, ManagementAnswer } from '@app/metrics';

/** What the supervisor needs of the configuration that a worker has validated; no secret. Times are milliseconds. */
export interface ServiceSettings {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly managementHost: string;
  readonly managementPort: number;
  readonly logging: LoggingConfig;
  readonly stuckTimeoutMs: number;
  readonly startupTimeoutMs: number;
  readonly shutdownTimeoutMs: number;
}

/** The answers of the management port as one worker would give them. */
export type ManagementProbe = 'livez' | 'readyz' | 'startupz';
export type ProbeAnswers = Readonly<Record<ManagementProbe, ManagementAnswer & { readonly body: string }>>;

/** What a worker tells its supervisor. */
export type FromWorker =
  | { readonly type: 'settings'; readonly settings: ServiceSettings }
  /** Its front door answers, health only as yet. */
  | { readonly type: 'answering' }
  /** Its answers have changed. */
  | { readonly type: 'health'; readonly answers: ProbeAnswers }
  /** It serves. */
  | { readonly type: 'ready' }
  | { readonly type: 'heartbeat'; readonly vitals: ProcessVitals }
  /** It has the connection, so that the supervisor can let go of it. */
  | { readonly type: 'took'; readonly id: number }
  /** It is to be given no more connections. */
  | { readonly type: 'leave' }
  /** Wants to know how all workers are. */
  | { readonly type: 'ask'; readonly id: number }
  /** When it is asked, and once more at its end; without families where it could not collect them. */
  | { readonly type: 'metrics'; readonly families?: readonly FamilyText[] };

/** What the supervisor tells a worker. */
export type ToWorker =
  /** The first message of all. */
  | {
      readonly type: 'seat';
      readonly number: number;
      readonly memoryShareBytes?: number;
      /** No worker of the service has served yet. */
      readonly firstStart: boolean;
    }
  /** Comes with the connection itself. */
  | { readonly type: 'connection'; readonly id: number }
  /** Follows `leave`, and all connections that were on their way. */
  | { readonly type: 'left' }
  | { readonly type: 'end'; readonly order: EndOrder }
  | { readonly type: 'reply'; readonly id: number; readonly workers: readonly WorkerReport[] }
  | { readonly type: 'collect' };

const fromWorker = new Set<FromWorker['type']>([
  'settings',
  'answering',
  'health',
  'ready',
  'heartbeat',
  'took',
  'leave',
  'ask',
  'metrics',
]);
const toWorker = new Set<ToWorker['type']>(['seat', 'connection', 'left', 'end', 'reply', 'collect']);

/** A message of a worker; undefined for one of somebody else, as a debugger or a library. */
export function readFromWorker(message: unknown): FromWorker | undefined {
  return hasType(message, fromWorker) ? (message as FromWorker) : undefined;
}

/** A message of the supervisor; undefined for one of somebody else. */
export function readToWorker(message: unknown): ToWorker | undefined {
  return hasType(message, toWorker) ? (message as ToWorker) : undefined;
}

function hasType(message: unknown, types: ReadonlySet<string>): boolean {
  return (
    typeof message === 'object' &&
    message !== null &&
    'type' in message &&
    typeof message.type === 'string' &&
    types.has(message.type)
  );
}
