import { defineErrors } from '@app/errors';

/** The codes of trades, quotes and candles; those of `rejected` trades stand in the body of a 202. */
export const marketDataErrors = defineErrors({
  batch_size_invalid: {
    kind: 'invalid',
    title: 'A request must bring 1 to 10,000 trades',
    advice: 'Split the trades over several requests.',
  },
  invalid_trade: {
    kind: 'invalid',
    title: 'A trade is not an object',
    advice: 'Send each trade as an object with symbol, price and size.',
  },
  invalid_symbol: {
    kind: 'invalid',
    title: 'The text cannot be a symbol',
    advice:
      'Use 1 to 32 of A-Z, 0-9, dot, underscore and hyphen, the first a letter or digit, as GET /api/v1/instruments gives them.',
  },
  instrument_halted: {
    kind: 'conflict',
    title: 'The instrument takes no trades now',
    advice: 'Send the trade again once the status of the instrument is active.',
  },
  invalid_price: {
    kind: 'invalid',
    title: 'The price is no decimal above 0',
    advice: 'Send a decimal string such as "1.0716", or a number.',
  },
  invalid_size: {
    kind: 'invalid',
    title: 'The size is no decimal of at least 0',
    advice: 'Send a decimal string such as "0.5", or a number.',
  },
  off_tick_size: {
    kind: 'invalid',
    title: 'The price is no multiple of the tick size',
    advice: 'Send a price on the grid of the instrument; it is never rounded here.',
  },
  off_lot_size: {
    kind: 'invalid',
    title: 'The size is no multiple of the lot size',
    advice: 'Send a size on the grid of the instrument; it is never rounded here.',
  },
  decimal_inexact: {
    kind: 'invalid',
    title: 'A number has more digits than JSON numbers keep',
    advice: 'Send it as a string.',
  },
  decimal_out_of_range: {
    kind: 'invalid',
    title: 'A price or size has more than 18 digits in ticks or lots',
    advice: 'Use an instrument with a larger tick or lot size.',
  },
  invalid_timestamp: {
    kind: 'invalid',
    title: 'The text is no timestamp of RFC 3339',
    advice: 'Send it as "2017-04-19T09:20:00.123456789Z", with at most 9 digits after the point.',
  },
  timestamp_out_of_range: {
    kind: 'invalid',
    title: 'The timestamp is before 1970 or more than 5 minutes ahead',
    advice: "Check the timestamp, and the sender's clock.",
  },
  invalid_trade_id: {
    kind: 'invalid',
    title: 'The trade id is not 1 to 64 printable characters',
    advice:
      'Send a string of 1 to 64 characters without control characters and line breaks, or leave it out.',
  },
  invalid_side: {
    kind: 'invalid',
    title: 'The side is neither buy nor sell',
    advice: 'Send "buy" or "sell", or leave it out.',
  },
  trade_conflict: {
    kind: 'conflict',
    title: 'Another trade has this symbol, timestamp and trade id',
    advice: 'Give the trade an id of its own; a trade once taken cannot be changed.',
  },
  backlog_full: {
    kind: 'unavailable',
    title: 'Too many trades wait to be stored',
    advice: 'Send the trades again, with the same trade ids, after the time in Retry-After.',
  },
  redis_not_durable: {
    kind: 'unavailable',
    title: 'Redis would not keep the trades',
    advice: 'Set appendonly yes and maxmemory-policy noeviction in Redis, or INGEST_DURABILITY=memory.',
  },
  no_quote: {
    kind: 'not_found',
    title: 'The instrument has no trade yet',
    advice: 'Ask again after the first trade.',
  },
});
