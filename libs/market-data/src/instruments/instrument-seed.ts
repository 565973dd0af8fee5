import { InstrumentSeedError } from './instrument.errors.js';
import type { Instrument } from './instrument.js';
import { instrumentSeedSchema } from './instrument.schema.js';

/** What runs one statement: a TypeORM DataSource, EntityManager or QueryRunner. */
export interface StatementRunner {
  query<Result>(sql: string, parameters?: unknown[]): Promise<Result>;
}

/** Reads the content of a seed file. Throws an InstrumentSeedError that names every mistake. */
export function parseInstrumentSeed(json: unknown): readonly Instrument[] {
  const result = instrumentSeedSchema.validate(json, { abortEarly: false });
  if (result.error === undefined) return result.value;
  throw new InstrumentSeedError(result.error.details.map((detail) => detail.message));
}

/**
 * Makes sure that the instruments exist and returns the symbols of those that it had to create. Those that exist
 * stay as they are: an operator may have halted or changed them.
 */
export async function seedInstruments(
  runner: StatementRunner,
  instruments: readonly Instrument[],
): Promise<readonly string[]> {
  const rows = await runner.query<{ symbol: string }[]>(
    `INSERT INTO instruments (symbol, name, asset_class, currency, tick_size, lot_size, status)
     SELECT symbol, name, "assetClass", currency, "tickSize", "lotSize", status
     FROM jsonb_to_recordset($1::jsonb) AS seed
       (symbol text, name text, "assetClass" text, currency text, "tickSize" numeric, "lotSize" numeric, status text)
     ON CONFLICT (symbol) DO NOTHING
     RETURNING symbol`,
    [JSON.stringify(instruments)],
  );
  return rows.map((row) => row.symbol);
}
