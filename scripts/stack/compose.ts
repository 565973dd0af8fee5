import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../sources.ts';
import { StackError } from './stack-error.ts';

const folder = join(root, 'docker');

/** What the stacks have in common; enough to look at the one that is up. */
export const commonFile = join(folder, 'compose.yaml');

/** The files of a stack, the later ones over the earlier ones; the last one is this machine's own, where it is there. */
export function filesOf(stack: 'dev' | 'prod'): readonly string[] {
  const own = join(folder, 'compose.override.yaml');
  return [commonFile, join(folder, `compose.${stack}.yaml`), ...(existsSync(own) ? [own] : [])];
}

/** Runs `docker compose` on this terminal and returns its exit code. */
export function compose(files: readonly string[], args: readonly string[]): number {
  return docker(files, args, 'inherit').status ?? 1;
}

/** As `compose`, but returns what it writes, or nothing where it fails. */
export function composeOutput(files: readonly string[], args: readonly string[]): string {
  const { status, stdout } = docker(files, args, 'pipe');
  return status === 0 ? stdout.trim() : '';
}

function docker(files: readonly string[], args: readonly string[], output: 'inherit' | 'pipe') {
  return spawnSync('docker', ['compose', ...files.flatMap((file) => ['--file', file]), ...args], {
    env: { ...buildArguments(), ...process.env },
    encoding: 'utf8',
    stdio: ['ignore', output, output],
  });
}

/** What the image tells of its build; what the environment names comes first. */
function buildArguments(): Readonly<Record<string, string>> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const { status, stdout } = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' });
  return { VERSION: version, ...(status === 0 && { COMMIT: stdout.trim() }) };
}

/** Throws a StackError where `docker compose` cannot be run. */
export function checkCompose(): void {
  const { error, status } = spawnSync('docker', ['compose', 'version'], { encoding: 'utf8' });
  if (error !== undefined) {
    throw new StackError(
      69,
      'There is no docker on PATH. Install Docker Engine 25 or later with its Compose plugin ' +
        '(https://docs.docker.com/engine/install), or run without containers: npm start.',
    );
  }
  if (status !== 0) {
    throw new StackError(
      69,
      'Docker is there, but not its Compose plugin. Install docker-compose-plugin, 2.24 or later ' +
        '(https://docs.docker.com/compose/install/linux).',
    );
  }
}
