import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ProcessEnd, type ProcessOptions, runProcess, type RunningProcess } from '@app/testing';
import { inject } from 'vitest';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The folder of the checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

export const secretKey = 'a-key-for-tests-0123456789-abcdefghij';

/** Every variable that could reach a program from the shell that runs the tests is taken out. */
const clean: Environment = {
  NODE_ENV: 'development',
  SECRET_KEY: undefined,
  VITEST: undefined,
  LOG_FORMAT: 'json',
  // A bundled program starts `node` by its name: it is to be this one.
  PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
};

type App = 'backend' | 'db-init' | 'cli';

type StartOptions = Pick<ProcessOptions, 'detached'>;

/** Starts a built app: that of the checkout, or the bundle in its folder, which has no node_modules beside it. */
export function startApp(
  app: App,
  env: Environment,
  args: readonly string[] = [],
  start: StartOptions = {},
): Promise<RunningProcess> {
  const bundle = inject('bundle');
  return bundle === undefined
    ? startBuilt(root, app, env, args, start)
    : runProcess(`${bundle}/${app}.js`, args, { ...start, cwd: root, env: { ...clean, ...env } });
}

/** Starts a built app of a checkout: this one, or a copy of it. */
export function startBuilt(
  checkout: string,
  app: App,
  env: Environment,
  args: readonly string[] = [],
  start: StartOptions = {},
): Promise<RunningProcess> {
  const options = { ...start, cwd: checkout, env: { ...clean, ...env } };
  return runProcess(process.execPath, [`${checkout}/dist/apps/${app}/src/main.js`, ...args], options);
}

export interface ProgramResult extends ProcessEnd {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a built app to its end. */
export async function runApp(
  app: App,
  env: Environment,
  args: readonly string[] = [],
): Promise<ProgramResult> {
  await using program = await startApp(app, env, args);
  const end = await program.exited;
  return { ...end, stdout: program.stdout, stderr: program.stderr };
}
