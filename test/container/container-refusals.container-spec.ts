import { waitFor } from '@app/testing';
import { beforeAll, describe, expect } from 'vitest';
import { environment, hardened, logLines, nowhere, runInContainer, startContainer } from './container.ts';
import { engineOfRun, test } from './engine/container-test.ts';
import { buildProjectImage } from './project-image.ts';

let image = '';
beforeAll(async () => {
  const engine = engineOfRun();
  if (engine !== undefined) image = await buildProjectImage(engine);
}, 600_000);

/** A folder that is mounted and belongs to root, as that of a volume made by hand. */
const rootOnly = (path: string) => ['--tmpfs', `${path}:mode=0755,uid=0`];

/** Production's lines about a problem: the rest tells what went well. */
const complaints = (text: string) =>
  logLines(text)
    .filter(({ level }) => ['error', 'fatal'].includes(level))
    .map(({ msg }) => msg);

describe('a missing secret', () => {
  test('ends the backend with 78 and one line that names it', async ({ engine }) => {
    const { SECRET_KEY: _, ...others } = nowhere;
    const file = (path: string) => ({ SECRET_KEY_FILE: path });
    const cases = [
      others,
      { ...others, ...file('/run/secrets/secret_key') },
      { ...others, ...file('/var/log') },
    ];
    const ends = await Promise.all(
      cases.map(async (settings) => {
        const options = [...hardened, ...environment(settings)];
        const { code, stdout, stderr } = await runInContainer(engine, image, options);
        // What is not at the beginning of a line belongs to the one above.
        return [code, stdout, ...stderr.split('\n').filter((line) => /^\S/.test(line))];
      }),
    );
    expect(ends).toEqual([
      [78, '', 'mistake  SECRET_KEY: is required'],
      [78, '', 'mistake  SECRET_KEY_FILE: names a file that does not exist'],
      [78, '', 'mistake  SECRET_KEY_FILE: names a file that is a folder'],
    ]);
  });
});

describe('a port in use', () => {
  test('ends the backend with 78 and one line, whose trace names the TypeScript', async ({ engine }) => {
    const options = [...hardened, ...environment(nowhere)];
    await using first = await startContainer(engine, image, options);
    await waitFor(async () => (await first.logs()).stdout.includes('listening on'), { timeoutMs: 30_000 });
    const beside = ['--network', `container:${first.name}`, ...options];
    const { code, stdout, stderr } = await runInContainer(engine, image, beside);
    expect({ code, complaints: complaints(stdout), stderr }).toEqual({
      code: 78,
      complaints: [
        'Another program listens on 0.0.0.0:8000 (PORT). Stop the other program, or set PORT to another port.',
      ],
      stderr: '',
    });
    const stack = logLines(stdout).find(({ level }) => level === 'fatal')?.err?.stack;
    expect(stack).toMatch(/\n {4}at .*libs\/bootstrap\/src\/listen\.ts:\d+:\d+/);
    expect(stack).not.toMatch(/chunks|\.js:/);
  });
});

describe('a wrong volume', () => {
  test('that db-init cannot write to ends it with one line', async ({ engine }) => {
    const options = [...hardened, ...rootOnly('/var/lib/db-init'), ...environment(nowhere)];
    const { code, stdout, stderr } = await runInContainer(engine, image, options, ['db-init']);
    expect({ code, complaints: complaints(stdout), stderr }).toEqual({
      code: 1,
      complaints: [
        expect.stringMatching(
          /^The status file \/var\/lib\/db-init\/status\.json cannot be written: EACCES: .+\. Give db-init write access /,
        ),
      ],
      stderr: '',
    });
  });

  test('that db-init has not written to ends the backend with 69 and one line', async ({ engine }) => {
    const patience = { INIT_WAIT: 'file', STARTUP_TIMEOUT: '2s' };
    const options = [...hardened, ...environment({ ...nowhere, ...patience })];
    const { code, stdout, stderr } = await runInContainer(engine, image, options);
    expect({ code, complaints: complaints(stdout), stderr }).toEqual({
      code: 69,
      complaints: [
        'After 2 s the service still waits for: the init status file (not there). Look at the dependencies that are named, or raise STARTUP_TIMEOUT.',
      ],
      stderr: '',
    });
  });
});

describe('docker stop while starting', () => {
  test('ends the backend with 0 while it waits for a database that is not there', async ({ engine }) => {
    const options = [...hardened, ...environment({ ...nowhere, INIT_WAIT: 'database' })];
    await using container = await startContainer(engine, image, options);
    await waitFor(async () => (await container.logs()).stdout.includes('(refused)'), { timeoutMs: 30_000 });
    const { code, tookMs } = await container.stop();
    expect({ code, soon: tookMs < 5_000 ? true : tookMs }).toEqual({ code: 0, soon: true });
  });

  test('ends the backend with 0 in its first moment', async ({ engine }) => {
    await using container = await startContainer(engine, image, [...hardened, ...environment(nowhere)]);
    const { code, tookMs } = await container.stop();
    expect({ code, soon: tookMs < 5_000 ? true : tookMs }).toEqual({ code: 0, soon: true });
  });
});
