import type { Config } from '@app/config';
import { CONFIG } from '@app/config/nest';
import { InfluxClient } from '@app/influxdb';
import { Lifecycle } from '@app/lifecycle';
import type { Logger } from '@app/logging';
import { LOGGER } from '@app/logging/nest';
import { PostgresClient } from '@app/postgres';
import { RedisClient } from '@app/redis';
import { type BeforeApplicationShutdown, Module, type OnModuleInit, type Provider } from '@nestjs/common';
import { CandleQuery } from './candles/candle-query.js';
import { InstrumentCatalogue } from './instruments/instrument-catalogue.js';
import { InstrumentTable } from './instruments/instrument-table.js';
import { LatestQuotes } from './quote-stream/latest-quotes.js';
import { QuoteFeed } from './quote-stream/quote-feed.js';
import { QuoteStreams } from './quote-stream/quote-streams.js';
import { QuoteStore } from './quotes/quote-store.js';
import { DurabilityGate } from './trades/durability-gate.js';
import { TradeIntake } from './trades/trade-intake.js';
import { TradeLog } from './trades/trade-log.js';
import { TradeWriter } from './trades/writer/trade-writer.js';

type IngestConfig = Pick<Config, 'ingest'>;

/** What remains of the time for an application that is closed without the steps of the shutdown, as in tests. */
const stopTimeoutMs = 5_000;

const instruments: Provider[] = [
  {
    provide: InstrumentTable,
    inject: [PostgresClient],
    useFactory: (postgres: PostgresClient) => new InstrumentTable(postgres),
  },
  {
    provide: InstrumentCatalogue,
    inject: [InstrumentTable, Lifecycle],
    useFactory: (table: InstrumentTable, { clock }: Lifecycle) => new InstrumentCatalogue(table, clock),
  },
];

const quotes: Provider[] = [
  { provide: QuoteStore, inject: [RedisClient], useFactory: (redis: RedisClient) => new QuoteStore(redis) },
  {
    provide: LatestQuotes,
    inject: [InstrumentCatalogue, QuoteStore],
    useFactory: (catalogue: InstrumentCatalogue, store: QuoteStore) => new LatestQuotes(catalogue, store),
  },
  {
    provide: QuoteFeed,
    inject: [RedisClient, QuoteStore, LOGGER],
    useFactory: (redis: RedisClient, store: QuoteStore, logger: Logger) =>
      new QuoteFeed(redis, store, logger),
  },
  {
    provide: QuoteStreams,
    inject: [LatestQuotes, QuoteFeed],
    useFactory: (latest: LatestQuotes, feed: QuoteFeed) => new QuoteStreams(latest, feed),
  },
];

const trades: Provider[] = [
  {
    provide: TradeLog,
    inject: [RedisClient, CONFIG],
    useFactory: (redis: RedisClient, { ingest }: IngestConfig) => new TradeLog(redis, ingest.maxBacklog),
  },
  {
    provide: DurabilityGate,
    inject: [CONFIG, Lifecycle],
    useFactory: ({ ingest }: IngestConfig, { datastores }: Lifecycle) =>
      new DurabilityGate(ingest.durability, datastores),
  },
  {
    provide: TradeIntake,
    inject: [InstrumentCatalogue, TradeLog, DurabilityGate],
    useFactory: (catalogue: InstrumentCatalogue, log: TradeLog, durability: DurabilityGate) =>
      new TradeIntake(catalogue, log, durability),
  },
  {
    provide: TradeWriter,
    inject: [RedisClient, InfluxClient, CONFIG, LOGGER],
    useFactory: (redis: RedisClient, influxdb: InfluxClient, { ingest }: IngestConfig, logger: Logger) =>
      new TradeWriter(redis, influxdb, ingest, logger),
  },
  {
    provide: CandleQuery,
    inject: [InfluxClient, Lifecycle],
    useFactory: (influxdb: InfluxClient, { clock }: Lifecycle) => new CandleQuery(influxdb, clock),
  },
];

/**
 * The domain, on the datastores of the application; `marketDataEntities` and `marketDataMigrations` go to its data
 * source. Trades are brought into InfluxDB from serving on.
 */
@Module({
  providers: [...instruments, ...quotes, ...trades],
  exports: [InstrumentCatalogue, LatestQuotes, QuoteStreams, TradeIntake, CandleQuery],
})
export class MarketDataModule implements OnModuleInit, BeforeApplicationShutdown {
  readonly #lifecycle: Lifecycle;
  readonly #writer: TradeWriter;
  readonly #streams: QuoteStreams;

  constructor(lifecycle: Lifecycle, writer: TradeWriter, streams: QuoteStreams) {
    this.#lifecycle = lifecycle;
    this.#writer = writer;
    this.#streams = streams;
  }

  onModuleInit(): void {
    const { application, shutdown } = this.#lifecycle;
    application.onTransition(({ from, to }) => {
      if (from === 'starting' && to === 'serving') this.#writer.start();
    });
    shutdown.register({ stage: 'end-streams', name: 'quote streams', run: () => this.#streams.end() });
    shutdown.register({ stage: 'flush', name: 'trade writer', run: (signal) => this.#writer.stop(signal) });
  }

  /** For an application that is closed without the steps of the shutdown, as in tests. */
  async beforeApplicationShutdown(): Promise<void> {
    if (this.#lifecycle.application.phase === 'draining') return;
    await this.#streams.end();
    await this.#writer.stop(AbortSignal.timeout(stopTimeoutMs));
  }
}
