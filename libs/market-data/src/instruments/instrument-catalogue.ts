import { AppError, coreErrors } from '@app/errors';
import type { Clock } from '@app/lifecycle';
import { InstrumentCache } from './instrument-cache.js';
import { cursorAfter, symbolOfCursor } from './instrument-cursor.js';
import type { InstrumentTable } from './instrument-table.js';
import { InstrumentExistsError, UnknownSymbolError } from './instrument.errors.js';
import { type Instrument, type InstrumentChanges, type InstrumentStatus, isSymbol } from './instrument.js';

export interface InstrumentPageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly status?: InstrumentStatus | undefined;
}

export interface InstrumentPage {
  readonly instruments: readonly Instrument[];
  /** Behind which the next page comes; null after the last one. */
  readonly nextCursor: string | null;
}

/** The reference data. All methods throw a DatastoreError when PostgreSQL does not work. */
export class InstrumentCatalogue {
  readonly #table: InstrumentTable;
  readonly #forTrades: InstrumentCache;

  constructor(table: InstrumentTable, clock: Clock) {
    this.#table = table;
    this.#forTrades = new InstrumentCache((symbols) => table.findForTrades(symbols), clock);
  }

  /** Throws an InstrumentExistsError. */
  async create(instrument: Instrument): Promise<Instrument> {
    if (await this.#table.insert(instrument)) return instrument;
    throw new InstrumentExistsError(instrument.symbol);
  }

  /** In the order of their symbols by bytes. Throws an AppError `validation_failed` for a cursor that is none. */
  async list({ limit, cursor, status }: InstrumentPageRequest): Promise<InstrumentPage> {
    const after = cursor === undefined ? undefined : symbolOfCursor(cursor);
    if (cursor !== undefined && after === undefined) throw invalidCursor();
    const found = await this.#table.page(limit + 1, after, status);
    const instruments = found.slice(0, limit);
    const last = found.length > limit ? instruments.at(-1) : undefined;
    return { instruments, nextCursor: last === undefined ? null : cursorAfter(last.symbol) };
  }

  /** Throws an UnknownSymbolError. */
  async get(symbol: string): Promise<Instrument> {
    const found = isSymbol(symbol) ? await this.#table.find([symbol]) : undefined;
    const instrument = found?.get(symbol);
    if (instrument === undefined) throw new UnknownSymbolError([symbol]);
    return instrument;
  }

  /** Throws an UnknownSymbolError that names those that do not exist. */
  async requireKnown(symbols: readonly string[]): Promise<void> {
    const possible = symbols.filter(isSymbol);
    const found = possible.length > 0 ? await this.#table.find(possible) : new Map<string, Instrument>();
    const unknown = symbols.filter((symbol) => !found.has(symbol));
    if (unknown.length > 0) throw new UnknownSymbolError(unknown);
  }

  /** Throws an UnknownSymbolError, or an InstrumentSizesFixedError. */
  async update(symbol: string, changes: InstrumentChanges): Promise<Instrument> {
    try {
      const instrument = isSymbol(symbol) ? await this.#table.update(symbol, changes) : undefined;
      if (instrument === undefined) throw new UnknownSymbolError([symbol]);
      return instrument;
    } finally {
      // Also after an error: the change may have been made before the connection was lost.
      this.#forTrades.forget(symbol);
    }
  }

  /**
   * The instruments, among these symbols, that trades may be checked against; symbols that are missing in it do not
   * exist. Tick and lot size of the active ones never change afterwards. A status that another process has changed
   * may be a second old, and older while PostgreSQL does not work: known instruments go on taking trades then.
   *
   * The sizes are fixed although all of the trades may turn out to be wrong: fixing them only with the first good
   * trade would let a size change between the check of that trade and its storage.
   */
  async forTrades(symbols: ReadonlySet<string>): Promise<ReadonlyMap<string, Instrument>> {
    return this.#forTrades.get([...symbols].filter(isSymbol));
  }
}

function invalidCursor(): AppError {
  return new AppError(coreErrors.validation_failed, 'The cursor was not made by this call.', {
    advice: 'Use nextCursor of the page before, or leave it out.',
    data: { errors: [{ field: 'cursor', detail: 'is not a cursor of this call' }] },
  });
}
