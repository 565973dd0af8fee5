import { DatastoreStates } from '@app/lifecycle';
import { createLogger } from '@app/logging';
import { afterEach, beforeEach, vi } from 'vitest';
import { datastoreSubject } from './check-subject.js';
import { HealthMonitor, type HealthMonitorOptions } from './health-monitor.js';
import { ScriptedDatastore } from './scripted-datastore.fixture.js';

type Line = Record<string, unknown>;

/** When the clock of these tests begins. */
export const start = Date.parse('2026-11-24T08:00:00.000Z');
const options = { intervalMs: 10_000, timeoutMs: 2_000, retries: 3, random: () => 0 };

/** A monitor of two scripted datastores on the test's own clock; `begin` starts it. */
export async function monitored(given: Partial<HealthMonitorOptions> = {}) {
  const postgres = new ScriptedDatastore('postgres');
  const redis = new ScriptedDatastore('redis');
  const states = new DatastoreStates(['postgres', 'redis']);
  const lines: Line[] = [];
  const { logger } = await createLogger({
    config: { level: 'debug', format: 'json', dir: undefined, file: undefined },
    name: 'test',
    destination: { write: (line) => void lines.push(JSON.parse(line) as Line) },
  });
  const monitor = new HealthMonitor({ ...options, ...given }, logger);
  monitor.watch(datastoreSubject(postgres, states));
  monitor.watch(datastoreSubject(redis, states));
  const begin = async (): Promise<void> => {
    monitor.start();
    await vi.advanceTimersByTimeAsync(0);
  };
  const short = (): string => {
    const { status, reason } = states.get('postgres');
    return reason === undefined ? status : `${status} ${reason}`;
  };
  const since = (from: number): number[] => postgres.pings.map((at) => at - from);
  return { monitor, postgres, redis, states, lines, begin, short, since };
}

/** Lets time pass. */
export const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

/** The tests of the calling file run on a clock of their own. */
export function ownTime(): void {
  beforeEach(() => {
    vi.useFakeTimers({ now: start });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}
