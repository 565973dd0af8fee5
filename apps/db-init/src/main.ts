import { processSource } from '@app/config';
import { exitCodes } from '@app/errors';
import { InterruptedError } from './db-init.errors.js';
import { run } from './run.js';

process.on('uncaughtException', (error) => {
  process.stderr.write(`An error that nobody expected. Please report it.\n${error.stack ?? error.message}\n`);
  process.exit(exitCodes.software);
});
const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => stop.abort(new InterruptedError(signal)));
}
process.exit(await run(processSource(), stop.signal));
