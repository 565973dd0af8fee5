import { exitCodes, type ExitCode } from '@app/errors';
import type { WorkerEnd } from './worker-channel.js';

export interface WorkerEnding extends WorkerEnd {
  /** It was READY at any time: one that was not has lost nothing. */
  readonly served: boolean;
}

/** The exit code of a service whose workers were told to end and have. */
export function exitCodeOfAll(ends: readonly WorkerEnding[]): ExitCode {
  const codes = ends.filter(({ served }) => served).map(({ code }) => code);
  if (codes.includes(exitCodes.forced)) return exitCodes.forced;
  return codes.every((code) => code === exitCodes.ok) ? exitCodes.ok : exitCodes.software;
}
