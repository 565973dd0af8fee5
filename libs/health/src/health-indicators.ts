import type { DatastoreName } from '@app/errors';
import { Lifecycle } from '@app/lifecycle';
import { Injectable } from '@nestjs/common';
import { type HealthIndicatorFunction, HealthIndicatorService } from '@nestjs/terminus';
import { datastoreEntries, type HealthEntries, healthEntry } from './health-entry.js';
import { HealthRegistry } from './health-registry.js';
import { indicatorResult } from './indicators/indicator-result.js';
import { InfluxdbIndicator } from './indicators/influxdb.indicator.js';
import { PostgresIndicator } from './indicators/postgres.indicator.js';
import { RedisIndicator } from './indicators/redis.indicator.js';

/** The indicators of the datastores, by name. */
@Injectable()
export class DatastoreIndicators {
  readonly byName: Readonly<Record<DatastoreName, HealthIndicatorFunction>>;

  constructor(postgres: PostgresIndicator, redis: RedisIndicator, influxdb: InfluxdbIndicator) {
    this.byName = {
      postgres: () => postgres.isHealthy(),
      redis: () => redis.isHealthy(),
      influxdb: () => influxdb.isHealthy(),
    };
  }
}

/** All that readiness looks at: the datastores of this process, and what modules have registered. */
@Injectable()
export class HealthIndicators {
  readonly #lifecycle: Lifecycle;
  readonly #datastores: DatastoreIndicators;
  readonly #registry: HealthRegistry;
  readonly #results: HealthIndicatorService;

  constructor(
    lifecycle: Lifecycle,
    datastores: DatastoreIndicators,
    registry: HealthRegistry,
    results: HealthIndicatorService,
  ) {
    this.#lifecycle = lifecycle;
    this.#datastores = datastores;
    this.#registry = registry;
    this.#results = results;
  }

  /** For Terminus. They read memory alone. */
  get functions(): HealthIndicatorFunction[] {
    return [
      ...this.#lifecycle.datastores.names.map((name) => this.#datastores.byName[name]),
      ...this.#registry.all.map(
        ({ name, state }) =>
          () =>
            indicatorResult(this.#results, name, state.current),
      ),
    ];
  }

  /** The same without Terminus, for when there is no time to wait for its answer. */
  get entries(): HealthEntries {
    const registered = this.#registry.all.map(
      ({ name, state }) => [name, healthEntry(state.current)] as const,
    );
    return { ...datastoreEntries(this.#lifecycle.datastores), ...Object.fromEntries(registered) };
  }

  /** The names of the registered indicators that are critical. */
  get critical(): readonly string[] {
    return this.#registry.all.filter(({ critical }) => critical).map(({ name }) => name);
  }

  /** What one of them would say has changed. */
  onUpdate(listener: () => void): void {
    this.#lifecycle.datastores.onUpdate(listener);
    this.#registry.onUpdate(listener);
  }
}
