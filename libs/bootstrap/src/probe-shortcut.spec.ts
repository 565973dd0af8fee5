import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HealthAnswers } from '@app/health';
import { securityHeaders } from '@app/http';
import { Lifecycle } from '@app/lifecycle';
import { silentLogger } from '@app/logging';
import { describe, expect, it, onTestFinished } from 'vitest';
import { probeShortcut } from './probe-shortcut.js';

/** The shortcut on a server of its own, which answers with 404 what the shortcut leaves. */
async function serve(
  logger = silentLogger(),
): Promise<(path: string, init?: RequestInit) => Promise<Response>> {
  const lifecycle = new Lifecycle([]);
  const options = { name: 'service', version: '1.2.3', critical: [], intervalMs: 4_000, uptime: () => 7 };
  const shortcut = probeShortcut(new HealthAnswers(lifecycle, options), logger);
  const server = createServer((request, response) => {
    if (!shortcut(request, response)) response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  return (path, init) => fetch(`http://127.0.0.1:${String(port)}${path}`, init);
}

const statusesOf = (answers: readonly Promise<Response>[]): Promise<number[]> =>
  Promise.all(answers.map(async (answer) => (await answer).status));

describe('probeShortcut', () => {
  it('answers whole, with the headers of every answer and the id that the request came with', async () => {
    const ask = await serve();
    const answer = await ask('/api/v1/health/readiness', { headers: { 'x-request-id': 'probe-1' } });
    const { date: _, connection: __, 'keep-alive': ___, ...headers } = Object.fromEntries(answer.headers);
    const body = await answer.text();
    expect([answer.status, headers, JSON.parse(body)]).toEqual([
      503,
      {
        ...securityHeaders,
        'x-request-id': 'probe-1',
        'content-type': 'application/json; charset=utf-8',
        'content-length': String(body.length),
        'cache-control': 'no-store',
        'retry-after': '4',
      },
      { status: 'error', phase: 'starting', info: {}, error: {}, details: {} },
    ]);
  });

  it('makes no id for a request that has none', async () => {
    const ask = await serve();
    expect((await ask('/api/v1/health/readiness')).headers.has('x-request-id')).toBe(false);
  });

  it('answers the public paths, with and without a slash', async () => {
    const ask = await serve();
    const paths = ['', '/liveness', '/readiness', '/startup'].flatMap((path) => [path, `${path}/`]);
    const answers = paths.map((path) => ask(`/api/v1/health${path}`));
    await expect(statusesOf(answers)).resolves.toEqual([200, 200, 200, 200, 503, 503, 503, 503]);
  });

  it('leaves the rest to the application: other paths, methods and origins', async () => {
    const ask = await serve();
    const answers = [
      ask('/api/v1/health/detailed'),
      ask('/api/v1/health/%72eadiness'),
      ask('/api/v1/quotes/EUR-USD'),
      ask('/api/v1/health', { method: 'HEAD' }),
      ask('/api/v1/health', { method: 'POST' }),
      ask('/api/v1/health', { headers: { origin: 'https://app.example.com' } }),
    ];
    await expect(statusesOf(answers)).resolves.toEqual(answers.map(() => 404));
  });

  it('leaves everything to it at the level trace, at which it logs probes', async () => {
    const logger = silentLogger();
    logger.level = 'trace';
    const ask = await serve(logger);
    expect((await ask('/api/v1/health')).status).toBe(404);
  });
});
