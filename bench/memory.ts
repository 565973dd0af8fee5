import { readFileSync } from 'node:fs';

/** The resident memory of one process, in MiB, see proc_pid_smaps(5). */
export interface Memory {
  /** All of it. */
  readonly rss: number;
  /** What it shares with others, as Node's own code, divided among them. */
  readonly pss: number;
  /** What it shares with nobody. */
  readonly uss: number;
}

export function memoryOf(pid: number): Memory {
  const lines = readFileSync(`/proc/${String(pid)}/smaps_rollup`, 'utf8');
  const mebibytes = (name: string): number =>
    Number(new RegExp(`^${name}: *(\\d+) kB$`, 'm').exec(lines)?.[1]) / 1_024;
  const uss = mebibytes('Private_Clean') + mebibytes('Private_Dirty');
  return { rss: mebibytes('Rss'), pss: mebibytes('Pss'), uss };
}
