import { beforeAll, describe, expect, it } from 'vitest';
import { writeToken } from '../../support/backend.js';
import { cellName } from './cell-name.js';
import { faultNames, type FaultTable } from './cell.js';
import { type AnyCell, play } from './play.js';

export const cellsOf = (table: FaultTable): readonly AnyCell[] => {
  const target = table.datastore;
  return faultNames.flatMap((fault) => [
    { target, fault, phase: 'starting', expected: table.starting[fault] },
    { target, fault, phase: 'serving', expected: table.serving[fault] },
    { target, fault, phase: 'shutting down', expected: table['shutting down'][fault] },
  ]);
};

/** One test for each cell of the table; its name is the row. */
export function faultSuite(table: FaultTable): void {
  describe(`faults of ${table.datastore}`, () => {
    let token: string;
    beforeAll(async () => {
      token = await writeToken();
    });

    it.for(cellsOf(table).map((cell) => [cellName(cell), cell] as const))(
      '%s',
      async ([, cell], { annotate }) => {
        const report = await play(cell, { token });
        await annotate(report.measured, 'measured');
        expect(report.failure).toEqual([]);
      },
    );
  });
}
