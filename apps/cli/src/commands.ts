import type { ConfigSource } from '@app/config';
import type { Command } from 'commander';

/** Reads the environment of a command that connects. */
export type ReadSource = () => Promise<ConfigSource>;

/** Adds a command to the program. */
export type Register = (program: Command, readSource: ReadSource) => void;

/** Commands by their names, each loaded when it is called. */
export type Commands = Readonly<Record<string, () => Promise<Register>>>;

/** The commands of an operator. Loaded one by one: `validate-config` needs neither Nest nor a datastore's client. */
export const operatorCommands: Commands = {
  healthcheck: async () => (await import('./healthcheck.command.js')).registerHealthcheck,
  'validate-config': async () => (await import('./validate-config.command.js')).registerValidateConfig,
  'check-db-status': async () => (await import('./check-db-status.command.js')).registerCheckDbStatus,
  'import-ticks': async () => (await import('./import-ticks.command.js')).registerImportTicks,
  token: async () => (await import('./token.command.js')).registerToken,
};
