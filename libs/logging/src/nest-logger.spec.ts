import { describe, expect, it } from 'vitest';
import { createLogger } from './create-logger.js';
import { NestLogger } from './nest-logger.js';

async function linesOf(write: (logger: NestLogger) => void): Promise<unknown[]> {
  const lines: Record<string, unknown>[] = [];
  const { logger } = await createLogger({
    config: { level: 'trace', format: 'json', dir: undefined, file: undefined },
    name: 'test',
    destination: { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  });
  write(new NestLogger(logger));
  const common = new Set(['time', 'pid', 'service']);
  return lines.map((line) => Object.fromEntries(Object.entries(line).filter(([key]) => !common.has(key))));
}

describe('NestLogger', () => {
  it.each<[string, (logger: NestLogger) => void, unknown]>([
    [
      'an announcement of the framework',
      (logger) => logger.log('AppModule dependencies initialized', 'InstanceLoader'),
      { level: 'trace', context: 'InstanceLoader', msg: 'AppModule dependencies initialized' },
    ],
    [
      'a line of a service',
      (logger) => logger.log('imported', 'ImportService'),
      { level: 'info', context: 'ImportService', msg: 'imported' },
    ],
    ['a warning without context', (logger) => logger.warn('careful'), { level: 'warn', msg: 'careful' }],
    [
      'an error with its stack',
      (logger) => logger.error('failed', 'Error: failed\n    at here', 'Service'),
      { level: 'error', context: 'Service', stack: 'Error: failed\n    at here', msg: 'failed' },
    ],
    [
      'an error as the message',
      (logger) => logger.error(new RangeError('out'), 'Service'),
      {
        level: 'error',
        context: 'Service',
        err: { type: 'RangeError', message: 'out', stack: expect.any(String) as unknown },
        msg: 'out',
      },
    ],
    ['an object', (logger) => logger.verbose({ a: 1 }), { level: 'trace', data: { a: 1 } }],
    ['the end', (logger) => logger.fatal('over', 'Main'), { level: 'fatal', context: 'Main', msg: 'over' }],
  ])('writes %s', async (_, write, line) => {
    expect(await linesOf(write)).toEqual([line]);
  });
});
