import { createTokenService } from '@app/auth/nest';
import { developmentSecretKey } from '@app/config';
import { runProcess, temporaryFolder } from '@app/testing';
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const main = 'dist/apps/cli/src/main.js';
const secretKey = 'a key for tests, 0123456789 abcdefghij';
const sound = {
  DATABASE_URL: 'postgres://trader:hidden-1@db.example:5432/trading',
  REDIS_URL: 'redis://:hidden-2@cache.example:6379',
  INFLUXDB_URL: 'http://influx.example:8086',
  INFLUXDB_TOKEN: 'hidden-3',
  SECRET_KEY: secretKey,
};

async function cli(args: readonly string[], env: Record<string, string | undefined> = {}) {
  await using process = await runProcess('node', [main, ...args], { env: { NODE_ENV: 'test', ...env } });
  const { code } = await process.exited;
  return { code, stdout: process.stdout, stderr: process.stderr };
}

describe('the commands', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['no command', [], /Usage: cli/],
    ['an unknown command', ['import'], /unknown command 'import'/],
    ['an unknown option', ['token', '--scope', 'write', '--forever'], /unknown option '--forever'/],
    ['a missing option', ['token'], /required option '--scope <scope>' not specified/],
    ['a missing argument', ['import-ticks'], /missing required argument 'file'/],
    ['a wrong scope', ['token', '--scope', 'root'], /A scope is one of read, write, admin/],
    ['a wrong duration', ['token', '--scope', 'read', '--ttl', 'soon'], /A duration is 500ms/],
    ['a lifetime that is too long', ['token', '--scope', 'read', '--ttl', '721h'], /between 1 s and 30 days/],
    ['a batch that is too large', ['import-ticks', 'x.csv', '--batch', '10001'], /from 1 to 10000/],
    ['a wrong address', ['import-ticks', 'x.csv', '--url', 'localhost:8000'], /An address is like/],
    [
      'the same file twice',
      ['import-ticks', 'package.json', '--rejected', './package.json'],
      /written over the file itself/,
    ],
  ])('end with 64 for %s', async (_name, args, message) => {
    expect(await cli(args, sound)).toEqual({ code: 64, stdout: '', stderr: expect.stringMatching(message) });
  });

  it('show their help and end with 0', async () => {
    const all = await cli(['--help']);
    const one = await cli(['import-ticks', '--help']);
    expect([all.code, one.code, all.stderr, one.stderr]).toEqual([0, 0, '', '']);
    expect(all.stdout).toMatch(/validate-config[^]*check-db-status[^]*import-ticks[^]*token[^]*start/);
    expect(one.stdout).toContain('--from-line');
  });

  it('end with 1 when the file cannot be used', async () => {
    const missing = await cli(['import-ticks', '/nowhere/x.csv', '--token', 'x']);
    const other = await cli(['import-ticks', 'package.json', '--token', 'x']);
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('cannot be read (ENOENT)')]);
    expect([other.code, other.stderr]).toEqual([1, expect.stringContaining('The file is no CSV')]);
  });
});

describe('token', () => {
  it('prints only a token, signed with SECRET_KEY', async () => {
    const { code, stdout, stderr } = await cli(
      ['token', '--scope', 'write', '--ttl', '2h', '--sub', 'desk 1'],
      { SECRET_KEY: secretKey },
    );
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^[\w.-]+\n$/);
    const tokens = createTokenService({ secretKey, secretKeyPrevious: undefined }, 'trading-backend');
    const { sub, scopes, issuedAt, expiresAt } = tokens.verify(stdout.trim());
    expect({ sub, scopes, ttlMs: expiresAt - issuedAt }).toEqual({
      sub: 'desk 1',
      scopes: ['write'],
      ttlMs: 7_200_000,
    });
  });

  it('ends with 78 and names the variable when SECRET_KEY is weak', async () => {
    const { code, stdout, stderr } = await cli(['token', '--scope', 'read'], { SECRET_KEY: 'short-one' });
    expect([code, stdout]).toEqual([78, '']);
    expect(stderr).toContain('SECRET_KEY: is shorter than 32 characters');
    expect(stderr).not.toContain('short-one');
  });
});

describe('validate-config', () => {
  it('ends with 0 for a sound environment, and shows it without its secrets', async () => {
    const { code, stdout, stderr } = await cli(['validate-config'], { ...sound, NODE_ENV: 'production' });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/The configuration can work\.\n\nNODE_ENV +production\n/);
    expect(stdout).toMatch(/DATABASE_URL +postgres:\/\/db\.example:5432\/trading\n/);
    expect(stdout).toMatch(/INFLUXDB_TOKEN +set\n/);
    expect(stdout).toMatch(/SECRET_KEY +set\n/);
    expect(stdout).not.toMatch(/hidden|a key for tests/);
  });

  it('ends with 78 and names every mistake', async () => {
    const { code, stdout, stderr } = await cli(['validate-config'], {
      ...sound,
      PORT: '70000',
      LOG_LEVEL: 'loud',
      DB_POOLSIZE: '5',
    });
    expect([code, stderr]).toEqual([78, '']);
    expect(stdout).toMatch(/PORT: [^]*Did you mean DB_POOL_SIZE\?|Did you mean DB_POOL_SIZE\?[^]*PORT: /);
    expect(stdout).toContain('LOG_LEVEL: ');
    expect(stdout).toContain('The configuration cannot work: 3 mistakes.');
  });

  it('prints both results for programs', async () => {
    const good = await cli(['validate-config', '--json'], { ...sound, NODE_ENV: 'production' });
    const bad = await cli(['validate-config', '--json'], { ...sound, PORT: '70000' });
    expect([good.code, JSON.parse(good.stdout)]).toEqual([
      0,
      expect.objectContaining({ ok: true, mistakes: [], config: expect.objectContaining({ PORT: '8000' }) }),
    ]);
    expect([bad.code, JSON.parse(bad.stdout)]).toEqual([
      78,
      { ok: false, mistakes: [expect.objectContaining({ variable: 'PORT' })], warnings: expect.any(Array) },
    ]);
  });

  it('checks a file named .env.production by the rules of production', async () => {
    await using folder = await temporaryFolder();
    const file = `${folder.path}/.env.production`;
    await writeFile(file, `DEBUG=true\nSECRET_KEY=${developmentSecretKey}\n`);
    const { code, stdout } = await cli(['validate-config', '--env-file', file], {
      ...sound,
      SECRET_KEY: undefined,
      NODE_ENV: undefined,
    });
    expect(code).toBe(78);
    expect(stdout).toContain('DEBUG: ');
    expect(stdout).toContain('SECRET_KEY: ');
  });

  it('loads neither Nest nor the client of a datastore', async () => {
    const note = `import{registerHooks}from'node:module';registerHooks({load(url,context,next){console.error(url);return next(url,context)}})`;
    await using process = await runProcess(
      'node',
      ['--import', `data:text/javascript,${encodeURIComponent(note)}`, main, 'validate-config'],
      { env: { NODE_ENV: 'production', ...sound } },
    );
    expect((await process.exited).code).toBe(0);
    expect(process.stderr).toContain('/node_modules/joi/');
    expect(process.stderr).not.toMatch(/node_modules\/(@nestjs|typeorm|pg|ioredis|@influxdata|fastify)\//);
  });
});
