import { exitCodes } from '@app/errors';
import { run } from './run.js';

process.on('uncaughtException', (error) => {
  console.error('error: An error that nobody expected. Please report it.\n', error);
  process.exit(exitCodes.software);
});
process.exit(await run(process.argv.slice(2)));
