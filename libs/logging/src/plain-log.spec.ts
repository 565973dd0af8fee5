import { describe, expect, it } from 'vitest';
import { AppError, coreErrors } from '@app/errors';
import type { LoggingConfig } from '@app/config';
import { createLogger } from './create-logger.js';
import { createPlainLog } from './plain-log.js';

const config: LoggingConfig = { level: 'info', format: 'json', dir: undefined, file: undefined };

/** The lines, without the time and what only the place in the program decides. */
function lines(): { readonly destination: { write(line: string): void }; read(): unknown[] } {
  const written: string[] = [];
  return {
    destination: { write: (line) => void written.push(line) },
    read: () =>
      written.map((line) => {
        expect(line).toMatch(
          /^\{"level":"\w+","time":"\d{4}-\d\d-\d\dT[\d:.]+Z","service":"here","pid":\d+.*\}\n$/,
        );
        return { ...(JSON.parse(line) as object), time: 0 };
      }),
  };
}

describe('createPlainLog', () => {
  it('writes the lines that createLogger writes', async () => {
    const err = new AppError(coreErrors.internal_error, 'It broke.', { cause: new Error('inside') });
    const plain = lines();
    const full = lines();
    const log = await createPlainLog({ config, name: 'here', destination: plain.destination });
    const { logger } = await createLogger({ config, name: 'here', destination: full.destination });
    log.line('debug', {}, 'not logged');
    logger.debug({}, 'not logged');
    log.line('info', { worker: 2, nothing: null }, 'an "info"');
    logger.info({ worker: 2, nothing: null }, 'an "info"');
    log.startupLine('fatal', { err }, 'the end');
    logger.fatal({ err }, 'the end');
    expect(plain.read()).toEqual(full.read());
  });

  it('hides what looks like a secret', async () => {
    const written = lines();
    const log = await createPlainLog({ config, name: 'here', destination: written.destination });
    log.line('warn', { url: 'redis://user:hidden@host' }, 'a line');
    expect(JSON.stringify(written.read())).not.toContain('hidden');
  });
});
