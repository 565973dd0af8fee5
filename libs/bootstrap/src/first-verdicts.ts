import type { DatastoreName } from '@app/errors';
import type { DatastoreStates } from '@app/lifecycle';

/** A datastore that works has answered its first check long before, in milliseconds. */
const longestMs = 1_000;

/** The first results of the checks of datastores that the start does not depend on. */
export interface FirstVerdicts {
  /** The datastores without one. */
  pending(): readonly DatastoreName[];
  /** Resolves once all are there, the time is over, or the signal aborts; never rejects. */
  readonly settled: Promise<void>;
}

/**
 * Waits for them from now on, for as long as a check may take and at most a second: a service that serves before it has
 * looked calls a datastore down that is well. What they say is of no matter.
 */
export function firstVerdicts(
  states: DatastoreStates,
  names: readonly DatastoreName[],
  checkTimeoutMs: number,
  signal: AbortSignal,
): FirstVerdicts {
  const pending = (): DatastoreName[] => names.filter((name) => states.get(name).reason === 'pending');
  const settled = new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      unsubscribe();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const look = (): void => {
      if (pending().length === 0) end();
    };
    const timer = setTimeout(end, Math.min(checkTimeoutMs, longestMs));
    const unsubscribe = states.onUpdate(look);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    else look();
  });
  return { pending, settled };
}
