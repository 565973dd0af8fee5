import type { RunningProcess } from '@app/testing';

/** Tells a process to end, and says with what exit code or by what signal it did, and how many milliseconds that took. */
export async function endOf(
  process: RunningProcess,
): Promise<{ readonly code: number | NodeJS.Signals | null; readonly tookMs: number }> {
  const from = performance.now();
  process.kill('SIGTERM');
  const { code, signal } = await process.exited;
  return { code: code ?? signal, tookMs: performance.now() - from };
}
