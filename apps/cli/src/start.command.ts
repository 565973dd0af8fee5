import type { Command } from 'commander';

/** `start`: runs the whole application on datastores of its own. */
export function registerStart(program: Command): void {
  program
    .command('start')
    .description('bring up development services, run db-init and start the backend; Ctrl-C stops them all')
    .option('--fresh', 'begin with empty datastores', false)
    .option('--watch', 'build and start again whenever a source file changes', false)
    .action(async (options: { fresh: boolean; watch: boolean }) => {
      // Everything else is loaded only by this command: the others start without a datastore client.
      const { runStart } = await import('./start/run-start.js');
      process.exitCode = await runStart(options);
    });
}
