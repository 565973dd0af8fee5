import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The collation "C" orders symbols by bytes, on every server alike, so that a cursor never skips one.
 * A numeric without a fixed scale gives a size back as it was stored.
 */
export class CreateInstruments1795507200000 implements MigrationInterface {
  readonly name = 'CreateInstruments1795507200000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      CREATE TABLE instruments (
        symbol text COLLATE "C" PRIMARY KEY,
        name text NOT NULL,
        asset_class text NOT NULL,
        currency text NOT NULL,
        tick_size numeric NOT NULL CHECK (tick_size > 0 AND scale(tick_size) <= 18),
        lot_size numeric NOT NULL CHECK (lot_size > 0 AND scale(lot_size) <= 18),
        status text NOT NULL CHECK (status IN ('active', 'halted')),
        first_tick_at timestamptz
      )
    `);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE instruments');
  }
}
