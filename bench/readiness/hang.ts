import { setTimeout as pause } from 'node:timers/promises';
import { waitFor } from '../../libs/testing/src/wait-for.ts';
import { type ProbeAnswer, probing } from '../../test/support/probe.ts';
import type { Contestant } from '../load.ts';
import { median } from '../median.ts';

const probesPerSecond = 5;
/** So many probes see the datastore well before it hangs. */
const beforeMs = 2_000;
/** HEALTH_CHECK_RETRIES checks of HEALTH_CHECK_TIMEOUT, the first of them one HEALTH_CHECK_INTERVAL later, take 18 s. */
const noticeLimitMs = 40_000;
/** Longer than any of the programs waits for a datastore. */
const lastAnswersMs = 2_000;

/** What the probes of one program saw from the moment on at which the datastore hung; times are milliseconds. */
export interface HangFigures {
  readonly name: string;
  readonly probes: number;
  /** Until a probe was answered that the program is not ready. */
  readonly noticedAfter: number;
  readonly p50: number;
  readonly longest: number;
}

/** Makes a datastore hang while orchestrators probe all programs at once; it still hangs afterwards. */
export async function hang(contestants: readonly Contestant[], stop: () => void): Promise<HangFigures[]> {
  const probes = contestants.map(({ url }) => probing(url, probesPerSecond));
  try {
    await pause(beforeMs);
    const hangsAt = performance.now();
    stop();
    const redSince = (answers: readonly ProbeAnswer[]): ProbeAnswer | undefined =>
      answers.find(({ at, status }) => at >= hangsAt && status === 503);
    await waitFor(() => probes.every(({ answers }) => redSince(answers) !== undefined), {
      timeoutMs: noticeLimitMs,
      message: 'all programs to notice that a datastore hangs',
    });
    for (const each of probes) each[Symbol.dispose]();
    await pause(lastAnswersMs);
    return contestants.map(({ name }, index) => {
      const since = (probes[index]?.answers ?? []).filter(({ at }) => at >= hangsAt);
      const took = since.map(({ tookMs }) => tookMs);
      const red = redSince(since);
      return {
        name,
        probes: since.length,
        noticedAfter: red === undefined ? Number.NaN : red.at + red.tookMs - hangsAt,
        p50: median(took),
        longest: Math.max(...took),
      };
    });
  } finally {
    for (const each of probes) each[Symbol.dispose]();
  }
}
