import type { Command } from 'commander';

/** Adds a command to the program. */
export type Register = (program: Command) => void;

/** Each command by its name, loaded when it is called: `validate-config` needs neither Nest nor a datastore's client. */
export const commands: Readonly<Record<string, () => Promise<Register>>> = {
  'validate-config': async () => (await import('./validate-config.command.js')).registerValidateConfig,
  'check-db-status': async () => (await import('./check-db-status.command.js')).registerCheckDbStatus,
  'import-ticks': async () => (await import('./import-ticks.command.js')).registerImportTicks,
  start: async () => (await import('./start.command.js')).registerStart,
  token: async () => (await import('./token.command.js')).registerToken,
};
