import { DatastoreError } from '@app/errors';
import { pause, until } from '@app/lifecycle';
import { InitFailedError } from './bootstrap.errors.js';
import { readInitStatus } from './init-status.js';

/** What the init wait has seen: nothing left to wait for, or what is missing, fit for the public. */
export type InitVerdict = readonly string[];

/** Looks once whether db-init has done its work. Throws InitFailedError when waiting is of no use. */
export type InitProbe = (signal: AbortSignal) => Promise<InitVerdict>;

/** A datastore that is just connecting is asked again soon, a db-init at work not too often. */
const pollMs = { first: 20, most: 250 };

/** Reads the status that the init job leaves in a shared volume. */
export function initStatusProbe(path: string, known: readonly string[]): InitProbe {
  return async () => {
    const status = await readInitStatus(path);
    if (status === undefined) return ['the init status file (not there)'];
    if (status.state === 'failed')
      throw new InitFailedError(status.error ?? 'the status file does not say why');
    if (status.state === 'running') return ['db-init (running)'];
    return missing(known, status.migrations);
  };
}

/** Asks the database which migrations it has. */
export function initDatabaseProbe(
  applied: (signal: AbortSignal) => Promise<readonly string[]>,
  known: readonly string[],
): InitProbe {
  return async (signal) => {
    try {
      return missing(known, await applied(signal));
    } catch (error) {
      if (error instanceof DatastoreError) return [`${error.datastore} (${error.reason})`];
      throw error;
    }
  };
}

function missing(known: readonly string[], applied: readonly string[]): InitVerdict {
  return known.filter((name) => !applied.includes(name)).map((name) => `the migration ${name}`);
}

/** Asks again and again until nothing is missing. Rejects with the signal's reason. */
export async function waitForInit(
  probe: InitProbe,
  signal: AbortSignal,
  waitingFor: (what: InitVerdict) => void,
): Promise<void> {
  for (let pauseMs = pollMs.first; ; pauseMs = Math.min(2 * pauseMs, pollMs.most)) {
    signal.throwIfAborted();
    const verdict = await until(probe(signal), signal);
    if (verdict.length === 0) return;
    waitingFor(verdict);
    await pause(pauseMs, signal);
  }
}
