import { Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { Redis } from 'ioredis';
import { HealthController } from './health.controller.ts';
import { InfluxdbHealthIndicator } from './influxdb.health.ts';
import { RedisHealthIndicator } from './redis.health.ts';

@Module({
  imports: [TerminusModule],
  controllers: [HealthController],
  providers: [
    RedisHealthIndicator,
    InfluxdbHealthIndicator,
    { provide: Redis, useFactory: () => new Redis(process.env['REDIS_URL'] ?? '') },
  ],
})
export class HealthModule {}
