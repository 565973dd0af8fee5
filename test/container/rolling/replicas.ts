import { waitFor } from '@app/testing';
import type { EngineAccess } from '../engine/engine.ts';
import type { DatastoreNetwork } from './datastore-network.ts';
import { type Proxy, type ServerName, startProxy } from './proxy.ts';
import { type Replica, startReplica } from './replica.ts';

const upLimitMs = 60_000;

/** Two replicas behind HAProxy; for `await using`, which stops the replicas. */
export interface Replicas extends AsyncDisposable {
  readonly proxy: Proxy;
  /** Replaces one after the other, each once the other one serves. Returns the exit codes of the former ones. */
  roll(): Promise<number[]>;
}

export interface ReplicasOptions {
  readonly image: string;
  /** The last part of their addresses. */
  readonly addresses: Readonly<Record<ServerName, number>>;
  /** More of their environment, as `SHUTDOWN_DRAIN_DELAY`. */
  readonly settings?: Readonly<Record<string, string>>;
}

export async function startReplicas(
  engine: EngineAccess,
  network: DatastoreNetwork,
  options: ReplicasOptions,
): Promise<Replicas> {
  const address = (server: ServerName): string => network.address(options.addresses[server]);
  const proxy = await startProxy(engine, network, { one: address('one'), two: address('two') });
  const start = async (server: ServerName): Promise<Replica> => {
    const replica = await startReplica(engine, network, { ...options, address: address(server) });
    await waitFor(() => proxy.isUp(server), { timeoutMs: upLimitMs, message: `replica ${server} to be up` });
    return replica;
  };
  const running = { one: await start('one'), two: await start('two') };
  return {
    proxy,
    roll: async () => {
      const codes: number[] = [];
      for (const server of ['one', 'two'] as const) {
        codes.push(await running[server].stop());
        running[server] = await start(server);
      }
      return codes;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([running.one.stop(), running.two.stop()]);
    },
  };
}
