import { AppError, defineErrors, exitCodes } from '@app/errors';

/** The codes of the reference data. */
export const instrumentErrors = defineErrors({
  unknown_symbol: {
    kind: 'not_found',
    title: 'No instrument has this symbol',
    advice: 'Look at GET /api/v1/instruments, or create the instrument first.',
  },
  instrument_exists: {
    kind: 'conflict',
    title: 'An instrument with this symbol exists',
    advice: 'Change it with PATCH, or choose another symbol.',
  },
  instrument_sizes_fixed: {
    kind: 'conflict',
    title: 'Tick size and lot size are fixed',
    advice: 'Leave tickSize and lotSize as they are, or create an instrument with another symbol.',
  },
  instrument_seed_invalid: {
    kind: 'invalid',
    title: 'The seed is not a list of instruments',
    advice:
      'Give a JSON array of objects with symbol, name, assetClass, currency, tickSize, lotSize and, optionally, status.',
    exitCode: exitCodes.failed,
  },
});

export class UnknownSymbolError extends AppError {
  constructor(readonly symbols: readonly string[]) {
    const list = symbols.map((symbol) => JSON.stringify(symbol)).join(', ');
    super(instrumentErrors.unknown_symbol, `There is no instrument ${list}.`, { data: { symbols } });
  }
}

export class InstrumentExistsError extends AppError {
  constructor(symbol: string) {
    super(instrumentErrors.instrument_exists, `There is an instrument ${symbol} already.`, {
      data: { symbol },
    });
  }
}

/** Trades are stored as whole numbers of ticks and lots, which another size would turn into other prices. */
export class InstrumentSizesFixedError extends AppError {
  constructor(symbol: string) {
    super(instrumentErrors.instrument_sizes_fixed, `${symbol} has taken trades already.`, {
      data: { symbol },
    });
  }
}

export class InstrumentSeedError extends AppError {
  constructor(mistakes: readonly string[]) {
    super(instrumentErrors.instrument_seed_invalid, `The seed cannot be used: ${mistakes.join('; ')}.`, {
      data: { mistakes },
    });
  }
}
