export const tradeSides = ['buy', 'sell'] as const;
export type TradeSide = (typeof tradeSides)[number];

/** A trade that was accepted: all of it exact. */
export interface Trade {
  readonly symbol: string;
  /** The timestamp: whole seconds since 1970 in UTC, and the nanoseconds of that second. */
  readonly second: number;
  readonly nanos: number;
  /** As `storedTradeId` or `madeUpTradeId` gives it. */
  readonly id: string;
  /** The price as a whole number of ticks, at most 18 digits. */
  readonly ticks: string;
  /** The size as a whole number of lots, at most 18 digits. */
  readonly lots: string;
  readonly side: TradeSide | null;
}
