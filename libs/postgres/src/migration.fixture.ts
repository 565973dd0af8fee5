import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { MigrationClass } from './data-source.js';

/** Makes a class as a domain would write it. */
export function migration(
  name: string,
  sql: string,
  options: { readonly transaction?: boolean } = {},
): MigrationClass {
  return class implements MigrationInterface {
    readonly name = name;
    readonly transaction?: boolean = options.transaction ?? true;

    async up(queryRunner: QueryRunner): Promise<void> {
      await queryRunner.query(sql);
    }

    down(): Promise<void> {
      return Promise.reject(new Error('not used'));
    }
  };
}
