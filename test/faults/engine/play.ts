import { type Backend, type BackendOptions, startBackend } from '../../support/backend.js';
import type { EndingCell, LiveCell } from './cell.js';
import { faults } from './faults.js';
import { playEnding } from './play-ending.js';
import { playServing } from './play-serving.js';
import { playStarting } from './play-starting.js';
import { Report } from './report.js';
import type { Cell, Stage } from './stage.js';
import { standUp } from './stand.js';

export type AnyCell =
  | (Cell<LiveCell> & { readonly phase: 'starting' | 'serving' })
  | (Cell<EndingCell> & { readonly phase: 'shutting down' });

export type PlayOptions = BackendOptions & { readonly token: string };

/** Plays a cell on datastores of its own. What is wrong is in the report, also what was thrown. */
export async function play(cell: AnyCell, options: PlayOptions): Promise<Report> {
  const report = new Report();
  const backends: Backend[] = [];
  try {
    await using stack = new AsyncDisposableStack();
    const stand = stack.use(await standUp(cell.target, cell.fault, faults[cell.fault].way));
    const start = async (): Promise<Backend> => {
      const backend = stack.use(await startBackend(stand.env, options));
      backends.push(backend);
      return backend;
    };
    await playPhase(cell, { stand, token: options.token, report, start });
  } catch (error) {
    report.problem(error instanceof Error ? error.message : String(error));
  }
  for (const { process } of backends) report.keepLog(process.stdout + process.stderr);
  return report;
}

function playPhase(cell: AnyCell, stage: Stage): Promise<void> {
  switch (cell.phase) {
    case 'starting':
      return playStarting(cell, stage);
    case 'serving':
      return playServing(cell, stage);
    case 'shutting down':
      return playEnding(cell, stage);
  }
}
