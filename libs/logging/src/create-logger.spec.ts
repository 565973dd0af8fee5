import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { LoggingConfig } from '@app/config';
import { coreErrors, DatastoreError, AppError } from '@app/errors';
import { temporaryFolder } from '@app/testing';
import { describe, expect, it } from 'vitest';
import { createLogger, type LoggingOptions } from './create-logger.js';
import { runWithRequestId } from './request-context.js';

type Line = Record<string, unknown>;

const json: LoggingConfig = { level: 'info', format: 'json', dir: undefined, file: undefined };

async function captured(options: Partial<LoggingOptions> = {}) {
  const written: string[] = [];
  const destination = { write: (line: string) => void written.push(line) };
  const logging = await createLogger({ config: json, name: 'test-service', destination, ...options });
  return { ...logging, written, lines: () => written.map((line) => JSON.parse(line) as Line) };
}

const read = (path: string): Line[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

const messages = (path: string): unknown[] => read(path).map((line) => line['msg']);

describe('createLogger', () => {
  it('writes one JSON line with time, level, service and process', async () => {
    const { logger, lines } = await captured();
    logger.warn({ a: 1 }, 'hello');
    const time: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(lines()).toEqual([
      { level: 'warn', time, service: 'test-service', pid: process.pid, a: 1, msg: 'hello' },
    ]);
  });

  it('keeps back what is below the level', async () => {
    const { logger, lines } = await captured({ config: { ...json, level: 'error' } });
    logger.warn('not this');
    logger.fatal('this');
    expect(lines().map((line) => [line['level'], line['msg']])).toEqual([['fatal', 'this']]);
  });

  it('writes for people where the format is pretty', async () => {
    const { logger, written } = await captured({ config: { ...json, format: 'pretty' } });
    logger.info('hello');
    expect(written.join('')).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: hello\n$/);
  });

  it('names the request in every line that is written for it', async () => {
    const { logger, lines } = await captured();
    await runWithRequestId('r-1', async () => {
      await Promise.resolve();
      logger.info('within');
    });
    logger.info('without');
    expect(lines().map((line) => [line['msg'], line['requestId']])).toEqual([
      ['within', 'r-1'],
      ['without', undefined],
    ]);
  });

  it('writes the whole chain of causes of an error with their codes', async () => {
    const { logger, lines } = await captured();
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    logger.error(new DatastoreError('postgres', 'refused', new AggregateError([refused], 'all failed')));
    const stack: unknown = expect.any(String);
    expect(lines()[0]?.['err']).toEqual({
      type: 'DatastoreError',
      message:
        'The datastore postgres does not work (refused). Send the request again after the time in Retry-After.',
      code: 'datastore_unavailable',
      detail: 'The datastore postgres does not work (refused).',
      data: { datastore: 'postgres', reason: 'refused' },
      stack,
      cause: {
        type: 'AggregateError',
        message: 'all failed',
        stack,
        errors: [{ type: 'Error', message: 'connect ECONNREFUSED', code: 'ECONNREFUSED', stack }],
      },
    });
  });

  it('hides secrets wherever they stand', async () => {
    const secret = 'S3cret/"value with + and more';
    const { logger, written, redact } = await captured({ secrets: [secret] });
    redact(['another-Secret-1']);
    logger.info(
      {
        req: {
          headers: {
            authorization: 'Bearer abcdefgh12345678',
            cookie: 'session=1',
            'set-cookie': ['x=1', 'y=1'],
          },
        },
        password: 'pass-1',
        config: {
          security: { secretKey: 'key-1', secretKeyPrevious: 'key-2', deep: { dbPassword: 'pass-"5' } },
          token: 'tok-1',
        },
        url: 'postgres://user:pass-2@pass-6@db:5432/trading',
      },
      `secret ${secret} ${encodeURIComponent(secret)} another-Secret-1`,
    );
    logger.error(
      new AppError(coreErrors.internal_error, 'It failed.', {
        cause: new Error('redis://:pass-3@cache said no to Basic dXNlcjpwYXNzLTQ='),
      }),
    );
    const text = written.join('');
    expect(text).not.toMatch(
      /pass-\d|S3cret|another-Secret|abcdefgh1234|session=1|x=1|key-\d|tok-1|dXNlcjpwYXNz/,
    );
    expect(text).toContain('postgres://user:[redacted]@db:5432/trading');
    expect(text).toContain('redis://:[redacted]@cache said no to Basic [redacted]');
  });

  it('makes the folder and puts the start into a file of its own', async () => {
    await using folder = await temporaryFolder();
    const dir = join(folder.path, 'new', 'logs');
    const config = { ...json, dir, file: join(dir, 'backend.log') };
    const { logger, startupLogger, lines, close } = await captured({ config, files: 'application' });
    startupLogger.info('starting');
    logger.info('serving');
    close();
    expect(messages(join(dir, 'backend_startup.log'))).toEqual(['starting']);
    expect(messages(join(dir, 'backend.log'))).toEqual(['starting', 'serving']);
    expect(read(join(dir, 'backend.log'))).toEqual(lines());
  });

  it('writes init.log for the init job', async () => {
    await using folder = await temporaryFolder();
    const config = { ...json, dir: folder.path };
    const { startupLogger, logger, close } = await captured({ config, files: 'init' });
    startupLogger.info('one');
    logger.info('two');
    close();
    expect(messages(join(folder.path, 'init.log'))).toEqual(['one', 'two']);
  });

  it('warns once and goes on where a file cannot be written', async () => {
    await using folder = await temporaryFolder();
    const blocked = join(folder.path, 'not-a-folder');
    writeFileSync(blocked, '');
    const config = { ...json, file: join(blocked, 'backend.log') };
    const { logger, lines } = await captured({ config, files: 'application' });
    logger.info('one');
    logger.info('two');
    expect(lines().map((line) => [line['level'], line['msg']])).toEqual([
      ['warn', `The log cannot be written to ${blocked}/backend.log; it goes on without.`],
      ['info', 'one'],
      ['info', 'two'],
    ]);
  });

  it('warns once of a folder that none of its files can be written to', async () => {
    await using folder = await temporaryFolder();
    const dir = join(folder.path, 'not-a-folder');
    writeFileSync(dir, '');
    const config = { ...json, dir, file: join(dir, 'backend.log') };
    const { startupLogger, lines } = await captured({ config, files: 'application' });
    startupLogger.info('one');
    expect(lines().map((line) => line['msg'])).toEqual([
      `The log cannot be written to ${dir}/backend.log; it goes on without.`,
      'one',
    ]);
  });

  it('warns of each file where the reasons differ', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'backend.log');
    mkdirSync(file);
    symlinkSync('/dev/full', join(folder.path, 'backend_startup.log'));
    const config = { ...json, dir: folder.path, file };
    const { startupLogger, lines, close } = await captured({ config, files: 'application' });
    startupLogger.info('one');
    close();
    expect(lines().filter((line) => line['level'] === 'warn')).toHaveLength(2);
  });

  it('warns once and goes on where the disk is full', async () => {
    const config = { ...json, file: '/dev/full' };
    const { logger, lines, close } = await captured({ config, files: 'application' });
    logger.info('one');
    logger.info('two');
    close();
    expect(lines().map((line) => line['msg'])).toEqual([
      'one',
      'The log cannot be written to /dev/full; it goes on without.',
      'two',
    ]);
  });

  it('writes to the new file after a rotation when it is told to reopen', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'backend.log');
    const { logger, reopen, close } = await captured({ config: { ...json, file }, files: 'application' });
    logger.info('before');
    renameSync(file, `${file}.1`);
    reopen();
    logger.info('after');
    close();
    expect([messages(`${file}.1`), messages(file)]).toEqual([['before'], ['after']]);
  });

  it('writes again, and says how much is missing, once the way is free', async () => {
    await using folder = await temporaryFolder();
    const dir = join(folder.path, 'logs');
    writeFileSync(dir, '');
    const file = join(dir, 'backend.log');
    const { logger, reopen, close } = await captured({ config: { ...json, file }, files: 'application' });
    logger.info('lost');
    rmSync(dir);
    mkdirSync(dir);
    appendFileSync(file, '{"msg":"older"}\n');
    reopen();
    logger.info('kept');
    close();
    expect(messages(file)).toEqual([
      'older',
      'kept',
      `The log is written to ${file} again; lines missing: 2.`,
    ]);
  });
});
