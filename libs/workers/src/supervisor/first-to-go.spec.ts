import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { makeFirstToGo } from './first-to-go.js';

const weightOf = async (pid: number | 'self'): Promise<string> =>
  (await readFile(`/proc/${String(pid)}/oom_score_adj`, 'utf8')).trim();

describe.runIf(process.platform === 'linux')('a process that starts', () => {
  it('is the first that the kernel kills, until it weighs as this one does', async () => {
    const child = spawn('sleep', ['60']);
    const ended = once(child, 'exit');
    const weighAsOthers = makeFirstToGo(child.pid ?? 0);
    const started = await weightOf(child.pid ?? 0);
    weighAsOthers();
    const settled = await weightOf(child.pid ?? 0);
    child.kill('SIGKILL');
    await ended;
    expect({ started, settled }).toEqual({ started: '1000', settled: await weightOf('self') });
    // It has ended meanwhile.
    expect(weighAsOthers).not.toThrow();
  });
});

describe('where there is no such thing', () => {
  it('nothing happens', () => {
    expect(makeFirstToGo(1, '/nowhere')).not.toThrow();
  });
});
