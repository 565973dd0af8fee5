import { randomUUID } from 'node:crypto';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder, type TemporaryFolder } from '@app/testing';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { engineOfRun, test } from './engine/container-test.ts';
import { mustDocker } from './engine/docker.ts';
import { ownLayers } from './image-layers.ts';
import { buildProjectImage, testBuild } from './project-image.ts';
import { readTar } from './tar.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What lies about in a checkout that is worked in, and must not go further than there. */
const canary = `canary-${randomUUID()}`;
const planted = [
  '.env',
  '.env.production.local',
  '.git/config',
  '.git/HEAD',
  '.dev-data/password',
  'apps/backend/.env.production.local',
  'apps/backend/dist/main.js',
  'apps/backend/node_modules/canary/index.js',
  'apps/backend/src/canary.spec.ts',
  'apps/db-init/src/canary.fixture.ts',
  'bench/canary.ts',
  'dist/production/canary.js',
  'docker/secrets/secret_key',
  'docs/canary.md',
  'libs/config/.env',
  'libs/config/node_modules/canary/index.js',
  'logs/backend.log',
  'node_modules/canary/index.js',
  'secrets.json',
  'test/container/canary.ts',
];

/** All that the build may be given. */
const needed =
  /^(?:\.npmrc|nest-cli\.json|package(?:-lock)?\.json|tsconfig\.json|(?:apps|libs|scripts)\/[\w./-]+\.(?:ts|mjs|json))$/;

let folder: TemporaryFolder | undefined;
beforeAll(async () => {
  if (engineOfRun() === undefined) return;
  folder = await temporaryFolder();
  await plantIn(folder.path);
});
afterAll(() => folder?.[Symbol.asyncDispose]());

/** A checkout like this one, but for what takes its time, with the canary in every place. */
async function plantIn(copy: string): Promise<void> {
  const heavy = /^(?:\.git|\.dev-data|dist|node_modules|bench|logs)$/;
  await cp(root, copy, { recursive: true, filter: (path) => !heavy.test(relative(root, path)) });
  for (const path of planted) {
    await mkdir(dirname(join(copy, path)), { recursive: true });
    await writeFile(join(copy, path), `export const canary = '${canary}';\n`);
  }
}

describe('the build', () => {
  test('is given its sources, without specs, and nothing that lies beside them', async ({ engine }) => {
    await using place = await temporaryFolder();
    const [dockerfile, archive] = [join(place.path, 'Dockerfile'), join(place.path, 'context.tar')];
    await writeFile(dockerfile, 'FROM scratch\nCOPY . /\n');
    const output = `type=tar,dest=${archive}`;
    await mustDocker(engine, ['build', '--file', dockerfile, '--output', output, folder?.path ?? '']);
    const bytes = await readFile(archive);
    const files = readTar(bytes)
      .filter(({ type }) => type !== 'directory')
      .map(({ path }) => path);
    expect(files).toEqual(
      expect.arrayContaining(['package-lock.json', 'apps/backend/src/main.ts', 'scripts/bundle.ts']),
    );
    expect(files.filter((path) => !needed.test(path) || /\.(?:spec|fixture)\.ts$/.test(path))).toEqual([]);
    expect(bytes.includes(canary)).toBe(false);
  });

  test('leaves no secret of its environment or of the checkout in the image', async ({ engine }) => {
    const env = {
      ...engine.env,
      SECRET_KEY: canary,
      DATABASE_URL: `postgres://a:${canary}@b/c`,
      NPM_TOKEN: canary,
    };
    const image = await buildProjectImage({ ...engine, env }, { context: folder?.path ?? '' });
    const { archives, config } = await ownLayers(engine, image, engine.images.NODE_IMAGE);
    const inspected = await mustDocker(engine, ['image', 'inspect', image]);
    const history = await mustDocker(engine, ['image', 'history', '--no-trunc', image]);
    const where = (text: string) => ({
      layers: archives.some((archive) => archive.includes(text)),
      config: config.includes(text),
      inspected: inspected.includes(text),
      history: history.includes(text),
    });
    // The commit is in all of them: the search does find.
    expect(where(testBuild.COMMIT)).toEqual({ layers: true, config: true, inspected: true, history: true });
    expect(where(canary)).toEqual({ layers: false, config: false, inspected: false, history: false });
  });
});
