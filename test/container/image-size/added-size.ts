import { mustDocker } from '../engine/docker.ts';
import type { EngineAccess } from '../engine/engine.ts';

/** What an image adds to the one that it is built on, in MB of 1,000,000 bytes. */
export async function addedMegabytes(engine: EngineAccess, image: string, base: string): Promise<number> {
  const inspected = await mustDocker(engine, ['image', 'inspect', '--format', '{{.Size}}', image, base]);
  const [size = Number.NaN, baseSize = Number.NaN] = inspected.split('\n').map(Number);
  return (size - baseSize) / 1_000_000;
}
