import { type ConfigSource, loadConfig, processSource } from '@app/config';
import { exitCodes } from '@app/errors';
import type { Command } from 'commander';

/** Of this much a server that swallows packets may take, in milliseconds. */
const timeoutMs = 5_000;

/** `check-db-status`: connects, and shows db-init's status, the migrations and each datastore. */
export function registerCheckDbStatus(program: Command): void {
  program
    .command('check-db-status')
    .description('show the status of db-init, of the migrations and of each datastore')
    .option('--json', 'print the status for programs')
    .addHelpText('after', '\nThe exit code is 69 if a backend could not start with them now.')
    .action(checkDbStatus);
}

/** In development the datastores are those of `npm start`, whose servers production knows nothing of. */
async function commandSource(): Promise<ConfigSource> {
  const source = processSource();
  if ((source.env['NODE_ENV'] || 'development') !== 'development') return source;
  const { developmentSource } = await import('./development-source.js');
  return developmentSource();
}

async function checkDbStatus({ json }: { readonly json?: true }): Promise<void> {
  const categories = ['app', 'datastores', 'performance', 'health', 'lifetime'] as const;
  const { config } = await loadConfig(categories, await commandSource());
  // The datastores' clients take half a second to load: a configuration that cannot work is told before.
  const [{ dbStatus }, { renderDbStatus }] = await Promise.all([
    import('./db-status/db-status.js'),
    import('./db-status/render-db-status.js'),
  ]);
  const status = await dbStatus(config, timeoutMs);
  console.log(json === true ? JSON.stringify(status) : renderDbStatus(status));
  if (!status.ok) process.exitCode = exitCodes.unavailable;
}
