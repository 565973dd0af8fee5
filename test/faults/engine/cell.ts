import type { DatastoreName, FailureReason } from '@app/errors';

export type Phase = 'starting' | 'serving' | 'shutting down';

export const faultNames = [
  'not there',
  'killed',
  'suspended',
  'slow',
  'reset',
  'wrong credentials',
  'restarted',
] as const;
export type FaultName = (typeof faultNames)[number];

/** What health says of the datastore while the fault lasts. */
export type Health =
  /** Down for this reason, within interval + retries × (timeout + 1 s). */
  | { readonly says: 'down'; readonly reason: FailureReason }
  /** Up all the time, with a latency of a second. */
  | { readonly says: 'up' }
  /** Whatever it says in between, it is up again in time by itself. */
  | { readonly says: 'recovers' };

/** What is expected where a fault strikes while the service starts or serves. */
export interface LiveCell {
  readonly health: Health;
}

/** What is expected where it strikes after SIGTERM. */
export interface EndingCell {
  /** 0, or 70 where a step of the shutdown cannot do its work within its share of the time. */
  readonly exit: 0 | 70;
  /** Why it is that code. */
  readonly because: string;
  /** Whether requests that wait for the target in vain are given up when their share of the time is over. */
  readonly givesUp?: true;
}

/** What is expected of one datastore, by phase and fault. */
export interface FaultTable {
  readonly datastore: DatastoreName;
  readonly starting: Readonly<Record<FaultName, LiveCell>>;
  readonly serving: Readonly<Record<FaultName, LiveCell>>;
  readonly 'shutting down': Readonly<Record<FaultName, EndingCell>>;
}

export const down = (reason: FailureReason): LiveCell => ({ health: { says: 'down', reason } });
export const up: LiveCell = { health: { says: 'up' } };
export const recovers: LiveCell = { health: { says: 'recovers' } };

export const ends = (because: string): EndingCell => ({ exit: 0, because });
/** Ends with 70, since a step overruns: requests that wait in vain are told so. */
export const givesUp = (because: string): EndingCell => ({ exit: 70, because, givesUp: true });
