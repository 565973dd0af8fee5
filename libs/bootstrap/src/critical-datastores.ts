import type { DatastoreName } from '@app/errors';
import type { DatastoreStates } from '@app/lifecycle';

/** Resolves once every critical datastore works at least in part. Rejects with the signal's reason. */
export async function criticalDatastoresUp(
  states: DatastoreStates,
  critical: readonly DatastoreName[],
  signal: AbortSignal,
  waitingFor: (what: readonly string[]) => void,
): Promise<void> {
  const missing = (): string[] =>
    critical
      .map((name) => ({ name, state: states.get(name) }))
      .filter(({ state }) => state.status === 'down')
      .map(({ name, state }) => `${name} (${state.reason ?? 'unknown'})`);
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const look = (): void => {
      const names = missing();
      waitingFor(names);
      if (names.length > 0) return;
      unsubscribe();
      signal.removeEventListener('abort', abort);
      resolve();
    };
    const abort = (): void => {
      unsubscribe();
      reject(signal.reason as Error);
    };
    const unsubscribe = states.onUpdate(look);
    signal.addEventListener('abort', abort, { once: true });
    look();
  });
}
