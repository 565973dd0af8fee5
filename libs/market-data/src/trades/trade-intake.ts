import { AppError } from '@app/errors';
import type { Instrument } from '../instruments/instrument.js';
import { marketDataErrors } from '../market-data.errors.js';
import { BatchNonces } from './batch-nonces.js';
import type { DurabilityGate } from './durability-gate.js';
import type { IntakeResult, RejectedTick, TickInput } from './tick-input.js';
import { TradeBatch } from './trade-batch.js';
import type { TradeLog } from './trade-log.js';
import { Rejection, TradeReader } from './trade-reader.js';
import { TradedInstrument } from './traded-instrument.js';

/** Trades that one request may bring. */
export const maxTicks = 10_000;

/** The instruments that trades came for. */
export interface InstrumentsForTrades {
  /**
   * Unknown symbols are missing from the answer; tick and lot sizes in it are fixed for ever. Throws a DatastoreError.
   */
  forTrades(symbols: ReadonlySet<string>): Promise<ReadonlyMap<string, Instrument>>;
}

/** Takes trades from clients: checks them and puts the good ones where they last until they are stored. */
export class TradeIntake {
  readonly #instruments: InstrumentsForTrades;
  readonly #log: TradeLog;
  readonly #durability: DurabilityGate;
  readonly #nonces = new BatchNonces();

  constructor(instruments: InstrumentsForTrades, log: TradeLog, durability: DurabilityGate) {
    this.#instruments = instruments;
    this.#log = log;
    this.#durability = durability;
  }

  /**
   * Takes the trades of one request; resolves once the accepted ones are durable in Redis. A trade sent again counts
   * as accepted. Throws an AppError `batch_size_invalid`, `backlog_full` or `redis_not_durable`, or a
   * DatastoreError: then none, some or all may have been taken.
   */
  async accept(ticks: readonly unknown[], nowMs: number): Promise<IntakeResult> {
    if (ticks.length === 0 || ticks.length > maxTicks) throw batchSizeInvalid(ticks.length);
    this.#durability.check();

    const traded = await this.#tradedInstruments(ticks);
    const reader = new TradeReader(traded, nowMs, this.#nonces.next(nowMs));
    const batch = new TradeBatch();
    const rejected: RejectedTick[] = [];
    for (const [index, tick] of ticks.entries()) {
      const trade = reader.read(tick, index);
      const instrument = trade instanceof Rejection ? undefined : traded.get(trade.symbol);
      if (trade instanceof Rejection) rejected.push({ index, code: trade.code, detail: trade.detail });
      else if (instrument !== undefined && !batch.add(trade, instrument)) rejected.push(conflict(index));
    }
    if (rejected.length < ticks.length) await this.#log.append(batch.byShard());
    return { accepted: ticks.length - rejected.length, rejected };
  }

  async #tradedInstruments(ticks: readonly unknown[]): Promise<ReadonlyMap<string, TradedInstrument>> {
    const symbols = new Set<string>();
    for (const tick of ticks as readonly (Partial<TickInput> | null)[]) {
      if (typeof tick?.symbol === 'string') symbols.add(tick.symbol);
    }
    const instruments = await this.#instruments.forTrades(symbols);
    return new Map([...instruments].map(([symbol, known]) => [symbol, new TradedInstrument(known)]));
  }
}

function conflict(index: number): RejectedTick {
  const detail =
    'An earlier trade of the request has the same symbol, timestamp and tradeId, but another price or size.';
  return { index, code: marketDataErrors.trade_conflict.code, detail };
}

function batchSizeInvalid(count: number): AppError {
  const detail = `The request brings ${String(count)} trades.`;
  return new AppError(marketDataErrors.batch_size_invalid, detail, { data: { max: maxTicks } });
}
