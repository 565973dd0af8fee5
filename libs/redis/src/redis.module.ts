import type { Config } from '@app/config';
import { CONFIG } from '@app/config/nest';
import { Lifecycle } from '@app/lifecycle';
import { Global, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { redisClientOptions } from './options.js';
import { RedisClient } from './redis-client.js';

type RedisConfig = Pick<Config, 'app' | 'datastores' | 'performance'>;

/** Redis for the whole application: `RedisClient`. The module begins to connect and does not wait. */
@Global()
@Module({
  providers: [
    {
      provide: RedisClient,
      inject: [CONFIG],
      useFactory: (config: RedisConfig) => new RedisClient(redisClientOptions(config, config.app.name)),
    },
  ],
  exports: [RedisClient],
})
export class RedisModule implements OnModuleInit, OnApplicationShutdown {
  readonly #client: RedisClient;
  readonly #lifecycle: Lifecycle;

  constructor(client: RedisClient, lifecycle: Lifecycle) {
    this.#client = client;
    this.#lifecycle = lifecycle;
  }

  onModuleInit(): void {
    this.#lifecycle.shutdown.register({
      stage: 'close',
      name: 'redis',
      run: (signal) => this.#client.close(signal),
    });
    this.#client.connect();
  }

  /** For an application that is closed without the steps of the shutdown, as in tests: those close it after all hooks. */
  async onApplicationShutdown(): Promise<void> {
    if (this.#lifecycle.application.phase !== 'draining') await this.#client.close();
  }
}
