import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule as NestConfigModule } from '@nestjs/config';
import type { Config } from './config.js';

/** The injection token of the typed configuration: `@Inject(CONFIG) config: Config`. */
export const CONFIG = Symbol('CONFIG');

/**
 * Makes a loaded configuration injectable everywhere: whole as `CONFIG`, and by path through Nest's
 * `ConfigService` (`get('app.port')`).
 *
 * Nest's module gets the finished configuration and not the schemas: the environment is validated before Nest
 * is loaded, so that a broken one ends the process in milliseconds and with all mistakes. Validating again here
 * could only find the same, would need the `.env` files a second time, and would write every secret that came
 * from a file into `process.env`, where child processes and crash dumps see it.
 */
@Module({})
export class ConfigModule {
  static forRoot(config: Partial<Config>): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      imports: [
        NestConfigModule.forRoot({
          isGlobal: true,
          ignoreEnvFile: true,
          validatePredefined: false,
          skipProcessEnv: true,
          load: [() => ({ ...config })],
        }),
      ],
      providers: [{ provide: CONFIG, useValue: config }],
      exports: [CONFIG],
    };
  }
}
