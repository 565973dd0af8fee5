import type { DatastoreName } from '@app/errors';
import type { DatastoreState, DatastoreStates, DatastoreStatus } from '@app/lifecycle';
import {
  inSeconds,
  type MetricFamily,
  type MetricSample,
  type MetricsCollector,
  samplesOf,
  stateSet,
} from '../metric-family.js';

const statuses = ['up', 'degraded', 'down'] as const satisfies readonly DatastoreStatus[];

/** The samples of all datastores. */
type Each = (
  samples: (name: DatastoreName, state: DatastoreState) => readonly MetricSample[],
) => readonly MetricSample[];

/** What health has found out of each datastore. */
export function datastoreStatesCollector(
  datastores: DatastoreStates,
  critical: readonly DatastoreName[],
): MetricsCollector {
  const transitions = new Map(datastores.names.map((name) => [name, { up: 0, degraded: 0, down: 0 }]));
  datastores.onTransition(({ datastore, from, to }) => {
    const counts = transitions.get(datastore);
    // Another reason for the same status is none.
    if (counts !== undefined && from.status !== to.status) counts[to.status] += 1;
  });
  const each: Each = (samples) => datastores.names.flatMap((name) => samples(name, datastores.get(name)));
  return () => [
    {
      name: 'datastore_status',
      type: 'gauge',
      help: '1 for the status that the datastore has, 0 for the others.',
      samples: each((datastore, { status }) => stateSet('status', statuses, status, { datastore })),
    },
    {
      name: 'datastore_failure_reason',
      type: 'gauge',
      help: '1 for the reason why the datastore is not up; missing while it is.',
      samples: each((datastore, { reason }) =>
        reason === undefined ? [] : [{ value: 1, labels: { datastore, reason } }],
      ),
    },
    {
      name: 'datastore_writable',
      type: 'gauge',
      help: '1 while routes that write to the datastore are open.',
      samples: each((datastore, { writable }) => samplesOf(Number(writable), { datastore })),
    },
    {
      name: 'datastore_critical',
      type: 'gauge',
      help: '1 for a datastore in HEALTH_CRITICAL.',
      samples: each((datastore) => samplesOf(Number(critical.includes(datastore)), { datastore })),
    },
    {
      name: 'datastore_status_transitions_total',
      type: 'counter',
      help: 'How often the datastore has come to have the status.',
      samples: each((datastore) =>
        Object.entries(transitions.get(datastore) ?? {}).map(([status, value]) => ({
          value,
          labels: { datastore, status },
        })),
      ),
    },
    ...checks(each),
  ];
}

/** When and how the last checks went. */
function checks(each: Each): readonly MetricFamily[] {
  return [
    {
      name: 'datastore_ping_duration_seconds',
      type: 'gauge',
      help: 'How long the last ping took that succeeded.',
      samples: each((datastore, { latencyMs }) => samplesOf(seconds(latencyMs), { datastore })),
    },
    {
      name: 'datastore_last_check_timestamp_seconds',
      type: 'gauge',
      help: 'When the datastore was last checked, in seconds since 1970.',
      samples: each((datastore, { lastCheckedAt }) => samplesOf(seconds(lastCheckedAt), { datastore })),
    },
    {
      name: 'datastore_last_up_timestamp_seconds',
      type: 'gauge',
      help: 'When the datastore was last seen up, in seconds since 1970.',
      samples: each((datastore, { lastUpAt }) => samplesOf(seconds(lastUpAt), { datastore })),
    },
  ];
}

const seconds = (ms: number | undefined): number | undefined =>
  ms === undefined ? undefined : inSeconds(ms);
