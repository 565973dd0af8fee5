import { marketDataEntities, marketDataMigrations } from '@app/market-data';
import type { Schema } from '@app/postgres';

/** The tables of the business: the one place of these commands that names it. Another domain takes its place here. */
export const domainSchema: Schema = { entities: marketDataEntities, migrations: marketDataMigrations };
