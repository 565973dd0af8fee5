import { type DataSource, MigrationExecutor } from 'typeorm';
import type { MigrationClass } from './data-source.js';

/** The names of these migrations, as the database keeps them, oldest first. */
export function knownMigrations(classes: readonly MigrationClass[]): readonly string[] {
  return classes
    .map((Migration) => new Migration().name ?? Migration.name)
    .toSorted((one, other) => timestampOf(one) - timestampOf(other));
}

/**
 * The names of all migrations that the database has, in the order in which it got them. They may be more than this
 * build knows. For `PostgresClient.run`.
 */
export async function appliedMigrations(dataSource: DataSource): Promise<readonly string[]> {
  const migrations = await new MigrationExecutor(dataSource).getExecutedMigrations();
  return migrations.map(({ name }) => name).toReversed();
}

/** TypeORM keeps the time in the last 13 characters of the name. */
function timestampOf(name: string): number {
  return Number(name.slice(-13));
}
