import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, runToEnd } from './command.ts';
import { root } from './folders.ts';
import { type ImageVariable, standInImages } from './images.ts';

const scripts = fileURLToPath(new URL('stand-ins', import.meta.url));
const label = 'stand-in.made-of';

const targets: Readonly<Record<ImageVariable, string>> = {
  NODE_IMAGE: 'node',
  POSTGRES_IMAGE: 'postgres',
  REDIS_IMAGE: 'redis',
  INFLUXDB_IMAGE: 'influxdb',
  HAPROXY_IMAGE: 'haproxy',
};

const nodeFolder = join(root, 'node_modules', `node-linux-${process.arch}`, 'bin');

/**
 * Makes those stand-ins that the engine lacks, or has of something else.
 * @param parts The folder of `standInParts`. Throws with the builder's words.
 */
export async function makeStandIns(
  variables: readonly ImageVariable[],
  env: Readonly<Record<string, string>>,
  parts: string,
): Promise<void> {
  const madeOf = await keyOf(parts);
  const states = await Promise.all(variables.map((variable) => labelOf(standInImages[variable], env)));
  const missing = variables.filter((_, index) => states[index] !== madeOf);
  if (missing.length === 0) return;
  const contexts = { scripts, program: nodeFolder };
  const common = [
    `--file=${join(scripts, 'Dockerfile')}`,
    `--label=${label}=${madeOf}`,
    `--build-arg=NODE_VERSION=${process.versions.node}`,
    ...Object.entries(contexts).map(([name, folder]) => `--build-context=${name}=${folder}`),
  ];
  const build = (target: string, ...options: string[]) =>
    run('docker', ['build', '--quiet', '--target', target, ...options, ...common, parts], { env });
  // What they share first, so that the others find it made.
  await Promise.all(['node', 'servers'].map((target) => build(target, '--output', 'type=cacheonly')));
  await Promise.all(missing.map((variable) => build(targets[variable], '--tag', standInImages[variable])));
}

async function labelOf(image: string, env: Readonly<Record<string, string>>): Promise<string> {
  const format = `{{index .Config.Labels "${label}"}}`;
  const { stdout } = await runToEnd('docker', ['image', 'inspect', '--format', format, image], { env });
  return stdout.trim();
}

/** Tells whether a stand-in is made of the same parts, by the same instructions. */
async function keyOf(parts: string): Promise<string> {
  const hash = createHash('sha256').update(basename(parts)).update(process.versions.node);
  for (const name of (await readdir(scripts)).toSorted())
    hash.update(name).update(await readFile(join(scripts, name)));
  return hash.digest('hex').slice(0, 12);
}
