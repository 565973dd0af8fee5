/** The number of streams that trades are spread over; fixed, since it decides where a symbol's keys lie. */
export const shardCount = 16;

export const allShards: readonly number[] = Array.from({ length: shardCount }, (_, shard) => shard);

/** The shard of a symbol, from 0: FNV-1a of 32 bits over its ASCII characters. */
export function shardOf(symbol: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < symbol.length; index++) {
    hash = Math.imul(hash ^ symbol.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % shardCount;
}

/** A shard's keys in Redis. They share a hash tag, so that one script may use them all under Redis Cluster too. */
export interface ShardKeys {
  /** Stream: one entry for the trades that a request brought to the shard. */
  readonly trades: string;
  /** Number of trades in the stream. */
  readonly backlog: string;
  /** Hash: the latest quote by symbol. */
  readonly quotes: string;
  /** The update id that a quote got last. */
  readonly lastUpdate: string;
  /** Token of the writer that owns the shard. */
  readonly lease: string;
  /** Stream: the trades that could not be stored, with the reason. */
  readonly dead: string;
}

const keysByShard = allShards.map((shard): ShardKeys => {
  const key = (name: string): string => `md:{${String(shard)}}:${name}`;
  return {
    trades: key('trades'),
    backlog: key('backlog'),
    quotes: key('quotes'),
    lastUpdate: key('last-update'),
    lease: key('lease'),
    dead: key('dead'),
  };
});

export function shardKeys(shard: number): ShardKeys {
  const keys = keysByShard[shard];
  if (keys === undefined) throw new RangeError(`There is no shard ${String(shard)}.`);
  return keys;
}

/** Sorted set of the processes that write, by their last heartbeat. */
export const writersKey = 'md:{writers}:alive';

/** Pub/sub channel that wakes the writers: `<shard> <trades>` after an append, or the message on leases. */
export const wakeChannel = 'md:wake';

/** A writer has come or gone, or given a shard up. */
export const leasesMessage = 'leases';
