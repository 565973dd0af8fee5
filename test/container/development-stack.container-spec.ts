import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '@app/testing';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { engineOfRun, test } from './engine/container-test.ts';
import { candlesOf, clientOf, type StackClient } from './stack-client.ts';
import { endedWell, exitCodesOf, watchEvents } from './stack-events.ts';
import { openStack, type Stack } from './stack.ts';

let stack: Stack;
let client: StackClient;

beforeAll(async () => {
  const engine = engineOfRun();
  if (engine === undefined) return;
  stack = await openStack(engine);
  await stack.must('dev');
  client = await clientOf(stack);
  await waitForServing();
});
afterAll(async () => {
  if (engineOfRun() !== undefined) await stack[Symbol.asyncDispose]();
});

/** Replaces a text in a source file of the checkout and returns what was in it. */
async function replace(path: string, from: string, to: string): Promise<string> {
  const file = join(stack.folder, path);
  const before = await readFile(file, 'utf8');
  expect(before).toContain(from);
  await writeFile(file, before.replaceAll(from, to));
  return before;
}

/** What the application says of itself. */
async function health(): Promise<Readonly<Record<string, unknown>>> {
  return (await client.get('/health')).body as Readonly<Record<string, unknown>>;
}

/** Readiness would not do: PostgreSQL may be asked a moment later than it. */
async function waitForServing(): Promise<void> {
  await waitFor(async () => (await client.get('/instruments/EUR-USD')).status === 200, {
    timeoutMs: 30_000,
    message: 'an answer from PostgreSQL',
  });
}

describe('the development stack', () => {
  test('serves the seeded instruments', async () => {
    expect(await client.get('/instruments/EUR-USD')).toMatchObject({
      status: 200,
      body: { symbol: 'EUR-USD', tickSize: '0.00001', lotSize: '1' },
    });
  });

  test('takes trades with a token of the key that the first start has made', async () => {
    const key = await readFile(join(stack.folder, 'docker/secrets/development/secret_key'), 'utf8');
    expect(key).toMatch(/^[\w-]{48}\n$/);
    const ticks = [{ symbol: 'EUR-USD', price: '1.08461', size: '25', tradeId: 'a1' }];
    expect(await client.send('POST', '/ticks', { ticks })).toEqual({
      status: 202,
      body: { accepted: 1, rejected: [] },
    });
    const [candle] = await candlesOf(client, 'EUR-USD', Date.now() - 600_000, 1);
    expect(candle).toMatchObject({ open: '1.08461', close: '1.08461', volume: '25' });
  });

  test.for([
    {
      key: 'version',
      path: 'apps/backend/src/build-info.ts',
      from: 'return { version,',
      to: 'return { version: `${version}-edited`,',
    },
    {
      key: 'name',
      path: 'libs/config/src/schemas/app.schema.ts',
      from: "'trading-backend'",
      to: "'trading-backend-edited'",
    },
  ])('answers otherwise after an edit of $path', async ({ key, path, from, to }) => {
    const was = String((await health())[key]);
    const wait = (value: string) =>
      waitFor(async () => (await health())[key] === value, {
        timeoutMs: 90_000,
        message: `the ${key} ${value}`,
      });
    const before = await replace(path, from, to);
    try {
      await wait(`${was}-edited`);
    } finally {
      await writeFile(join(stack.folder, path), before);
    }
    await wait(was);
    await waitForServing();
  });

  test("writes the guide's three log files to ./logs as appuser", async () => {
    const folder = join(stack.folder, 'logs');
    expect((await readdir(folder)).toSorted()).toEqual(['backend.log', 'backend_startup.log', 'init.log']);
    for (const name of await readdir(folder)) {
      const { uid, size } = await stat(join(folder, name));
      expect({ name, uid, empty: size === 0 }).toEqual({ name, uid: 10_001, empty: false });
    }
  });

  test("has the operator's commands", async () => {
    for (const command of ['validate-config', 'check-db-status', 'healthcheck']) {
      const { code, stdout, stderr } = await stack.compose('exec', '-T', 'backend', command);
      expect({ command, code, stderr }).toEqual({ command, code: 0, stderr: '' });
      expect(stdout).not.toBe('');
    }
  });

  test('cannot change the source, nor anything else of its container', async () => {
    const { HostConfig } = await stack.inspect('backend');
    expect(HostConfig).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'], PidsLimit: 200 });
    for (const path of ['/app/apps/x', '/app/libs/x', '/app/x', '/app/node_modules/x'])
      await expect(stack.inside('backend', 'touch', path)).rejects.toThrow(/Read-only file system/);
  });
});

describe('stack:down', () => {
  test('ends the development stack with exit code 0 everywhere, and it starts again', async ({ engine }) => {
    await using watch = await watchEvents(engine, stack.project);
    await stack.must('down');
    expect(await exitCodesOf(watch)).toEqual(endedWell);
    await stack.must('dev');
    client = await clientOf(stack);
    await waitForServing();
  });
});
