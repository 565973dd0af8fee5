import { waitFor } from '@app/testing';
import { checkEndingAnswers, untilGood } from './answers.js';
import type { EndingCell } from './cell.js';
import { checkEnd, checkStorage } from './epilogue.js';
import { faults } from './faults.js';
import { HealthWatch } from './health-watch.js';
import { Load } from './load.js';
import type { Report } from './report.js';
import { bounds, drainDelayMs } from './settings.js';
import type { Cell, Stage } from './stage.js';

/** For so long of the drain delay the load goes on: a balancer has noticed by its end. */
const loadedShare = 0.8;

/** A fault strikes after SIGTERM. When it has passed, the next process finds what the first one has left. */
export async function playEnding(cell: Cell<EndingCell>, stage: Stage): Promise<void> {
  const { stand, token, report } = stage;
  const { target, expected } = cell;
  const fault = faults[cell.fault];
  await stand.release();
  const backend = await stage.start();
  await backend.ready();
  const watch = new HealthWatch(backend.url, token);
  const load = new Load(backend.url, token);
  let toldAt: number;
  try {
    await untilGood(load, 0, 'before the end');
    toldAt = performance.now();
    backend.process.kill('SIGTERM');
    const red = await watch.until(
      'the service drains',
      { since: toldAt, withinMs: bounds.draining },
      ({ readiness, status }) => readiness === 503 && status === 'shutting_down',
    );
    report.within('red', red, bounds.draining);
    await fault.inflict(stand);
    await waitFor(() => performance.now() >= toldAt + loadedShare * drainDelayMs);
  } finally {
    await load.end();
  }
  const { code } = await backend.process.exited;
  report.within('end', performance.now() - toldAt, bounds.exit(cell.fault));
  report.note('code', String(code));
  report.expect(code === expected.exit, `it ended with ${String(code)} and not ${String(expected.exit)}`);
  await watch.end();
  checkEndingAnswers(report, load, target, expected.givesUp === true);
  checkDrain(report, watch, toldAt);

  await fault.mend(stand);
  const next = await stage.start();
  await next.ready();
  await checkStorage({ stand, backend: next, report }, load, token);
  await checkEnd(report, next);
}

/** Probes are answered for the drain delay: liveness with 200, readiness with 503 once it was red. */
function checkDrain(report: Report, watch: HealthWatch, toldAt: number): void {
  const first = watch.samples.findIndex(({ status }) => status === 'shutting_down');
  const draining = watch.samples.slice(first);
  report.expect(
    draining.every(({ readiness, status }) => readiness === 503 && status === 'shutting_down'),
    'readiness was not red all the time while it drained',
  );
  report.expect(
    watch.samples.every(({ liveness }) => liveness === 200),
    'liveness was not 200 all the time',
  );
  const last = watch.samples.at(-1)?.at ?? 0;
  // The probe that is on its way when the listener closes may have been waiting for the processor.
  report.expect(last >= toldAt + 0.75 * drainDelayMs, 'probes were not answered for the whole drain delay');
}
