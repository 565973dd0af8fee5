import {
  type BodyBudgetReport,
  type EventLoopDelayReport,
  type OverloadReport,
  ownCauses,
} from '@app/lifecycle';
import { inSeconds, type MetricFamily, type MetricsCollector } from '../metric-family.js';

/** What is read of the overload protection. */
export interface OverloadFigures {
  readonly report: OverloadReport;
  readonly eventLoop: { readonly report: EventLoopDelayReport };
}

/** What is let in and refused, and what is under pressure. */
export function overloadCollector(overload: OverloadFigures): MetricsCollector {
  return () => {
    const { report, eventLoop } = overload;
    return [...requests(report), ...pressure(report), ...bodies(report.bodies), ...delays(eventLoop.report)];
  };
}

function requests({ admitted, refused, pressure, refusing }: OverloadReport): readonly MetricFamily[] {
  // Each from the beginning: a counter that appears with its first event hides that event from rate().
  const causes = new Set([...ownCauses, ...Object.keys(pressure), ...Object.keys(refused)]);
  return [
    {
      name: 'app_requests_admitted_total',
      type: 'counter',
      help: 'Business requests that were let in.',
      samples: [{ value: admitted }],
    },
    {
      name: 'app_requests_refused_total',
      type: 'counter',
      help: 'Business requests that were refused, by what was under pressure.',
      samples: [...causes].map((cause) => ({ value: refused[cause] ?? 0, labels: { cause } })),
    },
    {
      name: 'app_requests_refusing_ratio',
      type: 'gauge',
      help: 'The share of business requests that is refused now, 0 to 1, by whether they have a body.',
      samples: Object.entries(refusing).map(([kind, value]) => ({
        value,
        labels: { kind: kind.replaceAll('-', '_') },
      })),
    },
  ];
}

function pressure(report: OverloadReport): readonly MetricFamily[] {
  return [
    {
      name: 'app_pressure_ratio',
      type: 'gauge',
      help: 'How much is used of what requests are refused for before it runs out, 0 to 1.',
      samples: Object.entries(report.pressure).map(([source, value]) => ({ value, labels: { source } })),
    },
  ];
}

function bodies({ heldBytes, limitBytes }: BodyBudgetReport): readonly MetricFamily[] {
  return [
    {
      name: 'app_request_bodies_held_bytes',
      type: 'gauge',
      help: 'The memory that is kept for bodies of requests and the work on them.',
      samples: [{ value: heldBytes }],
    },
    {
      name: 'app_request_bodies_limit_bytes',
      type: 'gauge',
      help: 'The memory that bodies of requests may hold together, as the heap is now.',
      samples: limitBytes === null ? [] : [{ value: limitBytes }],
    },
  ];
}

function delays({ meanMs, p99Ms, maxMs }: EventLoopDelayReport): readonly MetricFamily[] {
  return [
    delay('mean', 'mean', meanMs),
    delay('p99', '99th percentile', p99Ms),
    delay('max', 'maximum', maxMs),
  ];
}

const delay = (name: string, what: string, ms: number): MetricFamily => ({
  name: `app_event_loop_delay_${name}_seconds`,
  type: 'gauge',
  help: `How late the event loop was in the last ten seconds: the ${what}.`,
  samples: [{ value: inSeconds(ms) }],
});
