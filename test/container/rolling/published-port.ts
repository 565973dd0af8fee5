import { mustDocker } from '../engine/docker.ts';
import type { EngineAccess } from '../engine/engine.ts';

/** The port of the engine's host at which a port of a container answers. */
export async function publishedPort(engine: EngineAccess, id: string, inside: number): Promise<number> {
  const [address = ''] = (await mustDocker(engine, ['port', id, `${String(inside)}/tcp`])).split('\n');
  return Number(address.slice(address.lastIndexOf(':') + 1));
}
