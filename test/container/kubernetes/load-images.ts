import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { mustDocker } from '../engine/docker.ts';
import type { EngineAccess } from '../engine/engine.ts';
import type { Podman } from '../engine/podman.ts';

/** Copies images of the Docker engine into podman and returns the names that they have there, by those given. */
export async function loadImages(
  engine: EngineAccess,
  podman: Podman,
  images: readonly string[],
): Promise<Record<string, string>> {
  const archive = join(podman.folder, 'images.tar');
  await mustDocker(engine, ['save', '--output', archive, ...images]);
  const said = await podman.run('load', '--input', archive);
  await rm(archive);
  // It puts a registry's name before those that have none.
  const loaded = [...said.matchAll(/^Loaded image: (\S+)$/gm)].map(([, name = '']) => name);
  return Object.fromEntries(
    images.map((image) => [image, loaded.find((name) => name.endsWith(`/${image}`)) ?? image]),
  );
}
