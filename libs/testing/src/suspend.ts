import { readFile } from 'node:fs/promises';
import type { DevServer } from '@app/dev-services';
import { waitFor } from './wait-for.js';

/** Stops a server's process with SIGSTOP, and waits until no thread of it runs any more. */
export async function suspend(server: DevServer): Promise<void> {
  server.signal('SIGSTOP');
  await waitFor(async () => / T /.test(await readFile(`/proc/${server.pid}/stat`, 'utf8')), {
    message: 'the process to stop',
  });
}
