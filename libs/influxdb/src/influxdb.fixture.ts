import { readFile } from 'node:fs/promises';
import type { FailureReason } from '@app/errors';
import type { DevServer } from '@app/dev-services';
import { waitFor } from '@app/testing';
import { onTestFinished } from 'vitest';
import { InfluxClient } from './influx-client.js';
import type { InfluxClientOptions } from './options.js';

/** A client of a database that no other test uses; it is closed with the test. */
export function clientOf(url: string, options: Partial<InfluxClientOptions> = {}): InfluxClient {
  const database = `db-${crypto.randomUUID()}`;
  const client = new InfluxClient({ url, api: 'auto', database, ...options });
  onTestFinished(() => client.close());
  return client;
}

/** The failures that the client tells of, as they come. */
export function failuresOf(client: InfluxClient): FailureReason[] {
  const failures: FailureReason[] = [];
  client.onFailure((reason) => failures.push(reason));
  return failures;
}

export const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no failure',
    (error: unknown) => error,
  );

/** Stops a server's process, and waits until no thread of it runs any more. */
export async function suspend(server: DevServer): Promise<void> {
  server.signal('SIGSTOP');
  await waitFor(async () => / T /.test(await readFile(`/proc/${server.pid}/stat`, 'utf8')), {
    message: 'the process to stop',
  });
}
