import { marketDataEntities, marketDataMigrations } from '@app/market-data';
import type { Schema } from '@app/postgres';
import type { Type } from '@nestjs/common';
import { MarketDataApiModule } from './market-data/market-data-api.module.js';

/** The business of this service: the one place that names it. Another domain takes its place here. */
export const domainModules: readonly Type[] = [MarketDataApiModule];

export const domainSchema: Schema = { entities: marketDataEntities, migrations: marketDataMigrations };
