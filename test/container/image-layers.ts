import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { temporaryFolder } from '@app/testing';
import { run } from './engine/command.ts';
import { mustDocker } from './engine/docker.ts';
import type { EngineAccess } from './engine/engine.ts';
import { readTar, type TarEntry } from './tar.ts';

/** What an image adds to the one that it is built on. */
export interface OwnLayers {
  /** Its layers as archives, from the lowest. */
  readonly archives: readonly Buffer[];
  /** What lies in them, the markers of what they take away (`.wh.…`) included. */
  readonly entries: readonly TarEntry[];
  /** The image's configuration, as engines store it. */
  readonly config: string;
}

interface SavedImage {
  readonly Config: string;
  readonly Layers: readonly string[];
}

/** Saves an image and reads what it adds to its base. Throws if it is not built on that base. */
export async function ownLayers(engine: EngineAccess, image: string, base: string): Promise<OwnLayers> {
  const [all, below] = [await layerIds(engine, image), await layerIds(engine, base)];
  if (below.length >= all.length || below.some((id, index) => all[index] !== id))
    throw new Error(`${image} is not built on ${base}`);
  await using folder = await temporaryFolder();
  const saved = join(folder.path, 'image.tar');
  await mustDocker(engine, ['save', '--output', saved, image]);
  await run('tar', ['-xf', saved, '-C', folder.path]);
  const read = (path: string) => readFile(join(folder.path, path));
  const [manifest] = JSON.parse((await read('manifest.json')).toString()) as SavedImage[];
  if (manifest === undefined) throw new Error(`${image} was saved without a manifest`);
  const archives = await Promise.all(
    manifest.Layers.slice(below.length).map(async (layer) => unpacked(await read(layer))),
  );
  return { archives, entries: archives.flatMap(readTar), config: (await read(manifest.Config)).toString() };
}

async function layerIds(engine: EngineAccess, image: string): Promise<readonly string[]> {
  const ids = await mustDocker(engine, ['image', 'inspect', '--format', '{{json .RootFS.Layers}}', image]);
  return JSON.parse(ids) as string[];
}

/** Engines that keep images as they are pulled save them compressed. */
function unpacked(layer: Buffer): Buffer {
  const magic = layer.readUInt32BE(0);
  if (magic >>> 16 === 0x1f_8b) return gunzipSync(layer);
  return magic === 0x28_b5_2f_fd ? zstdDecompressSync(layer) : layer;
}
