import { parseInfo, type RedisClient } from '@app/redis';

/** What Redis says of itself; undefined is what it does not tell this user, or in this version. */
export interface RedisFigures {
  readonly maxClients: number | undefined;
  /** Connections of others than this process. */
  readonly others: number;
  /** In bytes; 0 is without a bound. */
  readonly maxMemory: number | undefined;
  readonly policy: string | undefined;
  readonly appendOnly: boolean | undefined;
}

/** Asks on the shared connection. Throws a DatastoreError. */
export async function readRedisFigures(client: RedisClient): Promise<RedisFigures> {
  const info = parseInfo(await client.run((redis) => redis.info().catch(nothingIfRefused)));
  const number = (field: string): number | undefined => {
    const text = info.get(field);
    return text === undefined ? undefined : Number(text);
  };
  const connected = number('connected_clients') ?? 0;
  const appendOnly = info.get('aof_enabled');
  return {
    maxClients: number('maxclients'),
    others: Math.max(0, connected - (client.stats()['connectionsOpen'] ?? 0)),
    maxMemory: number('maxmemory'),
    policy: info.get('maxmemory_policy'),
    appendOnly: appendOnly === undefined ? undefined : appendOnly === '1',
  };
}

/** A user may be allowed less than INFO, and yet all that the product needs. */
function nothingIfRefused(error: unknown): string {
  if (error instanceof Error && error.name === 'ReplyError') return '';
  throw error;
}
