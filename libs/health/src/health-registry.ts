import { type Clock, Subscribers, systemClock, type Unsubscribe } from '@app/lifecycle';
import type { HealthIndicatorResult } from '@nestjs/terminus';
import type { CheckResult } from './check-subject.js';
import type { HealthMonitor } from './health-monitor.js';
import { IndicatorState } from './indicator-state.js';

/** A Terminus indicator: `(signal) => this.disk.checkStorage('disk', …)`, also one made with `attempt()`. */
export type HealthIndicator = (
  signal: AbortSignal,
) => PromiseLike<HealthIndicatorResult> | HealthIndicatorResult;

export interface IndicatorOptions {
  /** Readiness is 503 while it is down; without this it degrades. */
  readonly critical?: boolean;
}

export interface RegisteredIndicator {
  readonly name: string;
  readonly critical: boolean;
  readonly state: IndicatorState;
}

/**
 * Where a module registers a Terminus indicator of its own, in one line. It then runs on the monitor's clock: never
 * per request, one at a time, within HEALTH_CHECK_TIMEOUT, and not believed for longer than a datastore's.
 */
export class HealthRegistry {
  readonly #monitor: HealthMonitor;
  readonly #clock: Clock;
  readonly #updates = new Subscribers<string>();
  readonly #indicators: RegisteredIndicator[] = [];

  constructor(monitor: HealthMonitor, clock: Clock = systemClock) {
    this.#monitor = monitor;
    this.#clock = clock;
  }

  /** Throws a RangeError for a name that is taken, also by a datastore. */
  register(name: string, indicator: HealthIndicator, { critical = false }: IndicatorOptions = {}): void {
    const state = new IndicatorState(this.#clock);
    const publish = (): void => this.#updates.publish(name);
    this.#monitor.watch({
      name,
      kind: 'indicator',
      check: async (signal) => checkResult(await indicator(signal)),
      get state() {
        return state.current;
      },
      record(finding) {
        state.record(finding);
        publish();
      },
      onFailure: () => () => undefined,
    });
    this.#indicators.push({ name, critical, state });
    publish();
  }

  get all(): readonly RegisteredIndicator[] {
    return this.#indicators;
  }

  /** Something has become known of an indicator, or it is new. */
  onUpdate(listener: (name: string) => void): Unsubscribe {
    return this.#updates.add(listener);
  }
}

/** The result of an indicator; one that is down is thrown, with its message, as a ping throws. */
function checkResult(result: HealthIndicatorResult): CheckResult {
  const parts = Object.values(result);
  const down = parts.find((part) => part.status === 'down');
  if (down !== undefined) throw new Error(textOf(down['message']) ?? 'The indicator is down.');
  const facts = parts.flatMap((part) => Object.entries(part).flatMap(([key, value]) => fact(key, value)));
  return {
    ...(parts.some((part) => part.status === 'degraded') ? { degraded: 'unknown' } : {}),
    facts: Object.fromEntries(facts),
  };
}

function fact(key: string, value: unknown): [string, string | number | boolean][] {
  if (key === 'status') return [];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? [[key, value]]
    : [];
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
