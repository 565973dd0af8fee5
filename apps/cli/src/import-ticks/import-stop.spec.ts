import { writeFile } from 'node:fs/promises';
import { waitFor } from '@app/testing';
import { describe, expect, it } from 'vitest';
import { header, rowAt, tickAt, ImportScene } from './import-scene.fixture.js';
import { type Reply, StandInApi } from './stand-in-api.fixture.js';

describe('a signal to import-ticks', () => {
  const scene = new ImportScene();

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'stops after the batch in flight on %s, and goes on later',
    async (signal) => {
      const arrived = Promise.withResolvers<void>();
      const answer = Promise.withResolvers<Reply>();
      await using api = await StandInApi.start((_request, count) => {
        if (count !== 2) return {};
        arrived.resolve();
        return answer.promise;
      });
      await writeFile(scene.file, [header, ...[1, 2, 3, 4, 5].map(rowAt)].join('\n'));
      await using process = await scene.start(api.port, '--batch', '2');
      await arrived.promise;
      process.kill(signal);
      await process.waitForOutput(/Stopping after the batch in flight/);
      answer.resolve({});

      expect((await process.exited).code).toBe(0);
      expect(process.stdout).toContain('4 rows in');
      expect(process.stdout).toContain('Go on with: --from-line 6');

      await using rest = await scene.start(api.port, '--from-line', '6');
      expect((await rest.exited).code).toBe(0);
      expect(api.received).toEqual([1, 2, 3, 4, 5].map(tickAt));
    },
  );

  it('ends it at once while it waits', async () => {
    await using api = await StandInApi.start(() => ({ status: 503, headers: { 'retry-after': '200' } }));
    await writeFile(scene.file, [header, rowAt(1)].join('\n'));
    await using process = await scene.start(api.port);
    await process.waitForOutput(/Trying again in 200.0 s/);
    process.kill('SIGINT');
    expect((await process.exited).code).toBe(0);
    expect(process.stdout).toContain('Go on with: --from-line 2');
  });

  it('ends it by force with 75 when it comes again a second later', async () => {
    await using api = await StandInApi.start(() => new Promise<never>(() => undefined));
    await writeFile(scene.file, [header, rowAt(1)].join('\n'));
    await using process = await scene.start(api.port);
    await waitFor(() => api.requests.length > 0);
    const again = setInterval(() => process.kill('SIGINT'), 100);
    const { code } = await process.exited;
    clearInterval(again);
    expect(code).toBe(75);
    expect(process.stdout).toContain('Go on with: --from-line 2');
  });
});
