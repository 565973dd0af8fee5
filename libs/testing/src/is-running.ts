import { spawnSync } from 'node:child_process';

/** Whether a process runs; what is left of one that has ended and that nobody has waited for does not. */
export function isRunning(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return /^[^Z]/.test(stdout.trim());
}
