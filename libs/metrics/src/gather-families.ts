import { until } from '@app/lifecycle';
import type { FamilyText } from './family-text.js';

/** A process that can be asked for its metrics. */
export interface FamilySource {
  /** The number of the worker. */
  readonly worker: number;
  collect(): Promise<readonly FamilyText[]>;
}

export interface GatheredFamilies {
  readonly families: readonly FamilyText[];
  /** The workers that failed or took too long; their metrics are missing this time. */
  readonly missed: readonly number[];
}

/** Well within the 10 s that Prometheus waits, and more than a worker takes that is not stuck. Milliseconds. */
const patienceMs = 1_000;

/** Asks all at once, and waits for none longer than a second: a worker that is stuck hides no other. */
export async function gatherFamilies(
  sources: readonly FamilySource[],
  timeoutMs = patienceMs,
): Promise<GatheredFamilies> {
  const late = AbortSignal.timeout(timeoutMs);
  const answers = await Promise.allSettled(sources.map(async (source) => until(source.collect(), late)));
  return {
    families: answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : [])),
    missed: sources.filter((_, index) => answers[index]?.status === 'rejected').map(({ worker }) => worker),
  };
}
