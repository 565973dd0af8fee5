/** `halted`: trades are rejected. */
export const instrumentStatuses = ['active', 'halted'] as const;
export type InstrumentStatus = (typeof instrumentStatuses)[number];

/** What is traded. Sizes are decimal strings without superfluous zeros. */
export interface Instrument {
  readonly symbol: string;
  readonly name: string;
  readonly assetClass: string;
  readonly currency: string;
  /** Every price is a multiple of it; fixed once trades exist. */
  readonly tickSize: string;
  /** Every traded size is a multiple of it; fixed once trades exist. */
  readonly lotSize: string;
  readonly status: InstrumentStatus;
}

/** The fields that may be changed, each of them optional. */
export type InstrumentChanges = Partial<Omit<Instrument, 'symbol'>>;

const symbolPattern = /^[A-Z0-9][A-Z0-9._-]{0,31}$/;

/** Whether an instrument can have this symbol; nothing else may reach the datastores as one. */
export function isSymbol(text: string): boolean {
  return symbolPattern.test(text);
}
