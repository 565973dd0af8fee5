import type { Config } from '@app/config';
import { CONFIG } from '@app/config/nest';
import { InfluxClient } from '@app/influxdb';
import { type Datastore, Lifecycle } from '@app/lifecycle';
import type { Logger } from '@app/logging';
import { LOGGER } from '@app/logging/nest';
import { PostgresClient } from '@app/postgres';
import { RedisClient } from '@app/redis';
import { Module } from '@nestjs/common';
import { applicationCollector } from './collectors/application.collector.js';
import { buildCollector } from './collectors/build.collector.js';
import { datastoreClientsCollector } from './collectors/datastore-clients.collector.js';
import { datastoreStatesCollector } from './collectors/datastore-states.collector.js';
import { overloadCollector } from './collectors/overload.collector.js';
import type { MetricsCollector } from './metric-family.js';
import {
  ConfigurableModuleClass,
  type MetricsModuleOptions,
  MODULE_OPTIONS_TOKEN,
} from './metrics.options.js';
import { MetricsRegistry } from './metrics-registry.js';

/** What reads the libs behind this one, which know nothing of metrics. */
const COLLECTORS = Symbol('COLLECTORS');

/**
 * The metrics of this process. Needs the modules of the datastores, the configuration, the lifecycle and the logger, all
 * of which are global. Other modules register what they have with `MetricsRegistry`.
 */
@Module({
  providers: [
    {
      provide: COLLECTORS,
      inject: [MODULE_OPTIONS_TOKEN, CONFIG, Lifecycle, PostgresClient, RedisClient, InfluxClient],
      useFactory: (
        build: MetricsModuleOptions,
        { health }: Pick<Config, 'health'>,
        lifecycle: Lifecycle,
        ...clients: Datastore[]
      ): readonly MetricsCollector[] => [
        buildCollector(build),
        applicationCollector(lifecycle),
        overloadCollector(lifecycle.overload),
        datastoreStatesCollector(lifecycle.datastores, health.critical),
        datastoreClientsCollector(clients),
      ],
    },
    {
      provide: MetricsRegistry,
      inject: [MODULE_OPTIONS_TOKEN, LOGGER, COLLECTORS],
      useFactory: (
        { worker = 1 }: MetricsModuleOptions,
        logger: Logger,
        collectors: readonly MetricsCollector[],
      ) => {
        const metrics = new MetricsRegistry({ worker, logger });
        for (const collector of collectors) metrics.register(collector);
        return metrics;
      },
    },
  ],
  exports: [MetricsRegistry],
})
export class MetricsModule extends ConfigurableModuleClass {}
