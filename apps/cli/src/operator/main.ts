// The commands of the image, where each is a link of its own name to this program.
import { basename } from 'node:path';
import { processSource } from '@app/config';
import { operatorCommands } from '../commands.js';
import { runToExit } from '../run.js';

const [, called = '', ...rest] = process.argv;
const name = basename(called);
await runToExit(
  name in operatorCommands ? [name, ...rest] : rest,
  { commands: operatorCommands, readSource: async () => processSource() },
  (code) => process.exit(code),
);
