import { AppError } from '@app/errors';
import { cliErrors } from '../cli.errors.js';

const required = ['symbol', 'timestamp', 'price', 'size', 'trade_id'] as const;
const allowed: ReadonlySet<string> = new Set([...required, 'side']);

/** A trade as `POST /ticks` takes it; prices and sizes are the text of the file. */
export interface Tick {
  readonly symbol: string;
  readonly timestamp: string;
  readonly price: string;
  readonly size: string;
  readonly tradeId: string;
  readonly side?: string;
}

/** Where the fields of a trade stand in a record. */
export type ColumnOrder = ReadonlyMap<string, number>;

/** Reads the first record of a file. Throws an AppError with the code `import_file_unusable` that names what is wrong with it. */
export function columnOrder(header: readonly string[]): ColumnOrder {
  const names = header.map((name) => name.trim());
  const missing = required.filter((name) => !names.includes(name));
  const unknown = names.filter((name) => !allowed.has(name));
  const double = names.filter((name, at) => names.indexOf(name) !== at);
  const faults = [
    ...(missing.length > 0 ? [`lacks ${missing.join(', ')}`] : []),
    ...(unknown.length > 0
      ? [`has ${unknown.map((name) => JSON.stringify(name)).join(', ')} which nobody knows`]
      : []),
    ...(double.length > 0 ? [`has ${double.join(', ')} twice`] : []),
  ];
  if (faults.length > 0) {
    throw new AppError(
      cliErrors.import_file_unusable,
      `The first line of the file ${faults.join(' and ')}.`,
      {
        advice: `Begin the file with ${required.join(',')} in any order; a column side may be there too.`,
      },
    );
  }
  return new Map(names.map((name, at) => [name, at]));
}

/** The trade of a record; `ownId` is its id where the file has none. */
export function tickOf(record: readonly string[], order: ColumnOrder, ownId: () => string): Tick {
  const field = (name: string): string => record[order.get(name) ?? -1] ?? '';
  const side = field('side');
  return {
    symbol: field('symbol'),
    timestamp: field('timestamp'),
    price: field('price'),
    size: field('size'),
    tradeId: field('trade_id') || ownId(),
    ...(side === '' ? {} : { side }),
  };
}
