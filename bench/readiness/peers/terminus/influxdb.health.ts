import { Injectable } from '@nestjs/common';
import { type HealthCheckAttempt, HealthIndicatorService } from '@nestjs/terminus';

@Injectable()
export class InfluxdbHealthIndicator {
  constructor(private readonly indicators: HealthIndicatorService) {}

  pingCheck(key: string): HealthCheckAttempt {
    return this.indicators
      .check(key)
      .attempt(async ({ signal }) => {
        const answer = await fetch(`${process.env['INFLUXDB_URL'] ?? ''}/ping`, { signal });
        if (!answer.ok) throw new Error(`InfluxDB answered ${String(answer.status)}`);
      })
      .withTimeout(1_000);
  }
}
