import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream';
import { AppError } from '@app/errors';
import { CsvError, type Info, parse } from 'csv-parse';
import { cliErrors } from '../cli.errors.js';
import { type ColumnOrder, columnOrder, type Tick, tickOf } from './trade-columns.js';

/** A row of the file: a trade, or why it is none. */
export interface TradeRow {
  /** From 1, as editors count. */
  readonly line: number;
  /** Bytes of the file up to the end of this row. */
  readonly bytes: number;
  readonly tick: Tick | undefined;
  readonly fault?: string;
  /** Whether the file has no id for it. */
  readonly withoutId: boolean;
}

/** A file of trades in CSV, read as a stream. */
export interface TradeFile {
  /** In bytes. */
  readonly size: number;
  /** The rows from this line on. Throws an AppError with the code `import_file_unusable` where the file is no CSV. */
  rows(fromLine: number): AsyncGenerator<TradeRow>;
}

/** Opens a file. Throws an AppError with the code `import_file_unusable` when it cannot be read. */
export async function openTradeFile(path: string): Promise<TradeFile> {
  try {
    const handle = await open(path);
    const { size } = await handle.stat();
    return { size, rows: (fromLine) => readRows(handle, ownIds(path), fromLine) };
  } catch (error) {
    throw new AppError(
      cliErrors.import_file_unusable,
      `The file ${path} cannot be read (${codeOf(error)}).`,
      {
        advice: 'Give the path of a file that this user may read.',
        cause: error,
      },
    );
  }
}

/** In bytes: a quote that is never closed must not take the rest of the file into memory. */
const longestRow = 65_536;

interface Parsed {
  readonly info: Info;
  readonly record: readonly string[];
}

async function* readRows(
  handle: FileHandle,
  ownId: (line: number) => string,
  fromLine: number,
): AsyncGenerator<TradeRow> {
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: longestRow,
  });
  // A failure of the file ends the parser with it, and is thrown to who reads from the parser.
  pipeline(handle.createReadStream(), parser, () => undefined);
  let order: ColumnOrder | undefined;
  try {
    for await (const { info, record } of parser as AsyncIterable<Parsed>) {
      if (order === undefined) order = columnOrder(record);
      else if (info.lines >= fromLine) yield rowOf({ info, record }, order, ownId);
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    const what =
      error instanceof CsvError ? `is no CSV: ${error.message}` : `cannot be read (${codeOf(error)})`;
    throw new AppError(cliErrors.import_file_unusable, `The file ${what}.`, { cause: error });
  }
  if (order === undefined) columnOrder([]);
}

function rowOf({ info, record }: Parsed, order: ColumnOrder, ownId: (line: number) => string): TradeRow {
  const place = { line: info.lines, bytes: info.bytes };
  if (record.length !== order.size) {
    const fault = `The row has ${String(record.length)} fields and not ${String(order.size)}.`;
    return { ...place, tick: undefined, fault, withoutId: false };
  }
  let withoutId = false;
  const tick = tickOf(record, order, () => {
    withoutId = true;
    return ownId(info.lines);
  });
  return { ...place, tick, withoutId };
}

/**
 * Ids for rows that have none. A batch whose answer was lost is sent again, and a file may be imported again: with an
 * id that is the same each time such a row counts once. It sorts by line among trades of one timestamp.
 */
function ownIds(path: string): (line: number) => string {
  const file = createHash('sha256').update(basename(path)).digest('hex').slice(0, 8);
  return (line) => `csv-${file}-${String(line).padStart(10, '0')}`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
