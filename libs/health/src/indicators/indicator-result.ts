import type { DatastoreState } from '@app/lifecycle';
import type { HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { healthEntry } from '../health-entry.js';

/** What is known, as the result of a Terminus indicator. */
export function indicatorResult<const Name extends string>(
  indicators: HealthIndicatorService,
  name: Name,
  state: DatastoreState,
): HealthIndicatorResult<Name> {
  const session = indicators.check(name);
  const { status, ...data } = healthEntry(state);
  if (status === 'up') return session.up();
  return status === 'degraded' ? session.degraded(data) : session.down(data);
}
