import { DatastoreError } from '@app/errors';
import { appliedMigrations, knownMigrations, type MigrationClass, type PostgresClient } from '@app/postgres';

/** Which migrations this build knows, and which the database has. */
export interface MigrationStatus {
  readonly known: readonly string[];
  /** undefined: the database could not be asked. */
  readonly applied: readonly string[] | undefined;
  /** Known here and not in the database: db-init is needed. */
  readonly missing: readonly string[];
  /** In the database and not known here: a newer build has been there, which is fine. */
  readonly newer: readonly string[];
}

/** Asks the database for its migrations. */
export async function migrationStatus(
  postgres: PostgresClient,
  classes: readonly MigrationClass[],
  signal: AbortSignal,
): Promise<MigrationStatus> {
  const known = knownMigrations(classes);
  try {
    await postgres.whenConnected(signal);
    const applied = await postgres.run(appliedMigrations);
    return {
      known,
      applied,
      missing: known.filter((name) => !applied.includes(name)),
      newer: applied.filter((name) => !known.includes(name)),
    };
  } catch (error) {
    if (!(error instanceof DatastoreError)) throw error;
    return { known, applied: undefined, missing: [], newer: [] };
  }
}
