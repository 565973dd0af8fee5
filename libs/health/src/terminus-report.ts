import type { Config } from '@app/config';
import { CONFIG } from '@app/config/nest';
import type { Logger } from '@app/logging';
import { LOGGER } from '@app/logging/nest';
import { Inject, Injectable, ServiceUnavailableException } from '@nestjs/common';
import { type HealthCheckResult, HealthCheckService } from '@nestjs/terminus';
import { HealthAnswers } from './health-answers.js';
import type { HealthEntries, HealthEntry } from './health-entry.js';
import { HealthIndicators } from './health-indicators.js';
import { HealthMonitor } from './health-monitor.js';

/** Has Terminus make the body of readiness anew whenever something has changed, and never for a request. */
@Injectable()
export class TerminusReport {
  readonly #terminus: HealthCheckService;
  readonly #indicators: HealthIndicators;
  readonly #answers: HealthAnswers;
  readonly #critical: readonly string[];
  readonly #logger: Logger;

  constructor(
    terminus: HealthCheckService,
    indicators: HealthIndicators,
    answers: HealthAnswers,
    @Inject(CONFIG) config: Pick<Config, 'health'>,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#terminus = terminus;
    this.#indicators = indicators;
    this.#answers = answers;
    this.#critical = config.health.critical;
    this.#logger = logger;
  }

  /** From now on makes the bodies. A result that has become too old is taken back even as it is asked for. */
  start(monitor: HealthMonitor): void {
    this.#answers.takeOver(() => {
      if (monitor.expireStale()) this.#publish(this.#indicators.entries);
    });
    this.#indicators.onUpdate(() => void this.#refresh());
    void this.#refresh();
  }

  async #refresh(): Promise<void> {
    try {
      const { details } = await this.#check();
      this.#publish(entriesOf(details));
    } catch (err) {
      this.#logger.error({ err }, 'Terminus could not make the health report.');
      this.#publish(this.#indicators.entries);
    }
  }

  async #check(): Promise<HealthCheckResult> {
    try {
      return await this.#terminus.check(this.#indicators.functions);
    } catch (error) {
      // Terminus throws its report when something is down; whether that makes the service unready is decided later.
      if (error instanceof ServiceUnavailableException) return error.getResponse() as HealthCheckResult;
      throw error;
    }
  }

  #publish(entries: HealthEntries): void {
    this.#answers.publish(entries, [...this.#critical, ...this.#indicators.critical]);
  }
}

/** Terminus puts the status behind the data; people look for it first. */
function entriesOf(details: HealthCheckResult['details']): HealthEntries {
  const entries = Object.entries(details).map(([name, { status, ...data }]) => [name, { status, ...data }]);
  return Object.fromEntries(entries) as Record<string, HealthEntry>;
}
