import type { FamilyText } from '@app/metrics';
import { describe, expect, it } from 'vitest';
import { type ScriptedWorker, ScriptedWorkers } from './scripted-workers.fixture.js';
import { WorkerProcess } from './worker-process.js';

function startOne(): { readonly worker: WorkerProcess; readonly scripted: ScriptedWorker } {
  const workers = new ScriptedWorkers();
  const listener = { heard: () => undefined, ended: () => undefined };
  const seat = { number: 1, memoryShareBytes: undefined, firstStart: true };
  const worker = new WorkerProcess(workers.start(), seat, listener, () => 0);
  const [scripted] = workers.started;
  if (scripted === undefined) throw new Error('No worker was started.');
  return { worker, scripted };
}

const families = (value: number): readonly FamilyText[] => [
  { name: 'up', type: 'gauge', help: 'Whether.', lines: [`up ${String(value)}`] },
];
const asked = ({ told }: ScriptedWorker): number => told.filter(({ type }) => type === 'collect').length;

describe('WorkerProcess.collect', () => {
  it('asks a worker that owes an answer no second time, and gives that answer to all who wait', async () => {
    const { worker, scripted } = startOne();
    const waiting = [worker.collect(), worker.collect(), worker.collect()];
    const times = asked(scripted);
    scripted.say({ type: 'metrics', families: families(1) });
    expect(await Promise.all(waiting)).toEqual([families(1), families(1), families(1)]);
    expect(times).toBe(1);
  });

  it('asks anew once it has the answer', async () => {
    const { worker, scripted } = startOne();
    const first = worker.collect();
    scripted.say({ type: 'metrics', families: families(1) });
    const second = worker.collect();
    scripted.say({ type: 'metrics', families: families(2) });
    expect([await first, await second, asked(scripted)]).toEqual([families(1), families(2), 2]);
  });

  it('fails at once where the worker ends', async () => {
    const { worker, scripted } = startOne();
    const collected = worker.collect();
    scripted.end({ code: null, signal: 'SIGKILL' });
    await expect(collected).rejects.toThrow('The worker has ended.');
  });

  it('fails where the worker could not collect', async () => {
    const { worker, scripted } = startOne();
    const collected = worker.collect();
    scripted.say({ type: 'metrics' });
    await expect(collected).rejects.toThrow('The worker could not collect its metrics.');
  });
});
