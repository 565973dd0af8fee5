import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { root } from './sources.ts';

const stamp = `${root}/dist/.built`;

/** The newest change of anything that the build reads, in milliseconds since 1970. */
function newestSource(): number {
  const files = globSync(
    ['apps/**/*.ts', 'libs/**/*.ts', 'apps/**/*.json', 'tsconfig.json', 'nest-cli.json', 'package-lock.json'],
    {
      cwd: root,
    },
  );
  return Math.max(...files.map((file) => statSync(`${root}/${file}`).mtimeMs));
}

function isFresh(): boolean {
  try {
    return Number(readFileSync(stamp, 'utf8')) >= newestSource();
  } catch {
    return false;
  }
}

/** Builds all apps into `dist`, unless nothing has changed since the last build. Throws when the build fails. */
export function build(options: { clean?: boolean } = {}): void {
  if (options.clean === true) rmSync(`${root}/dist`, { recursive: true, force: true });
  else if (isFresh()) return;
  const newest = newestSource();
  const result = spawnSync('nest', ['build', '--all', '--silent'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, PATH: `${root}/node_modules/.bin:${process.env['PATH'] ?? ''}` },
  });
  if (result.status !== 0) throw new Error('The build failed.');
  writeFileSync(stamp, String(newest));
}
