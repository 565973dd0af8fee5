import type { Commands } from './command.js';

/** The commands of an operator. Loaded one by one: `validate-config` needs neither Nest nor a datastore's client. */
export const operatorCommands: Commands = {
  healthcheck: async () => (await import('./healthcheck.command.js')).registerHealthcheck,
  'validate-config': async () => (await import('./validate-config.command.js')).registerValidateConfig,
  'check-db-status': async () => (await import('./check-db-status.command.js')).registerCheckDbStatus,
  doctor: async () => (await import('./doctor.command.js')).registerDoctor,
  'import-ticks': async () => (await import('./import-ticks.command.js')).registerImportTicks,
  token: async () => (await import('./token.command.js')).registerToken,
};
