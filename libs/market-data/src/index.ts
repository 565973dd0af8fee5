export { candleIntervals, type CandleInterval } from './candles/candle-interval.js';
export { CandleQuery, type CandlePage } from './candles/candle-query.js';
export { type Candle } from './candles/candle.js';
export { InstrumentCatalogue, type InstrumentPage } from './instruments/instrument-catalogue.js';
export { parseInstrumentSeed, seedInstruments } from './instruments/instrument-seed.js';
export {
  instrumentErrors,
  InstrumentExistsError,
  InstrumentSeedError,
  InstrumentSizesFixedError,
  UnknownSymbolError,
} from './instruments/instrument.errors.js';
export {
  instrumentStatuses,
  type Instrument,
  type InstrumentChanges,
  type InstrumentStatus,
} from './instruments/instrument.js';
export { instrumentChangesSchema, instrumentSchema } from './instruments/instrument.schema.js';
export { marketDataEntities, marketDataMigrations } from './instruments/market-data-tables.js';
export { marketDataErrors } from './market-data.errors.js';
export { LatestQuotes } from './quote-stream/latest-quotes.js';
export { quoteBody, type QuoteBody } from './quote-stream/quote-event.js';
export { QuoteStreams } from './quote-stream/quote-streams.js';
export { parseTimestamp } from './timestamps/timestamp.js';
export { type IntakeResult, type RejectedTick } from './trades/tick-input.js';
export { TradeIntake } from './trades/trade-intake.js';
