import { type CandleInterval, candleIntervals, parseTimestamp } from '@app/market-data';
import Joi from 'joi';

/** The query of `GET /candles/:symbol`. */
export interface CandlesQuery {
  readonly interval: CandleInterval;
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
  readonly cursor?: string;
}

const timestamp = Joi.string()
  .custom((value: string, helpers) =>
    parseTimestamp(value) === undefined ? helpers.error('timestamp') : value,
  )
  .messages({
    timestamp: '{#label} must be a timestamp of RFC 3339 such as "2026-11-24T08:00:00Z" (a plus sign as %2B)',
  });

export const candlesQuery = Joi.object<CandlesQuery, true>({
  interval: Joi.string()
    .valid(...Object.keys(candleIntervals))
    .default('1m'),
  from: timestamp,
  to: timestamp,
  limit: Joi.number().integer().min(1).max(5_000).default(1_000),
  cursor: Joi.string(),
});
