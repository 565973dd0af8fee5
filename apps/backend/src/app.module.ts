import { AuthModule } from '@app/auth/nest';
import type { ServiceContext } from '@app/bootstrap';
import { BootstrapModule } from '@app/bootstrap/nest';
import { HealthModule } from '@app/health/nest';
import { InfluxdbModule } from '@app/influxdb/nest';
import { PostgresModule } from '@app/postgres/nest';
import { RedisModule } from '@app/redis/nest';
import { type DynamicModule, Module } from '@nestjs/common';
import { domainModules, domainSchema } from './domain.js';

@Module({})
export class AppModule {
  static forRoot(context: ServiceContext): DynamicModule {
    const { build, health, memoryLimit } = context;
    return {
      module: AppModule,
      imports: [
        BootstrapModule.forRoot(context),
        AuthModule,
        PostgresModule.forRoot(domainSchema),
        RedisModule,
        InfluxdbModule,
        HealthModule.forRoot({ ...build, answers: health, memoryLimit }),
        ...domainModules,
      ],
    };
  }
}
