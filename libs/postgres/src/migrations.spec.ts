import { startPostgres } from '@app/dev-services';
import type { MigrationInterface } from 'typeorm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { migration } from './migration.fixture.js';
import { appliedMigrations, knownMigrations } from './migrations.js';
import { connected } from './postgres-client.fixture.js';

const first = migration('First1700000000001', 'SELECT 1');
const second = migration('Second1700000000002', 'SELECT 2');

describe('knownMigrations', () => {
  it('names the migrations, oldest first', () => {
    class Third1700000000003 implements MigrationInterface {
      up = (): Promise<void> => Promise.resolve();
      down = (): Promise<void> => Promise.resolve();
    }
    expect(knownMigrations([Third1700000000003, second, first])).toEqual([
      'First1700000000001',
      'Second1700000000002',
      'Third1700000000003',
    ]);
  });
});

describe('appliedMigrations', () => {
  it('finds none before the database was ever migrated, and then all in their order', async () => {
    const server = await startPostgres();
    onTestFinished(() => server.stop());
    const postgres = await connected(server.url, {}, { entities: [], migrations: [second, first] });
    const before = await postgres.run(appliedMigrations);
    await postgres.run((dataSource) => dataSource.runMigrations());
    expect(before).toEqual([]);
    expect(await postgres.run(appliedMigrations)).toEqual(['First1700000000001', 'Second1700000000002']);
  });
});
