import { SingleBar } from 'cli-progress';

/** Shows how far a long work is. */
export interface Progress {
  /** @param done Bytes of the file; @param rows Rows so far. */
  update(done: number, rows: number): void;
  /** Prints a line without disturbing the rest. */
  note(text: string): void;
  end(): void;
}

interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
}

const plainIntervalMs = 5_000;

/** A bar on a terminal; elsewhere, as in a log, a line every five seconds. */
export function showProgress(total: number, output: Output): Progress {
  return output.isTTY === true ? bar(total, output) : plainLines(total, output);
}

function bar(total: number, stream: Output): Progress {
  const rate = rateSince(performance.now());
  const made = new SingleBar({
    format: '{bar} {percentage}% | {rows} rows | {rate} rows/s | {eta_formatted} left',
    stream,
    hideCursor: true,
    etaBuffer: 100,
  });
  made.start(total, 0, { rows: 0, rate: 0 });
  return {
    update: (done, rows) => made.update(done, { rows: grouped(rows), rate: grouped(rate(rows)) }),
    // The bar is drawn again below the line.
    note: (text) => void stream.write(`\r\u001B[K${text}\n`),
    end: () => made.stop(),
  };
}

function plainLines(total: number, output: Output): Progress {
  const startedAt = performance.now();
  const rate = rateSince(startedAt);
  let first: { readonly at: number; readonly done: number } | undefined;
  let nextAt = startedAt + plainIntervalMs;
  const print = (text: string): void => void output.write(`${text}\n`);
  return {
    update(done, rows) {
      const now = performance.now();
      // What lies before the first batch was only skipped, and says nothing of the speed.
      first ??= { at: now, done };
      if (now < nextAt) return;
      nextAt = now + plainIntervalMs;
      const percent = Math.floor((done / total) * 100);
      const leftS = Math.round((((now - first.at) / (done - first.done)) * (total - done)) / 1000);
      const left = Number.isFinite(leftS) ? ` | about ${grouped(leftS)} s left` : '';
      print(`${String(percent)}% | ${grouped(rows)} rows | ${grouped(rate(rows))} rows/s${left}`);
    },
    note: print,
    end: () => undefined,
  };
}

/** Whole rows per second since the start. */
function rateSince(startedAt: number): (rows: number) => number {
  return (rows) => Math.round(rows / Math.max(0.001, (performance.now() - startedAt) / 1000));
}

/** With commas between thousands. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
