import { cliErrors } from '../cli.errors.js';
import type { Rejection, Taken } from './tick-answer.js';
import type { Progress } from './progress.js';
import type { RejectedRow, RejectionReport } from './rejection-report.js';
import type { StopSignals, TickSender } from './tick-sender.js';
import type { Tick } from './trade-columns.js';
import type { TradeFile, TradeRow } from './trade-file.js';

export interface ImportTools {
  readonly sender: TickSender;
  readonly progress: Progress;
  readonly rejections: RejectionReport;
}

export interface ImportOptions {
  readonly fromLine: number;
  readonly batchSize: number;
  readonly signals: StopSignals;
}

/** What an import has come to. */
export interface ImportResult {
  /** Trades that the API took, those among them that it had already. */
  readonly accepted: number;
  readonly rejected: number;
  /** Trades that were sent, and that the API neither took nor rejected. */
  readonly lost: number;
  /** Rows that have no id in the file. */
  readonly withoutId: number;
  /** The line to go on from, if the import did not come to the end of the file. */
  readonly resumeAt: number | undefined;
  /** What ended it before, if that was not the user. */
  readonly failure: Error | undefined;
}

/**
 * Sends the rows of a file in batches, one batch at a time; the memory that it takes does not grow with the file. After
 * `signals.stop` it sends no further batch. It throws nothing: what ended it is in the result, with where to go on.
 */
export async function importTrades(
  file: TradeFile,
  { sender, progress, rejections }: ImportTools,
  { fromLine, batchSize, signals }: ImportOptions,
): Promise<ImportResult> {
  const counts = { accepted: 0, lost: 0, withoutId: 0 };
  let nextLine = fromLine;
  const result = (resumeAt: number | undefined, failure?: Error): ImportResult => ({
    ...counts,
    rejected: rejections.count,
    resumeAt,
    failure,
  });
  let rowsDone = 0;
  try {
    for await (const batch of batchesOf(file.rows(fromLine), batchSize)) {
      nextLine = batch.firstLine;
      if (signals.stop.aborted) return result(nextLine);
      const trades = batch.rows.flatMap(({ line, tick }) => (tick === undefined ? [] : [{ line, tick }]));
      const ticks = trades.map(({ tick }) => tick);
      const taken = ticks.length === 0 ? nothing : await sender.send(ticks, signals);
      const refused = taken.rejected.map((rejection) => rejectedRow(rejection, trades));
      await rejections.add([...faultyRows(batch.rows), ...refused].toSorted((a, b) => a.line - b.line));
      counts.accepted += taken.accepted;
      counts.lost += trades.length - taken.accepted - refused.length;
      counts.withoutId += batch.rows.filter((row) => row.withoutId).length;
      rowsDone += batch.rows.length;
      nextLine = batch.lastLine + 1;
      progress.update(batch.bytes, rowsDone);
    }
    return result(undefined);
  } catch (error) {
    if (error === signals.stop.reason || error === signals.force.reason) return result(nextLine);
    return result(nextLine, error instanceof Error ? error : new Error(String(error)));
  }
}

const nothing: Taken = { kind: 'taken', accepted: 0, rejected: [] };

interface Batch {
  readonly rows: readonly TradeRow[];
  readonly firstLine: number;
  readonly lastLine: number;
  /** Bytes of the file up to its end. */
  readonly bytes: number;
}

async function* batchesOf(rows: AsyncIterable<TradeRow>, size: number): AsyncGenerator<Batch> {
  let batch: TradeRow[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < size) continue;
    yield batchOf(batch);
    batch = [];
  }
  if (batch.length > 0) yield batchOf(batch);
}

function batchOf(rows: readonly TradeRow[]): Batch {
  const last = rows.at(-1);
  return { rows, firstLine: rows[0]?.line ?? 0, lastLine: last?.line ?? 0, bytes: last?.bytes ?? 0 };
}

function faultyRows(rows: readonly TradeRow[]): RejectedRow[] {
  return rows.flatMap(({ line, fault }) =>
    fault === undefined ? [] : [{ line, code: cliErrors.malformed_row.code, detail: fault }],
  );
}

function rejectedRow(
  { index, code, detail }: Rejection,
  trades: readonly { line: number; tick: Tick }[],
): RejectedRow {
  return { line: trades[index]?.line ?? 0, code, detail };
}
