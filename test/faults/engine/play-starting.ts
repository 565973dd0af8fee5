import type { DatastoreName } from '@app/errors';
import { waitFor } from '@app/testing';
import { untilAnswered, untilGood } from './answers.js';
import { ApiClient } from './api-client.js';
import type { LiveCell } from './cell.js';
import { epilogue, type Scene } from './epilogue.js';
import { faults } from './faults.js';
import { HealthWatch } from './health-watch.js';
import { Load, reads } from './load.js';
import { servingSlowly, servingWithout } from './play-serving.js';
import type { Cell, Stage } from './stage.js';
import { bounds, checksFor, slownessMs } from './settings.js';
import { checkTold, isDown, isWhole } from './watch-checks.js';

/** A fault meets a service that starts, or strikes it while it waits for db-init, and passes. */
export async function playStarting(cell: Cell<LiveCell>, stage: Stage): Promise<void> {
  const { stand, token, report } = stage;
  const { target } = cell;
  const fault = faults[cell.fault];
  const before = fault.strikesStart === 'before';
  if (before) await fault.inflict(stand);
  const backend = await stage.start();
  const watch = new HealthWatch(backend.url, token);
  const scene = { target, fault: cell.fault, stand, backend, watch, report };
  let load: Load | undefined;
  try {
    if (!before) {
      await watch.until('all datastores are up', { since: 0, withinMs: 5_000 }, allUp);
      await fault.inflict(stand);
    }
    load = await meanwhile(cell, stage, scene, performance.now());
    await fault.mend(stand);
    const since = performance.now();
    const served = await watch.until('the service serves', { since, withinMs: bounds.serve }, isWhole);
    report.within('serves', served, bounds.serve);
    load ??= new Load(backend.url, token);
    await untilGood(load, since, 'after the fault');
    await untilAnswered(load, performance.now(), 2);
  } finally {
    await load?.end();
    await watch.end();
  }
  await epilogue(scene, load, token);
}

const allUp = ({
  entries,
}: {
  readonly entries: Readonly<Record<DatastoreName, { status: string }>>;
}): boolean => Object.values(entries).every(({ status }) => status === 'up');

/** While the fault lasts. Returns the load where the service serves all the same. */
async function meanwhile(
  cell: Cell<LiveCell>,
  stage: Stage,
  scene: Scene,
  since: number,
): Promise<Load | undefined> {
  const { stand, token } = stage;
  const { health } = cell.expected;
  const { target, backend, watch } = scene;
  if (health.says === 'down') await startingWithout(cell, scene, since, health.reason);
  await stand.release();
  if (health.says === 'recovers') return undefined;
  if (health.says === 'down' && target !== 'influxdb') {
    await heldUp(stage, scene, `${target} (${health.reason})`);
    return undefined;
  }
  const releasedAt = performance.now();
  const slowly = target === 'postgres' ? bounds.slowLogins : bounds.serve + slownessMs;
  const withinMs = health.says === 'up' ? slowly : bounds.serve;
  const served = await watch.until(
    `the service serves while ${target} has its fault`,
    { since: releasedAt, withinMs },
    ({ readiness }) => readiness === 200,
  );
  scene.report.within('serves all the same', served, withinMs);
  const load = new Load(backend.url, token);
  if (health.says === 'down') {
    await servingWithout(scene, load, performance.now(), health.reason, checksFor(cell.fault));
  } else {
    await untilGood(load, 0, 'slowly');
    await servingSlowly(scene, load, performance.now());
  }
  return load;
}

/** The process lives, says what is down and why, and refuses business. */
async function startingWithout(
  { fault }: Cell<LiveCell>,
  { target, backend, watch, report }: Scene,
  since: number,
  reason: string,
): Promise<void> {
  const withinMs = bounds.down(checksFor(fault));
  const downAfter = await watch.until(`${target} is down`, { since, withinMs }, isDown(target));
  report.within('down', downAfter, withinMs);
  const client = new ApiClient(backend.url, '');
  for (const path of Object.values(reads)) {
    const { status, headers, body } = await client.ask({ path });
    const { code } = body as { readonly code?: string };
    report.expect(
      status === 503 && code === 'not_serving' && Number(headers['retry-after']) >= 1,
      `${path} answered ${String(status)} ${String(code)} while it starts`,
    );
  }
  client.close();
  const samples = watch.samples.filter(({ at }) => at >= since + downAfter);
  checkTold(report, samples, target, [503, 'error', 'starting', 'down', reason]);
}

/** A start that a critical datastore holds up says so, and ends at once when it is told to. */
async function heldUp(stage: Stage, { backend, report }: Scene, waitsFor: string): Promise<void> {
  const other = await stage.start();
  for (const each of [backend, other]) {
    await waitFor(
      async () => {
        const { status, body } = await each.get('/health/startup');
        const { waitingFor } = body as { readonly waitingFor: readonly string[] };
        return status === 503 && waitingFor.includes(waitsFor);
      },
      { message: `startup to say that it waits for ${waitsFor}` },
    );
  }
  const toldAt = performance.now();
  other.process.kill('SIGTERM');
  const { code } = await other.process.exited;
  report.within('SIGTERM while it waits', performance.now() - toldAt, bounds.exitOfStart);
  report.expect(code === 0, `SIGTERM while it waits ended it with ${String(code)}`);
}
