import { type DatastoreName, datastoreNames } from '@app/errors';
import type { HealthWatch, Sample } from './health-watch.js';
import type { Report } from './report.js';

export const isWhole = ({ readiness, status }: Sample): boolean => readiness === 200 && status === 'ok';

export const isDown =
  (target: DatastoreName) =>
  ({ entries }: Sample): boolean =>
    entries[target].status === 'down' && entries[target].reason !== 'pending';

/** What a sample says, as one text. */
const told = (target: DatastoreName, { readiness, status, phase, entries }: Sample): string =>
  [readiness, status, phase, entries[target].status, entries[target].reason].join(' ');

/** All of these samples say the same. */
export function checkTold(
  report: Report,
  samples: readonly Sample[],
  target: DatastoreName,
  wanted: readonly (string | number)[],
): void {
  const all = new Set(samples.map((sample) => told(target, sample)));
  const expected = wanted.join(' ');
  report.expect(
    all.size === 1 && all.has(expected),
    `health said ${[...all].join('; ') || 'nothing'}, and not ${expected}`,
  );
}

/** The process lives and answers all the time, and a datastore without a fault is not taken for down. */
export function checkWatch(report: Report, watch: HealthWatch, target: DatastoreName): void {
  report.expect(watch.lost === undefined, `a probe got no answer: ${String(watch.lost)}`);
  report.expect(
    watch.samples.length > 0 && watch.samples.every(({ liveness }) => liveness === 200),
    'liveness was not 200 all the time',
  );
  const slandered = datastoreNames.filter((name) => name !== target && wasSlandered(watch.samples, name));
  report.expect(
    slandered.length === 0,
    `health said that ${slandered.join(', ')} is down, which had no fault`,
  );
}

/** Down after it was up once: the very first check comes while modules are loaded, and may be late for that alone. */
function wasSlandered(samples: readonly Sample[], name: DatastoreName): boolean {
  const firstUp = samples.findIndex(({ entries }) => entries[name].status === 'up');
  return firstUp < 0 || samples.slice(firstUp).some(({ entries }) => entries[name].status === 'down');
}
