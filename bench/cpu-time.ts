import { readFileSync } from 'node:fs';

/** What Linux counts processor time in, on every architecture that Node runs on: USER_HZ, see proc(5). */
const ticksPerSecond = 100;

/** The processor time that a process and its children have taken so far, all threads of them, in seconds. */
export function cpuSeconds(pid: number): number {
  return childrenOf(pid).reduce((sum, child) => sum + cpuSeconds(child), ownCpuSeconds(pid));
}

/** The same without that of its children. */
export function ownCpuSeconds(pid: number): number {
  const [user, system] = timesOf(pid);
  return user + system;
}

/** What the children of this process have taken that have ended, and theirs. */
export function endedChildrenCpuSeconds(): number {
  const [, , user, system] = timesOf(process.pid);
  return user + system;
}

/** utime, stime, cutime and cstime of proc(5), in seconds. */
function timesOf(pid: number): [number, number, number, number] {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  // The name in parentheses may hold anything, so the fields are counted from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const seconds = (field: number): number => Number(fields[field]) / ticksPerSecond;
  return [seconds(11), seconds(12), seconds(13), seconds(14)];
}

export function childrenOf(pid: number): number[] {
  const list = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8');
  return list.split(' ').filter(Boolean).map(Number);
}
