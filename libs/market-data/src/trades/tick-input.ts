/** One trade of a request, as JSON gives it. A member that is null counts as missing. */
export interface TickInput {
  readonly symbol: unknown;
  readonly price: unknown;
  readonly size: unknown;
  readonly timestamp?: unknown;
  readonly tradeId?: unknown;
  readonly side?: unknown;
}

/** A trade of a request that was not taken. */
export interface RejectedTick {
  /** Its place in the request, from 0. */
  readonly index: number;
  readonly code: string;
  readonly detail: string;
}

export interface IntakeResult {
  readonly accepted: number;
  readonly rejected: RejectedTick[];
}
