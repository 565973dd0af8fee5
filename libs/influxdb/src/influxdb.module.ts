import type { Config } from '@app/config';
import { CONFIG } from '@app/config/nest';
import { Lifecycle } from '@app/lifecycle';
import { Global, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { InfluxClient } from './influx-client.js';
import { influxClientOptions } from './options.js';

/** InfluxDB for the whole application: `InfluxClient`, which connects with its first call. */
@Global()
@Module({
  providers: [
    {
      provide: InfluxClient,
      inject: [CONFIG],
      useFactory: (config: Pick<Config, 'datastores'>) =>
        new InfluxClient(influxClientOptions(config.datastores)),
    },
  ],
  exports: [InfluxClient],
})
export class InfluxdbModule implements OnModuleInit, OnApplicationShutdown {
  readonly #client: InfluxClient;
  readonly #lifecycle: Lifecycle;

  constructor(client: InfluxClient, lifecycle: Lifecycle) {
    this.#client = client;
    this.#lifecycle = lifecycle;
  }

  onModuleInit(): void {
    this.#lifecycle.shutdown.register({
      stage: 'close',
      name: 'influxdb',
      run: (signal) => this.#client.close(signal),
    });
  }

  /** For an application that is closed without the steps of the shutdown, as in tests: those close it after all hooks. */
  async onApplicationShutdown(): Promise<void> {
    if (this.#lifecycle.application.phase !== 'draining') await this.#client.close();
  }
}
