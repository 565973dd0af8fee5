import type { IngestConfig } from '@app/config';
import { DatastoreError } from '@app/errors';
import type { InfluxClient } from '@app/influxdb';
import { pause } from '@app/lifecycle';
import type { Logger } from '@app/logging';
import type { RedisClient } from '@app/redis';
import { ShardLeases } from '../../shards/shard-leases.js';
import { ShardStream } from '../../shards/shard-stream.js';
import { shardKeys } from '../../shards/shard.js';
import { WakeUps } from '../../shards/wake-ups.js';
import { ShardWriter } from './shard-writer.js';
import { TradeStorage } from './trade-storage.js';
import { WriteOutage } from './write-outage.js';
import { type WriterMemory, writerMemory } from './writer-memory.js';

/** Well below the longest silence of a writer. */
const heartbeatMs = 2_000;

/** How often the streams are looked at without being woken, in heartbeats: a message may get lost. */
const beatsPerLook = 3;

interface OwnedShard {
  readonly writer: ShardWriter;
  /** Resolves when the writer has ended, and the lease with it. */
  readonly ended: Promise<void>;
}

/** Brings trades from Redis into InfluxDB, in the background; several processes divide the shards among them. */
export class TradeWriter {
  readonly #redis: RedisClient;
  readonly #ingest: IngestConfig;
  readonly #logger: Logger;
  readonly #leases: ShardLeases;
  readonly #wakeUps: WakeUps;
  readonly #storage: TradeStorage;
  readonly #outage: WriteOutage;
  readonly #owned = new Map<number, OwnedShard>();
  readonly #stopping = new AbortController();
  readonly #aborting = new AbortController();
  #nudge = new AbortController();
  #running: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;
  #beats = 0;

  constructor(
    redis: RedisClient,
    influxdb: InfluxClient,
    ingest: IngestConfig,
    logger: Logger,
    memory: WriterMemory = writerMemory(),
  ) {
    this.#redis = redis;
    this.#ingest = ingest;
    this.#logger = logger;
    this.#leases = new ShardLeases(redis);
    this.#storage = new TradeStorage(influxdb, memory);
    this.#outage = new WriteOutage(logger);
    this.#wakeUps = new WakeUps(redis, {
      onTrades: (shard, trades) => this.#owned.get(shard)?.writer.announce(trades),
      onLeases: () => this.#nudge.abort(),
      onGap: () => this.#announceAll(),
    });
  }

  /** Begins; datastores that are not there are waited for. */
  start(): void {
    this.#running ??= this.#run();
  }

  /**
   * Finishes the batches that are being written, and hands the shards over at once. What waits in Redis stays there;
   * when the signal aborts, so does what is being written. Does nothing before `start`, or a second time.
   */
  async stop(signal: AbortSignal): Promise<void> {
    if (this.#running === undefined) return;
    this.#stopped ??= this.#stop(signal);
    await this.#stopped;
  }

  async #stop(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#aborting.abort(), { once: true });
    if (signal.aborted) this.#aborting.abort();
    this.#stopping.abort();
    for (const { writer } of this.#owned.values()) writer.stop();
    await this.#running;
    await Promise.all([...this.#owned.values()].map(({ ended }) => ended));
    try {
      await this.#leases.leave();
    } catch (err) {
      this.#logger.warn(
        { err },
        'The other writers could not be told of the end; they notice it in some seconds.',
      );
    }
    this.#wakeUps.close();
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      this.#nudge = new AbortController();
      // Without messages the streams are still looked at now and then; with them, none must be missed from now on.
      await this.#attempt('subscribe to wake-ups', () => this.#wakeUps.open());
      await this.#attempt('see to its shards', () => this.#beat());
      await pause(heartbeatMs, this.#stopping.signal, this.#nudge.signal);
    }
  }

  async #attempt(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (err) {
      // Of an outage health tells; here it would be told again and again.
      const level = err instanceof DatastoreError ? 'debug' : 'warn';
      this.#logger[level]({ err }, `The trade writer cannot ${what}; it will try again.`);
    }
  }

  async #beat(): Promise<void> {
    const alive = await this.#leases.heartbeat();
    const share = this.#leases.share(alive);
    for (const [shard, { writer }] of this.#owned) if (!share.has(shard)) writer.stop();
    const wanted = [...share].filter((shard) => !this.#owned.has(shard));
    for (const [shard, token] of await this.#leases.acquire(wanted, alive)) this.#own(shard, token);
    if (this.#beats++ % beatsPerLook === 0) await this.#look();
  }

  #own(shard: number, token: string): void {
    const stream = new ShardStream(this.#redis, shard, token);
    const writer = new ShardWriter(stream, this.#storage, this.#outage, this.#ingest, this.#logger);
    this.#owned.set(shard, { writer, ended: this.#runShard(shard, writer) });
    if (this.#stopping.signal.aborted) writer.stop();
  }

  async #runShard(shard: number, writer: ShardWriter): Promise<void> {
    try {
      await writer.run(this.#aborting.signal);
      await this.#leases.release([shard]);
    } catch (err) {
      this.#logger.warn({ err, shard }, 'A shard could not be handed over.');
    } finally {
      this.#outage.left(shard);
      this.#owned.delete(shard);
    }
  }

  /** Announces the shards in whose streams something is. */
  async #look(): Promise<void> {
    const shards = [...this.#owned.keys()];
    if (shards.length === 0) return;
    const lengths = await this.#redis.pipeline((pipeline) => {
      for (const shard of shards) pipeline.xlen(shardKeys(shard).trades);
    });
    for (const [index, shard] of shards.entries()) {
      if (lengths[index] !== 0) this.#owned.get(shard)?.writer.announce(1);
    }
  }

  #announceAll(): void {
    for (const { writer } of this.#owned.values()) writer.announce(1);
  }
}
