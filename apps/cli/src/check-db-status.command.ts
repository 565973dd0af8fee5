import { loadConfig } from '@app/config';
import { exitCodes } from '@app/errors';
import type { Command } from 'commander';
import type { ReadSource } from './command.js';

/** Of this much a server that swallows packets may take, in milliseconds. */
const timeoutMs = 5_000;

/** `check-db-status`: connects, and shows db-init's status, the migrations and each datastore. */
export function registerCheckDbStatus(program: Command, readSource: ReadSource): void {
  program
    .command('check-db-status')
    .description('show the status of db-init, of the migrations and of each datastore')
    .option('--json', 'print the status for programs')
    .addHelpText('after', '\nThe exit code is 69 if a backend could not start with them now.')
    .action(async ({ json }: { readonly json?: true }) => checkDbStatus(readSource, json === true));
}

async function checkDbStatus(readSource: ReadSource, json: boolean): Promise<void> {
  const categories = ['app', 'datastores', 'performance', 'health', 'lifetime'] as const;
  const { config } = await loadConfig(categories, await readSource());
  // The datastores' clients take half a second to load: a configuration that cannot work is told before.
  const [{ withDatastores }, { dbStatus }, { renderDbStatus }] = await Promise.all([
    import('./db-status/datastore-clients.js'),
    import('./db-status/db-status.js'),
    import('./db-status/render-db-status.js'),
  ]);
  const status = await withDatastores(config, 'check-db-status', (clients) =>
    dbStatus(config, clients, AbortSignal.timeout(timeoutMs)),
  );
  console.log(json ? JSON.stringify(status) : renderDbStatus(status));
  if (!status.ok) process.exitCode = exitCodes.unavailable;
}
