import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { mustDocker } from './engine/docker.ts';
import type { EngineAccess } from './engine/engine.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const limitMs = 600_000;

/** What the image under test is told to be; the same for all, so that it is built once. */
export const testBuild = { VERSION: '0.0.0-test.1', COMMIT: '5eed0000000000000000000000000000000000aa' };

export interface ProjectImageOptions {
  readonly target?: 'runtime' | 'dev';
  /** Build arguments besides NODE_IMAGE, instead of `testBuild`. */
  readonly args?: Readonly<Record<string, string>>;
  /** The build context, instead of this checkout. */
  readonly context?: string;
}

/**
 * Builds docker/Dockerfile on the engine. To ask again costs no more than a look into the build cache. The image is
 * gone at the end of the run.
 * @returns Its name.
 */
export async function buildProjectImage(
  engine: EngineAccess,
  options: ProjectImageOptions = {},
): Promise<string> {
  const { target = 'runtime', args = testBuild, context = root } = options;
  const variables = { ...args, NODE_IMAGE: engine.images.NODE_IMAGE };
  const what = createHash('sha256').update(JSON.stringify([target, variables, context]));
  const name = `trading-backend-test:${engine.run}-${what.digest('hex').slice(0, 8)}`;
  const given = Object.entries(variables).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]);
  const build = ['build', '--quiet', '--file', 'docker/Dockerfile', '--target', target, '--tag', name];
  await mustDocker(engine, [...build, ...given, '.'], { cwd: context, timeoutMs: limitMs });
  return name;
}
