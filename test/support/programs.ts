import { fileURLToPath } from 'node:url';
import { type ProcessEnd, runProcess, type RunningProcess } from '@app/testing';

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
};

/** Starts a built app. */
export function startApp(
  app: 'backend' | 'db-init' | 'cli',
  env: Environment,
  args: readonly string[] = [],
): Promise<RunningProcess> {
  const main = `${root}/dist/apps/${app}/src/main.js`;
  return runProcess(process.execPath, [main, ...args], { cwd: root, env: { ...clean, ...env } });
}

export interface ProgramResult extends ProcessEnd {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a built app to its end. */
export async function runApp(
  app: 'backend' | 'db-init' | 'cli',
  env: Environment,
  args: readonly string[] = [],
): Promise<ProgramResult> {
  await using program = await startApp(app, env, args);
  const end = await program.exited;
  return { ...end, stdout: program.stdout, stderr: program.stderr };
}
