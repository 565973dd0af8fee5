import type { IngestConfig } from '../config.js';
import { duration } from './kinds/quantities.js';
import { choice, integer } from './kinds/scalars.js';
import { setting, type ValuesOf } from './setting.js';

/** The variables of the way of a trade through Redis into InfluxDB. */
export const ingestSettings = () => ({
  INGEST_MAX_BACKLOG: setting(integer(1, 100_000_000), {
    meaning: 'Trades that may wait in Redis; beyond that no more are taken',
    example: '1000000',
    development: '1000000',
    production: '1000000',
  }),
  INGEST_BATCH_SIZE: setting(integer(1, 100_000), {
    meaning: 'Trades that are written to InfluxDB at once',
    example: '5000',
    development: '5000',
    production: '5000',
  }),
  INGEST_FLUSH_INTERVAL: setting(duration(), {
    meaning: 'Longest time that a batch is waited for',
    example: '200ms',
    development: '200ms',
    production: '200ms',
  }),
  INGEST_DURABILITY: setting(choice('aof', 'memory'), {
    meaning:
      '`aof`: trades are refused with 503 while Redis runs without `appendonly` or may evict keys; `memory`: they are taken',
    example: 'aof',
    development: 'aof',
    production: 'aof',
  }),
});

export type IngestValues = ValuesOf<ReturnType<typeof ingestSettings>>;

export const toIngestConfig = (values: IngestValues): IngestConfig => ({
  maxBacklog: values.INGEST_MAX_BACKLOG,
  batchSize: values.INGEST_BATCH_SIZE,
  flushIntervalMs: values.INGEST_FLUSH_INTERVAL,
  durability: values.INGEST_DURABILITY,
});
