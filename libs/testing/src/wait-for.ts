import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 20;

export interface WaitOptions {
  /** How long to wait in all, in milliseconds; 10,000 if it is not given. */
  readonly timeoutMs?: number;
  /** What is waited for, as the error names it. */
  readonly message?: string;
}

/**
 * Asks every 20 ms until the condition is truthy and returns what it gave. A condition that throws counts
 * as not yet met. Throws when the time is over, with the last error as its cause.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  options: WaitOptions = {},
): Promise<NonNullable<T>> {
  const { timeoutMs = 10_000, message = 'the condition' } = options;
  const deadline = performance.now() + timeoutMs;
  let lastError: unknown;
  do {
    try {
      const value = await condition();
      if (value) return value;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    await sleep(pollMs);
  } while (performance.now() < deadline);
  const reason = lastError instanceof Error ? `: ${lastError.message}` : '';
  throw new Error(`Waited ${timeoutMs} ms in vain for ${message}${reason}`, { cause: lastError });
}
