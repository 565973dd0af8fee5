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
