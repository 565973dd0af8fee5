import type { DecimalFault } from '../decimal/decimal-grid.js';
import { instrumentErrors } from '../instruments/instrument.errors.js';
import { isSymbol } from '../instruments/instrument.js';
import { marketDataErrors } from '../market-data.errors.js';
import { parseTimestamp, type Timestamp, timestampOfMillis } from '../timestamps/timestamp.js';
import type { TickInput } from './tick-input.js';
import { madeUpTradeId, storedTradeId } from './trade-id.js';
import type { Trade, TradeSide } from './trade.js';
import type { TradedInstrument } from './traded-instrument.js';

/** Why a trade is not taken. */
export class Rejection {
  readonly code: string;
  readonly detail: string;

  constructor(definition: { readonly code: string }, detail: string) {
    this.code = definition.code;
    this.detail = detail;
  }
}

/** How far a timestamp may be ahead of the server's clock, in seconds. */
const mostAhead = 300;

/** Reads the trades of one request. */
export class TradeReader {
  readonly #instruments: ReadonlyMap<string, TradedInstrument>;
  readonly #now: Timestamp;
  readonly #nonce: string;

  /** The nonce names the request's made-up trade ids. */
  constructor(instruments: ReadonlyMap<string, TradedInstrument>, nowMs: number, nonce: string) {
    this.#instruments = instruments;
    this.#now = timestampOfMillis(nowMs);
    this.#nonce = nonce;
  }

  /** The trade at this place of the request, or what is wrong with it first. */
  read(tick: unknown, index: number): Trade | Rejection {
    if (!isTick(tick)) return new Rejection(marketDataErrors.invalid_trade, 'The trade is not an object.');
    const traded = this.#traded(tick.symbol);
    if (traded instanceof Rejection) return traded;
    const ticks = readPrice(tick.price, traded);
    if (ticks instanceof Rejection) return ticks;
    const lots = readSize(tick.size, traded);
    if (lots instanceof Rejection) return lots;
    const timestamp = this.#timestamp(tick.timestamp);
    if (timestamp instanceof Rejection) return timestamp;
    const id = this.#id(tick.tradeId, index);
    if (id instanceof Rejection) return id;
    const side = readSide(tick.side);
    if (side instanceof Rejection) return side;

    const { symbol } = traded.instrument;
    return { symbol, second: timestamp.second, nanos: timestamp.nanos, id, ticks, lots, side };
  }

  #traded(symbol: unknown): TradedInstrument | Rejection {
    const traded = typeof symbol === 'string' ? this.#instruments.get(symbol) : undefined;
    if (traded === undefined) {
      return typeof symbol === 'string' && isSymbol(symbol)
        ? new Rejection(instrumentErrors.unknown_symbol, `There is no instrument ${symbol}.`)
        : new Rejection(marketDataErrors.invalid_symbol, `The symbol ${shown(symbol)} cannot be one.`);
    }
    return traded.instrument.status === 'active'
      ? traded
      : new Rejection(marketDataErrors.instrument_halted, `${traded.instrument.symbol} is halted.`);
  }

  #timestamp(given: unknown): Timestamp | Rejection {
    if (given === undefined || given === null) return this.#now;
    const timestamp = typeof given === 'string' ? parseTimestamp(given) : undefined;
    if (timestamp === undefined) {
      const detail = `The timestamp ${shown(given)} is not of RFC 3339 with at most 9 digits after the point.`;
      return new Rejection(marketDataErrors.invalid_timestamp, detail);
    }
    const ahead = timestamp.second - this.#now.second - mostAhead;
    if (timestamp.second >= 0 && (ahead < 0 || (ahead === 0 && timestamp.nanos <= this.#now.nanos)))
      return timestamp;
    const detail = `The timestamp ${shown(given)} is before 1970 or more than 5 minutes ahead of this server.`;
    return new Rejection(marketDataErrors.timestamp_out_of_range, detail);
  }

  #id(given: unknown, index: number): string | Rejection {
    if (given === undefined || given === null) return madeUpTradeId(this.#nonce, index);
    const detail = 'The tradeId is not a string of 1 to 64 printable characters.';
    return storedTradeId(given) ?? new Rejection(marketDataErrors.invalid_trade_id, detail);
  }
}

function isTick(tick: unknown): tick is TickInput {
  return typeof tick === 'object' && tick !== null && !Array.isArray(tick);
}

function readPrice(given: unknown, { prices, instrument }: TradedInstrument): string | Rejection {
  const count = prices.count(given);
  if ('steps' in count && count.steps !== '0') return count.steps;
  const fault = 'fault' in count ? count.fault : 'not_decimal';
  return decimalRejection(fault, `price ${shown(given)}`, {
    invalid: new Rejection(
      marketDataErrors.invalid_price,
      `The price ${shown(given)} is no decimal above 0.`,
    ),
    offGrid: marketDataErrors.off_tick_size,
    grid: `tick size ${instrument.tickSize}`,
  });
}

function readSize(given: unknown, { sizes, instrument }: TradedInstrument): string | Rejection {
  const count = sizes.count(given);
  if ('steps' in count) return count.steps;
  return decimalRejection(count.fault, `size ${shown(given)}`, {
    invalid: new Rejection(
      marketDataErrors.invalid_size,
      `The size ${shown(given)} is no decimal of at least 0.`,
    ),
    offGrid: marketDataErrors.off_lot_size,
    grid: `lot size ${instrument.lotSize}`,
  });
}

interface Wording {
  readonly invalid: Rejection;
  readonly offGrid: { readonly code: string };
  readonly grid: string;
}

function decimalRejection(fault: DecimalFault, what: string, { invalid, offGrid, grid }: Wording): Rejection {
  switch (fault) {
    case 'not_decimal':
      return invalid;
    case 'off_grid':
      return new Rejection(offGrid, `The ${what} is no multiple of the ${grid}.`);
    case 'inexact': {
      const detail = `The ${what} has more than 15 digits, which a JSON number does not keep; send it as a string.`;
      return new Rejection(marketDataErrors.decimal_inexact, detail);
    }
    case 'out_of_range': {
      const detail = `The ${what} has more than 18 digits in units of the ${grid}.`;
      return new Rejection(marketDataErrors.decimal_out_of_range, detail);
    }
  }
}

function readSide(given: unknown): TradeSide | null | Rejection {
  if (given === undefined || given === null) return null;
  if (given === 'buy' || given === 'sell') return given;
  return new Rejection(
    marketDataErrors.invalid_side,
    `The side ${shown(given)} is neither "buy" nor "sell".`,
  );
}

const longestShown = 40;

/** A client's value for a message: as JSON, and not longer than a message may be. */
function shown(value: unknown): string {
  if (value === undefined) return '(none)';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[…]' : '{…}';
  const json = JSON.stringify(typeof value === 'string' ? value.slice(0, longestShown + 1) : value);
  return json.length > longestShown ? `${json.slice(0, longestShown)}…` : json;
}
