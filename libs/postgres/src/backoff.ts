import { setTimeout as delay } from 'node:timers/promises';

const firstMs = 50;
const longestMs = 1_000;

/**
 * The pause before the next attempt, in milliseconds: doubles up to a second, less a jitter of up to half, so that
 * processes which lost the same server do not come back all at once.
 *
 * @param attempt Failed attempts so far, less one.
 * @param random Uniform in [0, 1).
 */
export function backoffMs(attempt: number, random: () => number): number {
  return Math.min(longestMs, firstMs * 2 ** attempt) * (1 - random() / 2);
}

/** Waits, but no longer than until the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
