/** The trades of an interval. */
export interface Candle {
  /** When it begins: RFC 3339 in UTC, whole seconds. */
  readonly time: string;
  /** Prices at the instrument's tick size. */
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  /** At the instrument's lot size. */
  readonly volume: string;
  readonly trades: number;
  /** Whether its interval is over. */
  readonly complete: boolean;
}
