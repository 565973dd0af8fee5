import { fileURLToPath } from 'node:url';
import { mustDocker } from '../engine/docker.ts';
import type { EngineAccess } from '../engine/engine.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const limitMs = 600_000;

/**
 * Builds bench/image/Dockerfile, the usual two-stage image of the same sources on the same base. The image is gone at the
 * end of the run.
 * @returns Its name.
 */
export async function buildUsualImage(engine: EngineAccess): Promise<string> {
  const name = `trading-backend-usual:${engine.run}`;
  const base = `NODE_IMAGE=${engine.images.NODE_IMAGE}`;
  const build = ['build', '--quiet', '--file', 'bench/image/Dockerfile', '--build-arg', base, '--tag', name];
  await mustDocker(engine, [...build, '.'], { cwd: root, timeoutMs: limitMs });
  return name;
}
