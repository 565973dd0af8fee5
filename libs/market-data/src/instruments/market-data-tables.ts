import { InstrumentEntity } from './instrument.entity.js';
import { CreateInstruments1795507200000 } from './migrations/1795507200000-create-instruments.js';

/** The entities of this domain, for the data source of whoever works with them. */
export const marketDataEntities = [InstrumentEntity] as const;

/** The migrations of this domain in their order, for the data source of whoever runs them. */
export const marketDataMigrations = [CreateInstruments1795507200000] as const;
