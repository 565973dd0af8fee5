import type { PostgresClient } from '@app/postgres';
import { Any, IsNull, MoreThan } from 'typeorm';
import { seedInstruments } from './instrument-seed.js';
import { InstrumentEntity } from './instrument.entity.js';
import { InstrumentSizesFixedError } from './instrument.errors.js';
import type { Instrument, InstrumentChanges, InstrumentStatus } from './instrument.js';
import { canonicalDecimal } from './instrument.schema.js';

/** In the order of the symbols, so that two processes that lock the same ones never wait for each other in turn. */
const fixSizes = `
  WITH chosen AS (
    SELECT symbol FROM instruments WHERE symbol = ANY($1) AND first_tick_at IS NULL
    ORDER BY symbol FOR NO KEY UPDATE
  )
  UPDATE instruments SET first_tick_at = now() FROM chosen WHERE instruments.symbol = chosen.symbol`;

/** The instruments in PostgreSQL. All methods throw a DatastoreError when it does not work. */
export class InstrumentTable {
  readonly #postgres: PostgresClient;

  constructor(postgres: PostgresClient) {
    this.#postgres = postgres;
  }

  /** Returns false when the symbol is taken. */
  async insert(instrument: Instrument): Promise<boolean> {
    const created = await this.#postgres.run((dataSource) => seedInstruments(dataSource, [instrument]));
    return created.length > 0;
  }

  /** Those of the instruments that exist. */
  async find(symbols: readonly string[]): Promise<Map<string, Instrument>> {
    const rows = await this.#rows(symbols);
    return new Map(rows.map((row) => [row.symbol, toInstrument(row)]));
  }

  /** As many instruments as the limit allows, in the order of their symbols, that come after a symbol. */
  async page(limit: number, after?: string, status?: InstrumentStatus): Promise<readonly Instrument[]> {
    const rows = await this.#postgres.run((dataSource) =>
      dataSource.getRepository(InstrumentEntity).find({
        where: {
          ...(after === undefined ? {} : { symbol: MoreThan(after) }),
          ...(status === undefined ? {} : { status }),
        },
        order: { symbol: 'ASC' },
        take: limit,
      }),
    );
    return rows.map(toInstrument);
  }

  /**
   * Returns the instrument as it is afterwards, or undefined when there is none. Throws an InstrumentSizesFixedError,
   * and changes nothing, when trades were taken and a size would become another.
   */
  async update(symbol: string, changes: InstrumentChanges): Promise<Instrument | undefined> {
    const { tickSize, lotSize } = changes;
    const sameSizes = { ...(tickSize && { tickSize }), ...(lotSize && { lotSize }) };
    return this.#postgres.run(async (dataSource) => {
      const rows = dataSource.getRepository(InstrumentEntity);
      const allowed = [
        { symbol, firstTickAt: IsNull() },
        { symbol, ...sameSizes },
      ];
      const { affected } = await rows.update(allowed, changes);
      const row = await rows.findOneBy({ symbol });
      if (row === null) return undefined;
      if (affected === 0) throw new InstrumentSizesFixedError(symbol);
      return toInstrument(row);
    });
  }

  /**
   * As `find`, for instruments that are about to take trades. The sizes of the active ones are fixed from here on:
   * whoever has them can count in ticks and lots without asking again.
   */
  async findForTrades(symbols: readonly string[]): Promise<Map<string, Instrument>> {
    const rows = await this.#rows(symbols);
    const found = new Map(rows.map((row) => [row.symbol, toInstrument(row)]));
    const unfixed = rows
      .filter(({ status, firstTickAt }) => status === 'active' && firstTickAt === null)
      .map(({ symbol }) => symbol);
    if (unfixed.length === 0) return found;
    await this.#postgres.run((dataSource) => dataSource.query(fixSizes, [unfixed]));
    // Once more, for a size may have been changed before it was fixed.
    return new Map([...found, ...(await this.find(unfixed))]);
  }

  async #rows(symbols: readonly string[]): Promise<InstrumentEntity[]> {
    return this.#postgres.run((dataSource) =>
      dataSource.getRepository(InstrumentEntity).findBy({ symbol: Any(symbols) }),
    );
  }
}

function toInstrument(row: InstrumentEntity): Instrument {
  const { symbol, name, assetClass, currency, status } = row;
  const tickSize = canonicalDecimal(row.tickSize);
  const lotSize = canonicalDecimal(row.lotSize);
  return { symbol, name, assetClass, currency, tickSize, lotSize, status };
}
