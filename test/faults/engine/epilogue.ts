import type { DatastoreName } from '@app/errors';
import type { Backend } from '../../support/backend.js';
import { checkAnswers } from './answers.js';
import type { FaultName } from './cell.js';
import type { HealthWatch } from './health-watch.js';
import type { Load } from './load.js';
import type { Report } from './report.js';
import type { Stand } from './stand.js';
import { storageProblems } from './stored-trades.js';
import { checkWatch } from './watch-checks.js';

/** A backend under probes and load. */
export interface Scene {
  readonly target: DatastoreName;
  readonly fault: FaultName;
  readonly stand: Stand;
  readonly backend: Backend;
  readonly watch: HealthWatch;
  readonly report: Report;
}

/** After the fault: what was said and answered all the time, what is stored, and an orderly end of the same process. */
export async function epilogue(scene: Scene, load: Load, token: string): Promise<void> {
  const { target, fault, backend, watch, report } = scene;
  checkAnswers(report, load, target, fault);
  checkWatch(report, watch, target);
  await checkStorage(scene, load, token);
  await checkEnd(report, backend);
}

/** Every acknowledged trade is in InfluxDB once. */
export async function checkStorage(
  { stand, backend, report }: Pick<Scene, 'stand' | 'backend' | 'report'>,
  load: Load,
  token: string,
): Promise<void> {
  const problems = await storageProblems(stand, load, { url: backend.url, token });
  for (const problem of problems) report.problem(problem);
  report.note('acknowledged', load.acknowledged.size);
  report.expect(load.acknowledged.size > 0, 'no trade was acknowledged at all');
}

export async function checkEnd(report: Report, backend: Backend): Promise<void> {
  backend.process.kill('SIGTERM');
  const { code } = await backend.process.exited;
  report.expect(code === 0, `it ended with ${String(code)} when all was well again`);
}
