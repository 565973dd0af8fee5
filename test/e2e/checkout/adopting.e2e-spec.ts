import { spawnSync } from 'node:child_process';
import { cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProcess, type TemporaryFolder, temporaryFolder, waitFor } from '@app/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Datastores, startDatastores } from '../../support/datastores.js';
import { root, secretKey } from '../../support/programs.js';

/** What a team that takes market data out leaves in its place. */
const emptyDomains: Readonly<Record<string, string>> = {
  'apps/backend/src/domain.ts': `
    import type { Schema } from '@app/postgres';
    import type { Type } from '@nestjs/common';
    export const domainModules: readonly Type[] = [];
    export const domainSchema: Schema = { entities: [], migrations: [] };`,
  'apps/cli/src/domain.ts': `
    import type { Schema } from '@app/postgres';
    export const domainSchema: Schema = { entities: [], migrations: [] };`,
  'apps/db-init/src/domain.ts': `
    import type { MigrationClass } from '@app/postgres';
    import type { DataSource } from 'typeorm';
    export const domainMigrations: readonly MigrationClass[] = [];
    export type Seed = (dataSource: DataSource) => Promise<readonly string[]>;
    export const readSeed = (_json: unknown): Seed => () => Promise.resolve([]);`,
};

describe('the base without market data', () => {
  let folder: TemporaryFolder;
  let datastores: Datastores;

  beforeAll(async () => {
    [folder, datastores] = await Promise.all([temporaryFolder(), startDatastores()]);
  });
  afterAll(async () => {
    await datastores[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  it('builds, prepares the database, starts and serves health', async () => {
    const copy = join(folder.path, 'base');
    await mkdir(copy);
    for (const part of [
      'apps',
      'libs',
      'package.json',
      'tsconfig.json',
      'nest-cli.json',
      '.env.development',
    ]) {
      await cp(join(root, part), join(copy, part), { recursive: true });
    }
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
    await rm(join(copy, 'libs/market-data'), { recursive: true });
    await rm(join(copy, 'apps/backend/src/market-data'), { recursive: true });
    for (const [path, text] of Object.entries(emptyDomains)) await writeFile(join(copy, path), text);

    const build = spawnSync(join(root, 'node_modules/.bin/nest'), ['build', '--all', '--silent'], {
      cwd: copy,
      encoding: 'utf8',
    });
    expect({ status: build.status, output: build.stdout + build.stderr }).toEqual({ status: 0, output: '' });

    const env = { ...datastores.env, NODE_ENV: 'development', SECRET_KEY: secretKey, LOG_FORMAT: 'json' };
    await using init = await runProcess(process.execPath, ['dist/apps/db-init/src/main.js'], {
      cwd: copy,
      env,
    });
    await expect(init.exited).resolves.toEqual({ code: 0, signal: null });

    await using backend = await runProcess(process.execPath, ['dist/apps/backend/src/main.js'], {
      cwd: copy,
      env: { ...env, PORT: '0', MANAGEMENT_PORT: '0' },
    });
    const [, url = ''] = await backend.waitForOutput(/"api":"([^"]+)"/);
    const readiness = await waitFor(async () => {
      const response = await fetch(`${url}/api/v1/health/readiness`);
      return response.status === 200 ? ((await response.json()) as object) : undefined;
    });
    expect(readiness).toMatchObject({ status: 'ok', phase: 'serving' });
    expect((await fetch(`${url}/api/v1/instruments`)).status).toBe(404);
    backend.kill('SIGTERM');
    await expect(backend.exited).resolves.toEqual({ code: 0, signal: null });
  });
});
