import { EngineUnavailableError, type EngineAccess } from '../engine/engine.ts';
import { type Podman, startPodman } from '../engine/podman.ts';
import { buildProjectImage } from '../project-image.ts';
import type { SecretData } from './kubelet-volumes.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { kustomize } from './kustomize.ts';
import { loadImages } from './load-images.ts';
import { type Playground, writePod } from './playable-pods.ts';

const password = 'pw-of-the-test-only';

/** What the README lets a user put into the Secrets of the development overlay. */
export const secrets = {
  'backend-secrets': {
    SECRET_KEY: 'a-key-for-tests-0123456789-abcdefghij',
    DATABASE_URL: `postgres://trading:${password}@postgres:5432/trading`,
    REDIS_URL: 'redis://redis:6379/0',
    INFLUXDB_URL: 'http://influxdb:8086',
  },
  'postgres-secrets': { POSTGRES_PASSWORD: password },
} satisfies SecretData;

/** The development overlay with the component exec-probes, its datastores running in podman; for `await using`. */
export interface DevelopmentSystem extends AsyncDisposable {
  readonly objects: readonly KubernetesObject[];
  readonly podman: Podman;
  /** Plays one more pod of the Deployment `backend` under that name; it resolves once db-init has ended. */
  playBackend(name: string): Promise<void>;
}

/** Throws an EngineUnavailableError where podman cannot run. */
export async function startDevelopmentSystem(engine: EngineAccess): Promise<DevelopmentSystem> {
  const objects = await kustomize({
    overlay: 'overlays/development',
    components: ['components/exec-probes'],
  });
  const podman = await startPodman();
  try {
    const taken: Readonly<Record<string, string>> = {
      'trading-backend:latest': await buildProjectImage(engine),
      'postgres:17': engine.images.POSTGRES_IMAGE,
      'redis:8': engine.images.REDIS_IMAGE,
      'influxdb:1.11': engine.images.INFLUXDB_IMAGE,
    };
    const loaded = await loadImages(engine, podman, Object.values(taken));
    const images = Object.fromEntries(
      Object.entries(taken).map(([named, image]) => [named, loaded[image] ?? image]),
    );
    const playground: Playground = { folder: podman.folder, secrets, images };
    for (const store of ['postgres', 'redis', 'influxdb']) {
      await podman.play(await writePod(objects, store, playground));
    }
    return {
      objects,
      podman,
      playBackend: async (name) => podman.play(await writePod(objects, 'backend', playground, name)),
      [Symbol.asyncDispose]: () => podman[Symbol.asyncDispose](),
    };
  } catch (error) {
    await podman[Symbol.asyncDispose]();
    throw error;
  }
}

/** As `startDevelopmentSystem`, with the reason where podman cannot run. */
export async function tryDevelopmentSystem(
  engine: EngineAccess | undefined,
): Promise<DevelopmentSystem | { readonly unavailable: string }> {
  if (engine === undefined) return { unavailable: 'There is no engine with the images.' };
  try {
    return await startDevelopmentSystem(engine);
  } catch (error) {
    if (error instanceof EngineUnavailableError) return { unavailable: error.message };
    throw error;
  }
}
