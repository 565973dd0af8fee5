import { describe, expect, it } from 'vitest';
import { checkFile, packagesLoadedBy } from './import-rules.ts';
import { root, sourceFiles } from './sources.ts';

describe('the import rules', () => {
  it.each([
    ['libs/health/src/a.ts', "import { x } from '@app/errors';", []],
    ['libs/errors/src/a.ts', "import { x } from '@app/health';", ['errors may not import health']],
    ['libs/redis/src/a.ts', "import { x } from '@app/postgres';", ['redis may not import postgres']],
    ['libs/redis/src/a.spec.ts', "import { x } from '@app/dev-services';", []],
    ['libs/dev-services/src/a.ts', "import { x } from '@app/redis';", []],
    [
      'apps/backend/src/main.ts',
      "import { x } from '@app/dev-services';",
      ['backend may not import dev-services, which is for development and tests'],
    ],
    [
      'libs/redis/src/a.ts',
      "import { x } from '../../errors/src/index.js';",
      ['"../../errors/src/index.js" leaves redis: import it through its door @app/<lib>'],
    ],
    [
      'libs/redis/src/a.ts',
      "export { x } from '@app/errors/src/app-error.js';",
      ['"@app/errors/src/app-error.js" is no door: only @app/<lib> and @app/<lib>/nest are'],
    ],
    [
      'apps/cli/src/a.ts',
      "const x = await import('@app/errors');",
      ['import("@app/errors") is not rewritten by the build: import a file of your own dynamically'],
    ],
    ['libs/redis/src/index.ts', "export * from './a.js';", ['a door names what it exports']],
    ['libs/redis/src/a.ts', 'const x = process.env.A;', ['only libs/config reads process.env']],
    ['libs/redis/src/a.ts', 'process.exit(1);', ['only a main.ts calls process.exit']],
    ['apps/cli/src/main.ts', 'process.exit(1);', []],
  ])('read %s: %s', (path, text, rules) => {
    expect(checkFile({ path, text }).map((violation) => violation.rule)).toEqual(rules);
  });

  it('hold for every file', () => {
    expect(sourceFiles().flatMap((file) => checkFile(file))).toEqual([]);
  });
});

describe('what a program loads before it does anything', () => {
  const heavy = /^(@nestjs\/|typeorm$|pg$|ioredis$|@influxdata\/|joi$|fastify$|prom-client$)/;

  it.each([
    'apps/backend/src/main.ts',
    'apps/backend/src/run.ts',
    'libs/workers/src/supervisor/supervise.ts',
    'apps/cli/src/main.ts',
    'apps/cli/src/operator/main.ts',
    'apps/cli/src/healthcheck.command.ts',
    'apps/cli/src/validate-config.command.ts',
  ])('is neither Nest nor a datastore client in %s', (entry) => {
    expect([...packagesLoadedBy(entry, root)].filter((name) => heavy.test(name))).toEqual([]);
  });
});
