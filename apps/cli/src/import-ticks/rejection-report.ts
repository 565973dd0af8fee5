import { type FileHandle, open } from 'node:fs/promises';
import { AppError, coreErrors } from '@app/errors';

/** A row that was not taken. */
export interface RejectedRow {
  readonly line: number;
  readonly code: string;
  readonly detail: string;
}

/** More than these fill a terminal and say nothing new. */
const printedAtMost = 20;

/** Tells of the rows that were not taken: the first ones at once, all of them in a file if one is wanted. */
export class RejectionReport {
  readonly #print: (line: string) => void;
  readonly #file: FileHandle | undefined;
  #count = 0;

  private constructor(print: (line: string) => void, file: FileHandle | undefined) {
    this.#print = print;
    this.#file = file;
  }

  /** @param path A CSV file that is begun anew, or continued when the import is. */
  static async open(
    path: string | undefined,
    continued: boolean,
    print: (line: string) => void,
  ): Promise<RejectionReport> {
    if (path === undefined) return new RejectionReport(print, undefined);
    const file = await open(path, continued ? 'a' : 'w').catch((error: unknown) => {
      throw new AppError(coreErrors.usage, `The file ${path} for the rejected rows cannot be written.`, {
        advice: 'Give --rejected the path of a file that this user may write.',
        cause: error,
      });
    });
    const { size } = await file.stat();
    if (size === 0) await file.write('line,code,detail\n');
    return new RejectionReport(print, file);
  }

  get count(): number {
    return this.#count;
  }

  async add(rows: readonly RejectedRow[]): Promise<void> {
    for (const { line, code, detail } of rows.slice(0, Math.max(0, printedAtMost - this.#count))) {
      this.#print(`line ${String(line)}: ${code}: ${detail}`);
    }
    this.#count += rows.length;
    const text = rows.map(({ line, code, detail }) => `${String(line)},${code},${quoted(detail)}\n`).join('');
    await this.#file?.write(text);
  }

  async close(): Promise<void> {
    const more = this.#count - printedAtMost;
    if (more > 0) {
      const where = this.#file === undefined ? '; --rejected FILE writes all of them to a file' : '';
      this.#print(`and ${String(more)} more rejected rows${where}`);
    }
    await this.#file?.close();
  }
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
