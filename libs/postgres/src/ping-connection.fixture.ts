import { DatastoreError, type FailureReason } from '@app/errors';
import { type Clock, systemClock } from '@app/lifecycle';
import { onTestFinished } from 'vitest';
import { connectionOptions } from './connection.options.js';
import { PingConnection } from './ping-connection.js';

export const soon = () => AbortSignal.timeout(5_000);

interface Setting {
  readonly url?: (url: URL) => void;
  readonly ca?: string;
  readonly failed?: (error: unknown) => void;
  /** In milliseconds; five seconds if it is not given. */
  readonly loginWithin?: number;
  readonly clock?: Clock;
}

/** A connection that is closed with the test. */
export function pingConnection(
  server: { readonly url: string },
  { url: change, ca, failed, loginWithin, clock }: Setting = {},
) {
  const url = new URL(server.url);
  change?.(url);
  const connection = new PingConnection(
    {
      ...connectionOptions({ databaseUrl: url.href, ca }, 'ping-test'),
      connectionTimeoutMillis: loginWithin ?? 5_000,
    },
    failed ?? (() => undefined),
    clock ?? systemClock,
  );
  onTestFinished(() => connection.close());
  return connection;
}

export async function reasonOf(connection: PingConnection, signal = soon()): Promise<FailureReason | 'none'> {
  try {
    await connection.ping(signal);
    return 'none';
  } catch (error) {
    if (error instanceof DatastoreError) return error.reason;
    throw error;
  }
}
