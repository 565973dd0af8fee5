import { readFileSync } from 'node:fs';

/** What Linux counts processor time in, on every architecture that Node runs on: USER_HZ, see proc(5). */
const ticksPerSecond = 100;

/** The processor time that a process and its children have taken so far, all threads of them, in seconds. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  // The name in parentheses may hold anything, so the fields are counted from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const own = (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  return childrenOf(pid).reduce((sum, child) => sum + cpuSeconds(child), own);
}

export function childrenOf(pid: number): number[] {
  const list = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8');
  return list.split(' ').filter(Boolean).map(Number);
}
