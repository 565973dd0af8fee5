import { waitFor } from '@app/testing';
import { freePort } from '@app/dev-services';
import { describe, expect, it } from 'vitest';
import { logOf } from '../../support/log.js';
import { probing } from '../../support/probe.js';
import { secretKey, startApp } from '../../support/programs.js';

describe('probes while the application is loaded', () => {
  it('are answered in between, from the beginning', async () => {
    const port = await freePort();
    const nowhere = `127.0.0.1:${String(await freePort())}`;
    await using backend = await startApp('backend', {
      SECRET_KEY: secretKey,
      PORT: String(port),
      MANAGEMENT_PORT: '0',
      DATABASE_URL: `postgres://u:p@${nowhere}/x`,
      REDIS_URL: `redis://${nowhere}`,
      INFLUXDB_URL: `http://${nowhere}`,
    });
    using liveness = probing(`http://127.0.0.1:${String(port)}/api/v1/health/liveness`, 200);
    const at = (text: string): number | undefined => {
      const line = logOf(backend).find(({ msg }) => msg.includes(text));
      return line && Date.parse(line.time);
    };
    const stands = await waitFor(() => at('wait_for_init waits for'));
    const listens = at('listening on') ?? stands;
    await waitFor(() => liveness.answers.length > 50);
    const answered = liveness.answers.map((answer) => performance.timeOrigin + answer.at + answer.tookMs);
    expect(new Set(liveness.answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(Math.min(...answered) - listens).toBeLessThan((stands - listens) / 2);
    expect(answered.filter((time) => time < stands).length).toBeGreaterThan(5);
  });
});
