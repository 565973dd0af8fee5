import { waitFor } from '@app/testing';
import { HealthIndicatorService } from '@nestjs/terminus';
import { describe, expect, it } from 'vitest';
import { healthApplication } from './health-application.fixture.js';
import { HealthAnswers } from './health-answers.js';
import { datastoreEntries } from './health-entry.js';
import { HealthRegistry } from './health-registry.js';
import { MemoryCheckModule } from './registered-indicator.fixture.js';

describe('HealthModule', () => {
  it('answers readiness with what Terminus has made of the states', async () => {
    await using made = await healthApplication();
    const { ask, lifecycle, influxdb } = made;
    influxdb.behave('authentication');
    await waitFor(() => lifecycle.datastores.get('influxdb').status === 'down');
    const { influxdb: down, ...up } = datastoreEntries(lifecycle.datastores);
    const answer = await ask('/readiness');
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      {
        status: 'degraded',
        phase: 'serving',
        info: up,
        error: { influxdb: down },
        details: { ...up, influxdb: down },
      },
    ]);
    expect(answer.body).not.toMatch(/10\.0\.0\.1|pass|connect/);
  });

  it('answers 503 with Retry-After while a critical datastore is down, and 200 when it is back', async () => {
    await using made = await healthApplication();
    const { ask, postgres } = made;
    postgres.behave('hang');
    const down = await waitFor(async () => {
      const answer = await ask('/readiness');
      return answer.statusCode === 503 ? answer : undefined;
    });
    postgres.behave({});
    await waitFor(async () => (await ask('/readiness')).statusCode === 200);
    expect([down.headers['retry-after'], down.json<{ status: string }>().status]).toEqual(['1', 'error']);
  });

  it('is red in the very answer after draining began, and says what is up', async () => {
    await using made = await healthApplication();
    const { ask, lifecycle } = made;
    lifecycle.application.enter('draining', 'SIGTERM');
    const answer = await ask('/readiness');
    const up = { postgres: { status: 'up' }, redis: { status: 'up' }, influxdb: { status: 'up' } };
    expect([answer.statusCode, answer.json()]).toEqual([
      503,
      { status: 'shutting_down', phase: 'draining', info: up, error: {}, details: up },
    ]);
  });

  it('asks no datastore for a probe', async () => {
    await using made = await healthApplication({ env: { HEALTH_CHECK_INTERVAL: '60s' } });
    const { ask, app, postgres, redis, influxdb } = made;
    const pings = (): number[] => [postgres, redis, influxdb].map((datastore) => datastore.pings.length);
    const before = pings();
    for (let i = 0; i < 1_000; i += 1) await ask('/readiness');
    expect([app.get(HealthAnswers).readiness().status, pings()]).toEqual([200, before]);
  });

  it('runs an indicator that a module registers on the monitor’s clock', async () => {
    await using made = await healthApplication();
    const { ask, app } = made;
    const indicators = app.get(HealthIndicatorService, { strict: false });
    let healthy = false;
    let runs = 0;
    app.get(HealthRegistry).register('disk', () => {
      runs += 1;
      return healthy
        ? indicators.check('disk').up({ free: 5 })
        : indicators.check('disk').down('full: /data');
    });
    const bodyWhen = (wanted: string) =>
      waitFor(async () => {
        const { statusCode, body } = await ask('/readiness');
        const { details } = JSON.parse(body) as { details: { disk?: { status: string; reason?: string } } };
        const shown = `${details.disk?.status ?? ''} ${details.disk?.reason ?? ''}`;
        return shown === wanted ? { statusCode, body } : undefined;
      });
    const down = await bodyWhen('down unknown');
    healthy = true;
    const up = await bodyWhen('up ');
    const runsBefore = runs;
    await Promise.all(Array.from({ length: 100 }, () => ask('/readiness')));
    expect([down.statusCode, up.statusCode, down.body.includes('/data')]).toEqual([200, 200, false]);
    expect(runs - runsBefore).toBeLessThan(5);
  });

  it('shows a Terminus indicator that a module has registered in one line', async () => {
    await using made = await healthApplication({ modules: [MemoryCheckModule] });
    const { ask } = made;
    const body = await waitFor(async () => {
      const answer = await ask('/readiness');
      return answer.body.includes('"heap":{"status":"up"}') ? answer.json<{ status: string }>() : undefined;
    });
    expect(body.status).toBe('ok');
  });

  it('is not ready while a registered indicator that is critical is down', async () => {
    await using made = await healthApplication();
    const { ask, app } = made;
    app
      .get(HealthRegistry)
      .register('licence', () => Promise.reject(new Error('expired')), { critical: true });
    const answer = await waitFor(async () => {
      const { statusCode, body } = await ask('/readiness');
      return statusCode === 503 && body.includes('"licence":{"status":"down","reason":"unknown"')
        ? body
        : undefined;
    });
    expect(answer).not.toContain('expired');
  });

  it('goes on with the answers that were given before Nest was there', async () => {
    const given: HealthAnswers[] = [];
    await using made = await healthApplication({
      answers: (lifecycle) => {
        const early = new HealthAnswers(lifecycle, {
          name: 'early',
          version: '0',
          critical: [],
          intervalMs: 1_000,
        });
        given.push(early);
        return early;
      },
    });
    const { app, ask } = made;
    expect([app.get(HealthAnswers), (await ask('')).json<{ name: string }>().name]).toEqual([
      given[0],
      'early',
    ]);
  });

  it('checks no more once the application is closed', async () => {
    await using made = await healthApplication();
    const { app, postgres } = made;
    postgres.behave('hang');
    await waitFor(() => postgres.inFlight === 1);
    await app.close();
    await waitFor(() => postgres.inFlight === 0);
    const pings = postgres.pings.length;
    postgres.failWork();
    expect(postgres.pings.length).toBe(pings);
  });
});
