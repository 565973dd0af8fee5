import { Lifecycle } from '@app/lifecycle';
import { Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { indicatorResult } from './indicator-result.js';

/** PostgreSQL as the monitor has last seen it: reads memory and asks nobody. */
@Injectable()
export class PostgresIndicator {
  readonly #indicators: HealthIndicatorService;
  readonly #lifecycle: Lifecycle;

  constructor(indicators: HealthIndicatorService, lifecycle: Lifecycle) {
    this.#indicators = indicators;
    this.#lifecycle = lifecycle;
  }

  isHealthy(): HealthIndicatorResult<'postgres'> {
    return indicatorResult(this.#indicators, 'postgres', this.#lifecycle.datastores.get('postgres'));
  }
}
