import { openEngine } from '../../test/container/engine/index.ts';
import type { EngineAccess } from '../../test/container/engine/engine.ts';
import { mustDocker } from '../../test/container/engine/docker.ts';
import { addedMegabytes, buildUsualImage, sizeLimits } from '../../test/container/image-size/index.ts';
import { buildProjectImage } from '../../test/container/project-image.ts';
import { startDatastoreNetwork } from '../../test/container/rolling/datastore-network.ts';
import { publishedPort } from '../../test/container/rolling/published-port.ts';
import { median } from '../median.ts';
import { timeToReady } from './start-time.ts';

const runs = 9;
const startLimit = 0.6;

const settings = {
  'half a processor, 1 GB': ['--cpus', '0.5', '--memory', '1g'],
  'no limits': [],
} as const;

interface Images {
  readonly own: string;
  readonly usual: string;
}

/** Compares the image with the usual two-stage image of the same sources on the same base: its size, and its start. */
export async function run(): Promise<void> {
  const engine = await openEngine((what) => console.log(what));
  if ('unavailable' in engine) {
    console.log(`image: not measured. ${engine.unavailable}`);
    return;
  }
  await using _ = engine;
  const images = { own: await buildProjectImage(engine), usual: await buildUsualImage(engine) };
  console.log(`image: against the usual two-stage image, both on ${engine.images.NODE_IMAGE}`);
  await compareSizes(engine, images);
  await compareStarts(engine, images);
}

async function compareSizes(engine: EngineAccess, { own, usual }: Images): Promise<void> {
  const [ownMb, usualMb] = [
    await addedMegabytes(engine, own, engine.images.NODE_IMAGE),
    await addedMegabytes(engine, usual, engine.images.NODE_IMAGE),
  ];
  const limits = `at most ${String(sizeLimits.megabytes)} MB and ${String(sizeLimits.ofTheUsual)} ×`;
  const line = comparison('adds to its base', 'MB', ownMb, usualMb);
  console.log(`${line}; ${limits}`);
}

async function compareStarts(engine: EngineAccess, { own, usual }: Images): Promise<void> {
  await using network = await startDatastoreNetwork(engine, own);
  const port = await freePort(engine);
  for (const [name, limits] of Object.entries(settings)) {
    const options = [...limits, ...network.program];
    const measure = (image: string): Promise<number> => timeToReady(engine, { image, options, port });
    const times: Record<keyof Images, number[]> = { own: [], usual: [] };
    // The first of each only warms the caches of files.
    for (let run = 0; run <= runs; run += 1) {
      const pair = [await measure(own), await measure(usual)] as const;
      if (run > 0) times.own.push(pair[0]);
      if (run > 0) times.usual.push(pair[1]);
    }
    const line = comparison(`ready with ${name}`, 'ms', median(times.own), median(times.usual));
    console.log(`${line}; at most ${String(startLimit)} ×; medians of ${String(runs)} alternating starts`);
  }
}

function comparison(what: string, unit: string, own: number, usual: number): string {
  const figures = [own, usual].map((value) => `${value.toFixed(unit === 'MB' ? 1 : 0)} ${unit}`);
  return `  ${what}: ${figures.join(' against ')}, ${(own / usual).toFixed(2)} ×`;
}

/** A port of the engine's host that it has just given to a container, and taken back. */
async function freePort(engine: EngineAccess): Promise<number> {
  const command = [engine.images.NODE_IMAGE, 'sleep', 'infinity'];
  const id = await mustDocker(engine, ['run', '--detach', '--publish', '8000', ...command]);
  try {
    return await publishedPort(engine, id, 8000);
  } finally {
    await mustDocker(engine, ['rm', '--force', id]);
  }
}
