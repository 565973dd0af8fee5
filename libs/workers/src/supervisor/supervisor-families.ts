import { type MetricFamily, samplesOf } from '@app/metrics';
import { type DeathReason, deathReasons } from './death-reason.js';

/** How it stands with the workers of a service, as their supervisor sees it. */
export interface SupervisorFigures {
  readonly wanted: number;
  readonly ready: number;
  readonly deaths: ReadonlyMap<DeathReason, number>;
  readonly restarts: number;
  /** Of which there are no metrics this time. */
  readonly missing: number;
  /** Of the supervisor itself. */
  readonly residentBytes: number;
}

/** What the supervisor tells of itself and its workers: of none of them, so without the label. */
export function supervisorFamilies(figures: SupervisorFigures): readonly MetricFamily[] {
  const { wanted, ready, deaths, restarts, missing, residentBytes } = figures;
  return [
    {
      name: 'app_workers_wanted',
      type: 'gauge',
      help: 'Workers that the service is to have.',
      samples: samplesOf(wanted),
    },
    {
      name: 'app_workers_ready',
      type: 'gauge',
      help: 'Workers that serve and are given connections.',
      samples: samplesOf(ready),
    },
    {
      name: 'app_workers_missing',
      type: 'gauge',
      help: 'Workers of which this scrape has no gauges: they start, or have not answered in time.',
      samples: samplesOf(missing),
    },
    {
      name: 'app_worker_deaths_total',
      type: 'counter',
      help: 'Workers that have ended without being told to, by what has ended them.',
      // Each from the beginning: a counter that appears with its first event hides that event from rate().
      samples: deathReasons.map((reason) => ({ value: deaths.get(reason) ?? 0, labels: { reason } })),
    },
    {
      name: 'app_worker_restarts_total',
      type: 'counter',
      help: 'Workers that were started again after a death.',
      samples: samplesOf(restarts),
    },
    {
      name: 'app_supervisor_resident_memory_bytes',
      type: 'gauge',
      help: 'Resident memory of the supervisor.',
      samples: samplesOf(residentBytes),
    },
  ];
}
