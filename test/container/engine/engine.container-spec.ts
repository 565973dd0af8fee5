import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { isRunning, runProcess, waitFor } from '@app/testing';
import { describe, expect, inject } from 'vitest';
import { runToEnd } from './command.ts';
import { test as base } from './container-test.ts';
import { ownerOf, removeLeftovers } from './leftovers.ts';
import { filterRules, type MachinePicture, machinePicture } from './machine-picture.ts';
import { startPrivateEngine } from './private-engine.ts';
import { privateObstacle } from './private-obstacle.ts';
import { enginePrograms, type Programs } from './programs.ts';
import { trial } from './trial.ts';

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** On a machine where an engine can be brought up, whichever engine the other tests use. */
const test = base.extend<{ programs: Programs }>({
  programs: async ({ skip }, use) => {
    const obstacle = await privateObstacle();
    if (obstacle !== undefined) return skip(obstacle);
    await use(await enginePrograms());
  },
});

async function picture(programs: Programs, own?: string): Promise<MachinePicture> {
  return { ...(await machinePicture(own)), rules: await filterRules(programs) };
}

/** A process that keeps an engine. */
async function starterOfEngine() {
  const starter = await runProcess(process.execPath, [script('private-engine.fixture.ts')]);
  const [, folder = ''] = await starter.waitForOutput(/up (\S+)/, 40_000);
  return { folder, starter, [Symbol.asyncDispose]: () => starter[Symbol.asyncDispose]() };
}

describe('startPrivateEngine', () => {
  test('runs containers beside another engine and leaves this machine as it was', async ({ programs }) => {
    const before = await picture(programs);
    let name: string;
    {
      await using engine = await startPrivateEngine(programs);
      name = basename(engine.folder);
      expect(await trial(engine.env)).toBeUndefined();
      await runToEnd('docker', ['network', 'create', 'left-behind'], { env: engine.env });
      const during = await picture(programs, name);
      const changed = Object.keys(before).filter((kind) => !isDeepStrictEqual(during[kind], before[kind]));
      expect(changed.toSorted()).toEqual(['cgroups', 'engines', 'links', 'processes']);
    }
    expect(await picture(programs, name)).toEqual({ ...before, ...inject('machineBefore') });
  });

  test('ends with the process that started it, even if that is killed', async ({ programs }) => {
    const before = await picture(programs);
    await using another = await starterOfEngine();
    const keeper = (await ownerOf(another.folder)) ?? 0;
    another.starter.kill('SIGKILL');
    await waitFor(() => !isRunning(keeper), { message: 'the end of its keeper' });
    expect(await picture(programs, basename(another.folder))).toEqual(before);
  });

  test('is cleared up at the next start if its keeper was killed as well', async ({ programs }) => {
    const before = await picture(programs);
    await using another = await starterOfEngine();
    process.kill((await ownerOf(another.folder)) ?? 0, 'SIGKILL');
    await waitFor(async () => (await ownerOf(another.folder)) === undefined);
    expect(await isThere(another.folder)).toBe(true);
    await removeLeftovers();
    expect(await picture(programs, basename(another.folder))).toEqual(before);
  });
});

describe('openEngine', () => {
  test('says in one sentence why there is no engine', async () => {
    const nobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups', process.execPath];
    await using opened = await runProcess('setpriv', [...nobody, script('open-engine.fixture.ts')], {
      env: { DOCKER_HOST: 'unix:///nowhere/docker.sock' },
    });
    await opened.exited;
    expect(JSON.parse(opened.stdout)).toEqual({
      unavailable: expect.stringMatching(
        /^There is no engine: .+, and one can be brought up only as root on Linux$/,
      ),
    });
  });
});
