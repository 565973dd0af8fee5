import { AuthModule } from '@app/auth/nest';
import type { ServiceContext } from '@app/bootstrap';
import { BootstrapModule } from '@app/bootstrap/nest';
import { HealthModule } from '@app/health/nest';
import { InfluxdbModule } from '@app/influxdb/nest';
import { MetricsModule } from '@app/metrics/nest';
import { PostgresModule } from '@app/postgres/nest';
import { RedisModule } from '@app/redis/nest';
import { CapacityModule } from '@app/workers/nest';
import { type DynamicModule, Module } from '@nestjs/common';
import { domainModules, domainSchema } from './domain.js';

@Module({})
export class AppModule {
  static forRoot(context: ServiceContext): DynamicModule {
    const { build, health, memoryLimit, worker } = context;
    return {
      module: AppModule,
      imports: [
        BootstrapModule.forRoot(context),
        AuthModule,
        PostgresModule.forRoot(domainSchema, worker),
        RedisModule,
        InfluxdbModule,
        HealthModule.forRoot({ ...build, answers: health, memoryLimit }),
        MetricsModule.forRoot({ ...build, worker }),
        CapacityModule.forRoot(context),
        ...domainModules,
      ],
    };
  }
}
