import { dirname, join } from 'node:path';
import type { GuardedCommand } from '@app/dev-services';

type Environment = GuardedCommand['env'];

const program = (root: string, args: readonly string[], env: Environment, graceSeconds: number) => ({
  command: process.execPath,
  args,
  cwd: root,
  // Nest starts `node` by its name: it is to be this one.
  env: { ...env, PATH: `${dirname(process.execPath)}:${env['PATH'] ?? ''}` },
  output: 'inherit' as const,
  stop: { signal: 'SIGTERM' as const, graceSeconds },
});

const built = (root: string, app: string) => join(root, `dist/apps/${app}/src/main.js`);

/** @param root The folder of the checkout. */
export function dbInit(root: string, env: Environment): GuardedCommand {
  return program(root, ['--enable-source-maps', built(root, 'db-init')], env, 10);
}

/** @param graceSeconds How long it may take to drain. */
export function backend(root: string, env: Environment, graceSeconds: number): GuardedCommand {
  return program(root, ['--enable-source-maps', built(root, 'backend')], env, graceSeconds);
}

/** The backend, built and started again whenever a source file changes. */
export function watchedBackend(root: string, env: Environment, graceSeconds: number): GuardedCommand {
  const nest = join(root, 'node_modules/@nestjs/cli/bin/nest.js');
  const args = [nest, 'start', 'backend', '--watch', '--no-shell', '--preserveWatchOutput'];
  return program(root, args, env, graceSeconds);
}
