import type { RunningProcess } from '@app/testing';

/** What tests read of a line of the log. */
export interface LogLine {
  readonly level: string;
  readonly time: string;
  readonly msg: string;
  readonly signal?: string;
  readonly afterMs?: number;
  readonly step?: string;
  readonly datastore?: string;
  readonly from?: string;
  readonly to?: string;
  readonly lastedMs?: number;
}

/** The log of a program so far: the lines of standard output that are JSON. */
export function logOf({ stdout }: Pick<RunningProcess, 'stdout'>): LogLine[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as LogLine);
}

/** The messages of its log so far that have this in them. */
export function linesWith(process: Pick<RunningProcess, 'stdout'>, text: string): string[] {
  return logOf(process)
    .map(({ msg }) => msg)
    .filter((line) => line.includes(text));
}
