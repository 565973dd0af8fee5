import { randomUUID } from 'node:crypto';
import { isAlive, markOf, type ProcessMark } from './process-identity.js';

/** What a lock's file says. */
export interface LockRecord {
  /** The process that took the lock. */
  readonly owner: ProcessMark;
  /** The owner, or a process that clears up behind it, until whose end the lock lasts, too. */
  readonly keeper: ProcessMark;
}

/** A text that no other lock has. Throws if the keeper does not run. */
export async function writeRecord(keeperPid: number): Promise<string> {
  const [owner, keeper] = await Promise.all([markOf(process.pid), markOf(keeperPid)]);
  if (owner === undefined || keeper === undefined) throw new Error(`Process ${keeperPid} does not run`);
  return JSON.stringify({ owner, keeper, id: randomUUID() });
}

/** Undefined for a record of processes that are gone, or that cannot be read. */
export async function readRecord(text: string): Promise<LockRecord | undefined> {
  const record = parse(text);
  if (record === undefined) return undefined;
  return (await isAlive(record.owner)) || (await isAlive(record.keeper)) ? record : undefined;
}

function parse(text: string): LockRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is LockRecord {
  return (
    typeof value === 'object' &&
    value !== null &&
    'owner' in value &&
    'keeper' in value &&
    isMark(value.owner) &&
    isMark(value.keeper)
  );
}

function isMark(value: unknown): value is ProcessMark {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    'started' in value &&
    typeof value.pid === 'number' &&
    typeof value.started === 'string'
  );
}
