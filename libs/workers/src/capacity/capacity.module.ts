import { availableParallelism } from 'node:os';
import { type Config, nodeFlags } from '@app/config';
import { readContainerLimits } from '@app/container';
import { Lifecycle, type PreflightFinding } from '@app/lifecycle';
import { PostgresClient } from '@app/postgres';
import { RedisClient } from '@app/redis';
import { type DynamicModule, Inject, Module, type OnModuleInit } from '@nestjs/common';
import { capacityReport } from './capacity-report.js';
import { findingsOf } from './capacity-row.js';
import { demandOf } from './worker-demand.js';

/** What the check must know of the process. */
export interface CapacityContext {
  readonly config: Pick<Config, 'performance' | 'ingest'> & { readonly app: Pick<Config['app'], 'name'> };
  /** The service as a whole starts; false in a worker that is started beside or after one that has served. */
  readonly firstStart: boolean;
}

const CONTEXT = Symbol('capacity context');

/**
 * Refuses a start that can never fit, as CAPACITY_CHECK says, and warns of one that may not. The first worker looks for
 * all, once: the others are started when it serves, and the service has what one that replaces another takes.
 */
@Module({})
export class CapacityModule implements OnModuleInit {
  readonly #context: CapacityContext;
  readonly #lifecycle: Lifecycle;
  readonly #postgres: PostgresClient;
  readonly #redis: RedisClient;

  constructor(
    @Inject(CONTEXT) context: CapacityContext,
    lifecycle: Lifecycle,
    postgres: PostgresClient,
    redis: RedisClient,
  ) {
    this.#context = context;
    this.#lifecycle = lifecycle;
    this.#postgres = postgres;
    this.#redis = redis;
  }

  static forRoot(context: CapacityContext): DynamicModule {
    return { module: CapacityModule, providers: [{ provide: CONTEXT, useValue: context }] };
  }

  onModuleInit(): void {
    const { config, firstStart } = this.#context;
    const { capacityCheck: mode } = config.performance;
    if (mode === 'off' || !firstStart) return;
    this.#lifecycle.preflight.register({ name: 'capacity', run: () => this.#check(mode) });
  }

  async #check(mode: 'enforce' | 'warn'): Promise<readonly PreflightFinding[]> {
    const { config } = this.#context;
    const demand = demandOf(config, {
      limits: readContainerLimits(),
      parallelism: availableParallelism(),
      // Those of the plan are among them, and planning again with them changes nothing.
      flags: nodeFlags(),
    });
    const { rows } = await capacityReport(demand, {
      postgres: this.#postgres,
      redis: this.#redis,
      applicationName: config.app.name,
    });
    return findingsOf(rows, mode);
  }
}
