import type { Config } from '@app/config';
import { CONFIG } from '@app/config/nest';
import { InfluxClient } from '@app/influxdb';
import { type Datastore, Lifecycle } from '@app/lifecycle';
import type { Logger } from '@app/logging';
import { LOGGER } from '@app/logging/nest';
import { PostgresClient } from '@app/postgres';
import { RedisClient } from '@app/redis';
import { type BeforeApplicationShutdown, Module, type OnModuleInit } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { datastoreSubject } from './check-subject.js';
import { DetailedReport } from './detailed-report.js';
import { HealthAnswers } from './health-answers.js';
import { DatastoreIndicators, HealthIndicators } from './health-indicators.js';
import { HealthMonitor } from './health-monitor.js';
import { ConfigurableModuleClass, type HealthModuleOptions, MODULE_OPTIONS_TOKEN } from './health.options.js';
import { HealthRegistry } from './health-registry.js';
import { HealthRoutes } from './health.routes.js';
import { HealthSections } from './health-sections.js';
import { InfluxdbIndicator } from './indicators/influxdb.indicator.js';
import { PostgresIndicator } from './indicators/postgres.indicator.js';
import { RedisIndicator } from './indicators/redis.indicator.js';
import { processReport } from './process-report.js';
import { TerminusReport } from './terminus-report.js';

/** The clients of the datastores that this process uses. */
const DATASTORES = Symbol('DATASTORES');

/**
 * The monitor, the answers and the five routes. Needs the modules of the datastores, the configuration, the
 * lifecycle, the logger and AuthModule, all of which are global. Modules register indicators with `HealthRegistry`
 * and sections of `detailed` with `HealthSections`.
 */
@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  providers: [
    PostgresIndicator,
    RedisIndicator,
    InfluxdbIndicator,
    DatastoreIndicators,
    HealthIndicators,
    TerminusReport,
    HealthRoutes,
    HealthSections,
    {
      provide: DATASTORES,
      inject: [Lifecycle, PostgresClient, RedisClient, InfluxClient],
      useFactory: ({ datastores }: Lifecycle, ...clients: Datastore[]) =>
        clients.filter(({ name }) => datastores.names.includes(name)),
    },
    {
      provide: HealthMonitor,
      inject: [CONFIG, Lifecycle, LOGGER, DATASTORES],
      useFactory: (
        config: Pick<Config, 'health'>,
        { clock, datastores: states }: Lifecycle,
        logger: Logger,
        datastores: readonly Datastore[],
      ) => {
        const monitor = new HealthMonitor({ ...config.health, clock }, logger);
        for (const datastore of datastores) monitor.watch(datastoreSubject(datastore, states));
        return monitor;
      },
    },
    {
      provide: HealthRegistry,
      inject: [HealthMonitor, Lifecycle],
      useFactory: (monitor: HealthMonitor, { clock }: Lifecycle) => new HealthRegistry(monitor, clock),
    },
    {
      provide: HealthAnswers,
      inject: [MODULE_OPTIONS_TOKEN, CONFIG, Lifecycle],
      useFactory: (
        { answers, version }: HealthModuleOptions,
        { app, health }: Pick<Config, 'app' | 'health'>,
        lifecycle: Lifecycle,
      ) =>
        answers ??
        new HealthAnswers(lifecycle, {
          name: app.name,
          version,
          critical: health.critical,
          intervalMs: health.intervalMs,
        }),
    },
    {
      provide: DetailedReport,
      inject: [MODULE_OPTIONS_TOKEN, CONFIG, LOGGER, Lifecycle, DATASTORES, HealthRegistry, HealthSections],
      useFactory: (
        options: HealthModuleOptions,
        config: Config,
        logger: Logger,
        lifecycle: Lifecycle,
        datastores: readonly Datastore[],
        registry: HealthRegistry,
        sections: HealthSections,
      ) =>
        new DetailedReport({
          config,
          lifecycle,
          datastores,
          registry,
          sections,
          process: () => processReport(options, lifecycle.overload),
          logger,
        }),
    },
  ],
  exports: [HealthAnswers, HealthMonitor, HealthRegistry, HealthSections],
})
export class HealthModule extends ConfigurableModuleClass implements OnModuleInit, BeforeApplicationShutdown {
  readonly #monitor: HealthMonitor;
  readonly #report: TerminusReport;
  readonly #routes: HealthRoutes;

  constructor(monitor: HealthMonitor, report: TerminusReport, routes: HealthRoutes) {
    super();
    this.#monitor = monitor;
    this.#report = report;
    this.#routes = routes;
  }

  onModuleInit(): void {
    this.#routes.register();
    this.#report.start(this.#monitor);
    this.#monitor.start();
  }

  /** Before the datastores are closed, which is no outage. */
  beforeApplicationShutdown(): void {
    this.#monitor.stop();
  }
}
