// The commands of a checkout: those of an operator, on the servers of a running `npm start`, and `start` itself.
import { operatorCommands } from './commands.js';
import { developmentSource } from './development-source.js';
import { runToExit } from './run.js';

const start = async () => (await import('./start.command.js')).registerStart;
await runToExit(
  process.argv.slice(2),
  { commands: { ...operatorCommands, start }, readSource: developmentSource },
  (code) => process.exit(code),
);
