import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runProcess } from './run-process.js';
import { temporaryFolder } from './temporary-folder.js';

const sh = (script: string, options = {}) => runProcess('sh', ['-c', script], options);

describe('runProcess', () => {
  it('collects what a program writes, and how it ends', async () => {
    await using program = await sh('echo out; echo "$GREETING" >&2; exit 3', { env: { GREETING: 'err' } });
    expect(await program.exited).toEqual({ code: 3, signal: null });
    expect([program.stdout, program.stderr]).toEqual(['out\n', 'err\n']);
  });

  it('waits for output', async () => {
    await using program = await sh('echo port=42; exec sleep 60');
    expect((await program.waitForOutput(/port=(\d+)/))[1]).toBe('42');
  });

  it('does not wait for the output of a program that has ended, and shows what it wrote', async () => {
    await using program = await sh('echo other; exit 1');
    await expect(program.waitForOutput(/port=/)).rejects.toThrow(/ended \(1\)\n--- stdout\nother\n/);
  });

  it('kills at the end of its scope what still runs, with its children', async () => {
    const program = await sh('sleep 60 & sleep 60', { detached: true });
    await program[Symbol.asyncDispose]();
    expect(await program.exited).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('throws when the program cannot be started', async () => {
    await expect(runProcess('/no/such/program')).rejects.toThrow('ENOENT');
  });
});

describe('temporaryFolder', () => {
  it('goes with its scope', async () => {
    let path: string;
    {
      await using folder = await temporaryFolder();
      path = folder.path;
      expect(existsSync(path)).toBe(true);
    }
    expect(existsSync(path)).toBe(false);
  });
});
