import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule } from '@app/config/nest';
import { LifecycleModule } from '@app/lifecycle/nest';
import { LoggingModule } from '@app/logging/nest';
import type { ServiceContext } from './service-context.js';

/** Makes what the start has prepared injectable everywhere: configuration, lifecycle and logger. */
@Module({})
export class BootstrapModule {
  static forRoot({ config, lifecycle, logging }: ServiceContext): DynamicModule {
    return {
      module: BootstrapModule,
      imports: [
        ConfigModule.forRoot(config),
        LifecycleModule.forRoot(lifecycle),
        LoggingModule.forRoot(logging.logger),
      ],
    };
  }
}
