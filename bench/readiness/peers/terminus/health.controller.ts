import { Controller, Get } from '@nestjs/common';
import {
  type HealthCheckAttempt,
  HealthCheck,
  type HealthCheckResult,
  HealthCheckService,
  TypeOrmHealthIndicator,
} from '@nestjs/terminus';
import { InfluxdbHealthIndicator } from './influxdb.health.ts';
import { RedisHealthIndicator } from './redis.health.ts';

/** How long each result is kept, in milliseconds; 0 asks the datastores anew for each probe. */
const cacheMs = Number(process.env['HEALTH_CACHE_MS'] ?? 0);

const cached = <Key extends string>(attempt: HealthCheckAttempt<Key>): HealthCheckAttempt<Key> =>
  cacheMs > 0 ? attempt.cacheFor(cacheMs) : attempt;

@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly postgres: TypeOrmHealthIndicator,
    private readonly redis: RedisHealthIndicator,
    private readonly influxdb: InfluxdbHealthIndicator,
  ) {}

  @Get('readiness')
  @HealthCheck()
  readiness(): Promise<HealthCheckResult> {
    return this.health.check([
      () => cached(this.postgres.pingCheck('postgres')),
      () => cached(this.redis.pingCheck('redis')),
      () => cached(this.influxdb.pingCheck('influxdb')),
    ]);
  }
}
