import { checkRefusals, needing, untilAnswered, untilGood } from './answers.js';
import type { LiveCell } from './cell.js';
import { epilogue, type Scene } from './epilogue.js';
import { faults } from './faults.js';
import { HealthWatch } from './health-watch.js';
import { checkLatency } from './latency.js';
import { Load } from './load.js';
import type { Cell, Stage } from './stage.js';
import { bounds, type Checks, checksFor, slownessMs } from './settings.js';
import { checkTold, isDown, isWhole } from './watch-checks.js';

/** A fault strikes a service that serves under load, and passes. */
export async function playServing(cell: Cell<LiveCell>, stage: Stage): Promise<void> {
  const { stand, token, report } = stage;
  const { target } = cell;
  const { health } = cell.expected;
  const fault = faults[cell.fault];
  await stand.release();
  const backend = await stage.start();
  await backend.ready();
  const watch = new HealthWatch(backend.url, token);
  const load = new Load(backend.url, token);
  const scene = { target, fault: cell.fault, stand, backend, watch, report };
  try {
    await untilGood(load, 0, 'before the fault');
    await fault.inflict(stand);
    const struckAt = performance.now();
    if (health.says === 'down')
      await servingWithout(scene, load, struckAt, health.reason, checksFor(cell.fault));
    if (health.says === 'up') await servingSlowly(scene, load, struckAt);
    await fault.mend(stand);
    const since = performance.now();
    const upAgain = await watch.until(`${target} is up again`, { since, withinMs: bounds.up }, isWhole);
    report.within('up again', upAgain, bounds.up);
    report.within('routes again', await untilGood(load, since, 'after the fault'), bounds.up);
    if (health.says === 'up') await checkLatency(report, backend, target, 'not slow');
  } finally {
    await load.end();
    await watch.end();
  }
  await epilogue(scene, load, token);
}

/** The target becomes down in time, for the right reason, and the routes that need it refuse from then on. */
export async function servingWithout(
  { target, watch, report }: Scene,
  load: Load,
  since: number,
  reason: string,
  checks: Checks,
): Promise<void> {
  const withinMs = bounds.down(checks);
  const downAfter = await watch.until(`${target} is down`, { since, withinMs }, isDown(target));
  report.within('down', downAfter, withinMs);
  const downAt = since + downAfter;
  await untilAnswered(load, downAt, 5);
  checkRefusals(report, load.since(downAt), target);
  const readiness = target === 'influxdb' ? [200, 'degraded'] : [503, 'error'];
  const samples = watch.samples.filter(({ at }) => at >= downAt);
  checkTold(report, samples, target, [...readiness, 'serving', 'down', reason]);
}

/** Health goes on saying that the target is up, with its latency, and all routes answer, if late. */
export async function servingSlowly(scene: Scene, load: Load, since: number): Promise<void> {
  const { target, backend, watch, report } = scene;
  await untilAnswered(load, since, 5);
  await checkLatency(report, backend, target, 'slow');
  const [dependent = [], others = []] = [true, false].map((needed) =>
    load.since(since).filter(({ route }) => needing(target).includes(route) === needed),
  );
  report.expect(
    dependent.every(({ tookMs }) => tookMs >= slownessMs),
    `answers that need ${target} came before it could have answered`,
  );
  const late = others.filter(({ tookMs }) => tookMs >= slownessMs);
  report.expect(late.length < others.length / 2, `routes that do not need ${target} were late with it`);
  report.expect(
    watch.samples.every((sample) => sample.at < since || isWhole(sample)),
    `health said that ${target} is not up, though it is only slow`,
  );
}
