import { marketDataMigrations, parseInstrumentSeed, seedInstruments } from '@app/market-data';
import type { MigrationClass } from '@app/postgres';
import type { DataSource } from 'typeorm';

/** The business of the database: the one place that names it. Another domain takes its place here, or nothing (`[]`). */
export const domainMigrations: readonly MigrationClass[] = marketDataMigrations;

/** Makes sure that what was seeded exists, however often it is called; returns the names of what was new. */
export type Seed = (dataSource: DataSource) => Promise<readonly string[]>;

/** Reads the JSON of INIT_SEED_FILE. Throws an AppError that names every mistake in it. */
export function readSeed(json: unknown): Seed {
  const instruments = parseInstrumentSeed(json);
  return (dataSource) => seedInstruments(dataSource, instruments);
}
