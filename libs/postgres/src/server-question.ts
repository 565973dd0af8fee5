import type { PingResult } from '@app/lifecycle';
import type { Client } from 'pg';

interface Answer {
  readonly version: string;
  readonly in_recovery: boolean;
  readonly read_only: boolean;
  readonly connections: number;
  readonly max_connections: number;
}

/** numbackends, for pg_stat_activity hides the kind of other users' backends from ordinary ones. */
const question = `
  SELECT split_part(current_setting('server_version'), ' ', 1) AS version,
         pg_is_in_recovery() AS in_recovery,
         current_setting('transaction_read_only')::bool AS read_only,
         (SELECT sum(numbackends)::int FROM pg_stat_database) AS connections,
         current_setting('max_connections')::int AS max_connections`;

/** Asks the server how it is. Throws the errors of pg. */
export async function askServer(client: Client): Promise<PingResult> {
  const { rows } = await client.query<Answer>(question);
  const [answer] = rows;
  if (answer === undefined) throw new Error('Received unexpected emptiness.');
  return {
    version: answer.version,
    ...(answer.read_only ? { degraded: 'read_only' as const } : {}),
    facts: {
      inRecovery: answer.in_recovery,
      connections: answer.connections,
      maxConnections: answer.max_connections,
    },
  };
}
