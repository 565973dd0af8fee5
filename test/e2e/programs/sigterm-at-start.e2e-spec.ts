import { join } from 'node:path';
import { freePort } from '@app/dev-services';
import { temporaryFolder, waitFor } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type Backend, startBackend } from '../../support/backend.js';
import { type Datastores, startDatastores } from '../../support/datastores.js';
import { endOf } from '../../support/end-of.js';
import { type Environment, runApp, secretKey, startApp } from '../../support/programs.js';

let datastores: Datastores;
beforeAll(async () => {
  datastores = await startDatastores();
  await runApp('db-init', datastores.env);
});
afterAll(() => datastores[Symbol.asyncDispose]());

const start = (env: Readonly<Record<string, string>> = {}): Promise<Backend> =>
  startBackend({ ...datastores.env, ...env });

const env = (): Environment => ({
  ...datastores.env,
  SECRET_KEY: secretKey,
  PORT: '0',
  MANAGEMENT_PORT: '0',
});

describe('SIGTERM during the start', () => {
  const soonMs = 2_000;

  it('ends it at once while an application is loaded', async () => {
    await using backend = await start();
    const { code, tookMs } = await endOf(backend.process);
    expect([code, tookMs < soonMs]).toEqual([0, true]);
    expect(backend.process.stdout).not.toContain('"to":"serving"');
  });

  it.each<[string, string, () => Promise<Environment>]>([
    ['the status file is waited for', 'the init status file', () => withoutStatusFile()],
    [
      'migrations are waited for',
      'postgres (refused)',
      async () => ({ DATABASE_URL: await nowhere('postgres') }),
    ],
    ['Redis is waited for', 'redis (refused)', async () => ({ REDIS_URL: await nowhere('redis') })],
  ])('ends it at once while %s', async (_, what, environment) => {
    await using backend = await startBackend({ ...datastores.env, ...(await environment()) });
    await waitFor(async () => JSON.stringify((await backend.get('/health/startup')).body).includes(what));
    const { code, tookMs } = await endOf(backend.process);
    expect([code, tookMs < soonMs]).toEqual([0, true]);
  });

  it('ends it at once while a datastore hangs', async () => {
    datastores.postgres.signal('SIGSTOP');
    onTestFinished(() => datastores.postgres.signal('SIGCONT'));
    await using backend = await start({ HEALTH_CHECK_TIMEOUT: '500ms' });
    await waitFor(async () =>
      JSON.stringify((await backend.get('/health/startup')).body).includes('postgres ('),
    );
    const { code, tookMs } = await endOf(backend.process);
    expect([code, tookMs < soonMs]).toEqual([0, true]);
  });

  it('ends it with 0 from the first file on that the service loads', async () => {
    const signal = `import { registerHooks } from 'node:module';
      registerHooks({ load(url, context, next) {
        if (/\\/run(-[\\w-]+)?\\.js$/.test(url)) process.kill(process.pid, 'SIGTERM');
        return next(url, context);
      } });`;
    await using backend = await startApp('backend', {
      ...env(),
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(signal)}`,
    });
    const { code } = await backend.exited;
    expect(code).toBe(0);
    expect(backend.stdout).not.toContain('"to":"serving"');
  });

  it('ends it at once while Node itself still boots, though as a program that heeds no signal', async () => {
    await using backend = await startApp('backend', env());
    const { code, tookMs } = await endOf(backend);
    expect([code, tookMs < soonMs]).toEqual(['SIGTERM', true]);
  });

  async function withoutStatusFile(): Promise<Environment> {
    const folder = await temporaryFolder();
    onTestFinished(() => folder[Symbol.asyncDispose]());
    return { INIT_WAIT: 'file', INIT_STATUS_FILE: join(folder.path, 'status.json') };
  }

  async function nowhere(scheme: string): Promise<string> {
    return `${scheme}://127.0.0.1:${String(await freePort())}`;
  }
});
