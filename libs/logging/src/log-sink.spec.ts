import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProcess, temporaryFolder } from '@app/testing';
import { describe, expect, it } from 'vitest';

const libs = fileURLToPath(new URL('../../', import.meta.url));

/** Lets a plain Node run the sources: `.js` means `.ts`, and `@app/<lib>` its door. */
const hooks = `
  import { registerHooks } from 'node:module';
  registerHooks({ resolve(name, context, next) {
    const door = /^@app\\/([^/]+)$/.exec(name);
    if (door !== null) return next('file://${libs}' + door[1] + '/src/index.ts', context);
    return next(name.startsWith('.') && context.parentURL.includes('/libs/') ? name.replace(/\\.js$/, '.ts') : name, context);
  } });`;

const program = (body: string): string[] => [
  '--import',
  `data:text/javascript,${encodeURIComponent(hooks)}`,
  '--input-type=module',
  '-e',
  `import { createLogger } from 'file://${libs}logging/src/index.ts';
   const config = { level: 'info', format: 'json', dir: undefined, file: process.env.LOG_FILE };
   const logging = await createLogger({ config, name: 'child', files: 'application' });
   ${body}`,
];

const shellQuoted = (args: readonly string[]): string =>
  args.map((arg) => `'${arg.replaceAll("'", String.raw`'\''`)}'`).join(' ');

describe('LogSink', () => {
  it('has written every line when the process exits right after flush', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'child.log');
    const body = `
      for (let i = 0; i < 20000; i += 1) logging.logger.info({ i }, 'line');
      logging.flush();
      process.exit(3);`;
    // Through a shell's pipe, as a container engine reads it, with a reader that is slow to begin.
    const command = `{ ${shellQuoted([process.execPath, ...program(body)])}; echo "code $?" >&2; } | { sleep 0.3; cat; }`;
    await using child = await runProcess('sh', ['-c', command], { env: { LOG_FILE: file } });
    await child.exited;
    const numbers = (text: string): unknown[] =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { i: unknown }).i);
    const all = Array.from({ length: 20_000 }, (_, i) => i);
    expect(child.stderr).toBe('code 3\n');
    expect(numbers(child.stdout)).toEqual(all);
    expect(numbers(readFileSync(file, 'utf8'))).toEqual(all);
  });

  it('does not hold up the process when the reader of its pipe has stopped', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'child.log');
    const body = `
      for (let i = 0; i < 100000; i += 1) logging.logger.info({ i }, 'line');
      setTimeout(() => { process.stderr.write('alive'); logging.flush(); process.exit(0); }, 50);`;
    const command = `${shellQuoted([process.execPath, ...program(body)])} | sleep 30`;
    await using child = await runProcess('sh', ['-c', command], { env: { LOG_FILE: file }, detached: true });
    await child.waitForOutput(/alive/);
    expect(readFileSync(file, 'utf8')).toContain('"i":99999');
  });

  it('goes on when the reader of its pipe is gone', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'child.log');
    const body = `
      const timer = setInterval(() => logging.logger.info('line'), 5);
      setTimeout(() => { clearInterval(timer); process.stderr.write('done'); }, 200);`;
    const command = `${shellQuoted([process.execPath, ...program(body)])} | true`;
    await using child = await runProcess('sh', ['-c', command], { env: { LOG_FILE: file } });
    await child.waitForOutput(/done/);
    expect(readFileSync(file, 'utf8')).toContain('The log cannot be written to standard output');
  });
});
