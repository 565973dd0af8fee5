import { mustDocker } from './engine/docker.ts';
import type { EngineAccess } from './engine/engine.ts';

/** What `docker inspect` tells of a container, as far as the specs read it. */
export interface Inspected {
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly Health?: { readonly Status: string };
  };
  readonly Config: { readonly User: string; readonly StopTimeout?: number };
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean;
    readonly CapAdd: readonly string[] | null;
    readonly CapDrop: readonly string[] | null;
    readonly SecurityOpt: readonly string[] | null;
    readonly Tmpfs?: Readonly<Record<string, string>>;
    readonly PidsLimit: number | null;
    readonly Memory: number;
    readonly MemoryReservation: number;
    readonly NanoCpus: number;
    readonly LogConfig: { readonly Type: string; readonly Config: Readonly<Record<string, string>> };
    readonly RestartPolicy: { readonly Name: string; readonly MaximumRetryCount: number };
  };
  readonly NetworkSettings: {
    readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>>;
  };
}

export async function inspected(engine: EngineAccess, container: string): Promise<Inspected> {
  return JSON.parse(await mustDocker(engine, ['inspect', '--format', '{{json .}}', container])) as Inspected;
}
