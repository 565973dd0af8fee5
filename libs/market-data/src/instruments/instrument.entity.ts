import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { InstrumentStatus } from './instrument.js';

/** A row of the table that `CreateInstruments` makes. */
@Entity({ name: 'instruments' })
export class InstrumentEntity {
  @PrimaryColumn('text')
  symbol!: string;

  @Column('text')
  name!: string;

  @Column({ name: 'asset_class', type: 'text' })
  assetClass!: string;

  @Column('text')
  currency!: string;

  @Column({ name: 'tick_size', type: 'numeric' })
  tickSize!: string;

  @Column({ name: 'lot_size', type: 'numeric' })
  lotSize!: string;

  @Column('text')
  status!: InstrumentStatus;

  /** When trades were first taken; from then on the sizes are fixed. */
  @Column({ name: 'first_tick_at', type: 'timestamptz', nullable: true })
  firstTickAt!: Date | null;
}
