import { describe, expect, it } from 'vitest';
import { type EndCircumstances, explainEnd } from './explain-end.js';
import type { WorkerEnd } from './worker-channel.js';

const advice =
  "Raise the container's memory limit, lower WORKER_PROCESSES, or raise MEMORY_HEADROOM_PERCENT.";
const killed: WorkerEnd = { code: null, signal: 'SIGKILL' };
const unknown: EndCircumstances = { killedFor: undefined, outOfMemory: false };

describe('explainEnd', () => {
  it.each<[WorkerEnd, Partial<EndCircumstances>, string]>([
    [{ code: 70, signal: null }, {}, 'ended with 70'],
    [{ code: null, signal: 'SIGSEGV' }, {}, 'was killed by SIGSEGV'],
    [killed, {}, 'was killed by SIGKILL'],
    [killed, { killedFor: 'it was stuck', outOfMemory: true }, 'was killed, since it was stuck'],
    [
      killed,
      { outOfMemory: true },
      `was killed by the kernel, since the container is out of memory. ${advice}`,
    ],
    [
      killed,
      { outOfMemory: undefined },
      `was killed by SIGKILL, probably because the container is out of memory. ${advice}`,
    ],
    [
      { code: null, signal: 'SIGABRT' },
      {},
      `was aborted, most likely since its JavaScript heap was full. ${advice}`,
    ],
    [
      { code: 134, signal: null },
      {},
      `was aborted, most likely since its JavaScript heap was full. ${advice}`,
    ],
    [
      { code: null, signal: null, error: new Error('spawn EAGAIN') },
      {},
      'could not be started (spawn EAGAIN)',
    ],
  ])('%j with %j', (end, circumstances, expected) => {
    expect(explainEnd(end, { ...unknown, ...circumstances })).toBe(expected);
  });
});
