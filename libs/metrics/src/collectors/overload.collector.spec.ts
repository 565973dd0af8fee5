import { ApplicationState, Overload } from '@app/lifecycle';
import { describe, expect, it } from 'vitest';
import { collected } from './collected.fixture.js';
import { overloadCollector } from './overload.collector.js';

/** Refuses whatever is under pressure at all. */
function refusing(): Overload {
  const overload = new Overload(new ApplicationState(), () => 0);
  overload.register({ name: 'heap', read: () => 0.85 });
  overload.register({ name: 'disk', read: () => 0.1 });
  return overload;
}

describe('overloadCollector', () => {
  it('counts from the beginning for each cause', () => {
    const overload = new Overload(new ApplicationState());
    overload.register({ name: 'heap', read: () => 0.2 });
    expect(collected(overloadCollector(overload), 'app_requests')).toEqual([
      'app_requests_admitted_total 0',
      'app_requests_refused_total{cause="event_loop_delay"} 0',
      'app_requests_refused_total{cause="request_bodies"} 0',
      'app_requests_refused_total{cause="heap"} 0',
      'app_requests_refusing_ratio{kind="with_body"} 0',
      'app_requests_refusing_ratio{kind="without_body"} 0',
    ]);
  });

  it('shows what is let in and refused, what for, and how much is used of it', () => {
    const overload = refusing();
    overload.sample({ delayMs: 0, spanMs: 20, busyMs: 0 });
    overload.admits('with-body');
    overload.admits('without-body');
    expect(collected(overloadCollector(overload))).toEqual([
      'app_requests_admitted_total 1',
      'app_requests_refused_total{cause="event_loop_delay"} 0',
      'app_requests_refused_total{cause="request_bodies"} 0',
      'app_requests_refused_total{cause="heap"} 1',
      'app_requests_refused_total{cause="disk"} 0',
      'app_requests_refusing_ratio{kind="with_body"} 1',
      'app_requests_refusing_ratio{kind="without_body"} 0',
      'app_pressure_ratio{source="heap"} 0.85',
      'app_pressure_ratio{source="disk"} 0.1',
      'app_request_bodies_held_bytes 0',
      'app_event_loop_delay_mean_seconds 0',
      'app_event_loop_delay_p99_seconds 0',
      'app_event_loop_delay_max_seconds 0',
    ]);
  });

  it('shows what bodies hold of the memory, and may hold', () => {
    const overload = new Overload(new ApplicationState());
    overload.limitBodies(() => ({ together: 2 ** 20, alone: 2 ** 20, ever: 2 ** 20 }));
    const held = overload.admitsBody(1_000)?.heldBytes;
    expect(collected(overloadCollector(overload), 'app_request_bodies')).toEqual([
      `app_request_bodies_held_bytes ${String(held)}`,
      'app_request_bodies_limit_bytes 1048576',
    ]);
  });

  it('shows the delay of the event loop in seconds', () => {
    const { report } = refusing();
    const eventLoop = { report: { meanMs: 1.5, p99Ms: 20, maxMs: 1_250 } };
    expect(collected(overloadCollector({ report, eventLoop }), 'app_event_loop')).toEqual([
      'app_event_loop_delay_mean_seconds 0.0015',
      'app_event_loop_delay_p99_seconds 0.02',
      'app_event_loop_delay_max_seconds 1.25',
    ]);
  });
});
