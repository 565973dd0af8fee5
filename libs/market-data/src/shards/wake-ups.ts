import type { RedisClient, RedisLease } from '@app/redis';
import { leasesMessage, wakeChannel } from './shard.js';

/** What wakes a writer. */
export interface WakeUpListener {
  /** Trades were appended to a shard. */
  onTrades(shard: number, trades: number): void;
  /** A writer has come or gone, or given a shard up. */
  onLeases(): void;
  /** Messages may have been missed. */
  onGap(): void;
}

/** The messages that wake the writers, over a connection of its own. */
export class WakeUps {
  readonly #redis: RedisClient;
  readonly #listener: WakeUpListener;
  #connection: RedisLease | undefined;

  constructor(redis: RedisClient, listener: WakeUpListener) {
    this.#redis = redis;
    this.#listener = listener;
  }

  /** Subscribes, unless that is done; the connection subscribes again by itself after it was lost. Throws a DatastoreError. */
  async open(): Promise<void> {
    if (this.#connection !== undefined) return;
    const connection = await this.#redis.lease('wake-ups of the trade writer');
    connection.redis.on('message', (_channel: string, message: string) => this.#tell(message));
    connection.redis.on('ready', () => this.#listener.onGap());
    try {
      await connection.run((redis) => redis.subscribe(wakeChannel));
    } catch (error) {
      connection.release();
      throw error;
    }
    this.#connection = connection;
    this.#listener.onGap();
  }

  close(): void {
    this.#connection?.release();
    this.#connection = undefined;
  }

  #tell(message: string): void {
    const [shard, trades] = message.split(' ').map(Number);
    if (message === leasesMessage) this.#listener.onLeases();
    else if (shard !== undefined && trades !== undefined) this.#listener.onTrades(shard, trades);
  }
}
