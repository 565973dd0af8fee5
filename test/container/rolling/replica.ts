import { environment, hardened, startContainer } from '../container.ts';
import type { EngineAccess } from '../engine/engine.ts';
import type { DatastoreNetwork } from './datastore-network.ts';

export interface ReplicaOptions {
  readonly image: string;
  readonly address: string;
  /** More of its environment, as `SHUTDOWN_DRAIN_DELAY`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A container of the backend with production's settings and limits. */
export interface Replica {
  /** Ends it as an operator does, and removes it. Returns its exit code. */
  stop(): Promise<number>;
}

export async function startReplica(
  engine: EngineAccess,
  network: DatastoreNetwork,
  { image, address, settings = {} }: ReplicaOptions,
): Promise<Replica> {
  const place = [...network.program, '--ip', address, '--mount', 'type=volume,target=/var/log/trading'];
  const container = await startContainer(engine, image, [...hardened, ...place, ...environment(settings)]);
  return {
    stop: async () => {
      await using stopped = container;
      return (await stopped.stop()).code;
    },
  };
}
