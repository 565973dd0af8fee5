import { TokenService } from '@app/auth/nest';
import { configureHttp, createFastifyAdapter } from '@app/http/nest';
import { silentLogger } from '@app/logging';
import { describe, expect, it } from 'vitest';
import { healthApplication, type HealthApplicationOptions } from './health-application.fixture.js';

/** The server as the service has it. */
const served: HealthApplicationOptions = {
  adapter: createFastifyAdapter,
  configure: (app, config, lifecycle) => configureHttp(app, { config, lifecycle, logger: silentLogger() }),
};

describe('HealthRoutes', () => {
  it.each(['', '/liveness', '/readiness', '/startup', '/detailed'])(
    'answers "%s" with and without a slash, to GET and HEAD, and to nothing else',
    async (path) => {
      await using made = await healthApplication(served);
      const { ask } = made;
      const answers = await Promise.all([
        ask(path),
        ask(`${path}/`),
        ask(path, { method: 'HEAD' }),
        ask(path, { method: 'POST' }),
      ]);
      const code = path === '/startup' ? 503 : 200;
      const [get, , head, post] = answers;
      expect(answers.map((answer) => [answer.statusCode, answer.headers['cache-control']])).toEqual([
        [code, 'no-store'],
        [code, 'no-store'],
        [code, 'no-store'],
        [405, 'no-store'],
      ]);
      expect([get.headers['content-type'], head.body, post.headers['allow']]).toEqual([
        'application/json; charset=utf-8',
        '',
        'GET, HEAD',
      ]);
    },
  );

  it('shows detailed only to the authorized where HEALTH_DETAILS says so', async () => {
    await using made = await healthApplication({ ...served, env: { HEALTH_DETAILS: 'authorized' } });
    const { ask, app } = made;
    const token = app.get(TokenService).sign({ sub: 'ops', scopes: ['read'], ttlMs: 60_000 });
    const answers = [
      await ask('/detailed'),
      await ask('/detailed', { headers: { authorization: 'Bearer nonsense' } }),
      await ask('/detailed', { headers: { authorization: `Bearer ${token}` } }),
      await ask('/readiness'),
    ];
    const [without, wrong] = answers.map((answer) => answer.json<{ code?: string }>());
    expect([answers.map((answer) => answer.statusCode), without?.code, wrong?.code]).toEqual([
      [401, 401, 200, 200],
      'unauthenticated',
      'unauthenticated',
    ]);
    expect(answers[0]?.headers['content-type']).toBe('application/problem+json');
  });
});
