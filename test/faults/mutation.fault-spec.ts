import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { datastoreNames } from '@app/errors';
import { cloneWithBuild, type RunningProcess, type TemporaryFolder } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { writeToken } from '../support/backend.js';
import { type Environment, startBuilt } from '../support/programs.js';
import { down } from './engine/cell.js';
import { type AnyCell, play } from './engine/play.js';

let token: string;
beforeAll(async () => {
  token = await writeToken();
});

/** A copy of the build in which the line that starts the monitor is another one. */
async function mutated(line: string): Promise<TemporaryFolder> {
  const copy = await cloneWithBuild({ binaries: false });
  const file = join(copy.path, 'dist/libs/health/src/health.module.js');
  const [before, after, ...more] = (await readFile(file, 'utf8')).split('this.#monitor.start();');
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`The monitor is not started in just one place of ${file}`);
  await writeFile(file, before + line + after);
  return copy;
}

/** A cell that is green with the program as it is. */
const cell = (
  target: AnyCell['target'],
  fault: AnyCell['fault'],
  phase: 'starting' | 'serving',
): AnyCell => ({ target, fault, phase, expected: down('refused') });

const neverSaid = (name: string): unknown =>
  expect.stringMatching(new RegExp(`in vain for health to say that ${name} is down$`));

describe('with the monitor never started', () => {
  it('a start without Redis is red', async () => {
    await using copy = await mutated('');
    const report = await play(cell('redis', 'not there', 'starting'), {
      token,
      start: (env: Environment) => startBuilt(copy.path, 'backend', env),
    });
    expect(report.problems).toEqual([neverSaid('redis')]);
  });
});

describe('with the monitor stopped once the service serves', () => {
  let copy: TemporaryFolder;
  beforeAll(async () => {
    copy = await mutated(`this.#monitor.start(); process.once('SIGUSR2', () => this.#monitor.stop());`);
  });
  afterAll(() => copy[Symbol.asyncDispose]());

  const backend = (env: Environment) => startBuilt(copy.path, 'backend', env);

  async function startWithoutMonitor(env: Environment): Promise<RunningProcess> {
    const process = await backend(env);
    const stopped = process.waitForOutput(/starting → serving/).then(() => process.kill('SIGUSR2'));
    onTestFinished(() => stopped);
    return process;
  }

  it.each(datastoreNames)('serving under load with %s killed is red', async (name) => {
    const report = await play(cell(name, 'killed', 'serving'), { token, start: startWithoutMonitor });
    expect(report.problems).toEqual([neverSaid(name)]);
  });

  it('the same copy is green while its monitor runs', async () => {
    const report = await play(cell('redis', 'killed', 'serving'), { token, start: backend });
    expect(report.failure).toEqual([]);
  });
});
