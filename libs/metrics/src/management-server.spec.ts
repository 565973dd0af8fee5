import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ManagementAnswer, ManagementAnswers } from './management-answer.js';
import { createManagementServer } from './management-server.js';

const answer = (status: number, name: string): ManagementAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(`{"name":"${name}"}`),
});

const answers: ManagementAnswers = {
  livez: () => answer(200, 'livez'),
  readyz: () => Promise.resolve(answer(503, 'readyz')),
  startupz: () => {
    throw new Error('broken');
  },
};

interface Seen {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | null>>;
  readonly body: string;
}

async function ask(url: string, init?: RequestInit): Promise<Seen> {
  const response = await fetch(url, init);
  const names = ['content-type', 'cache-control', 'content-length', 'allow'];
  const headers = Object.fromEntries(names.map((name) => [name, response.headers.get(name)]));
  return { status: response.status, headers, body: await response.text() };
}

describe('createManagementServer', () => {
  const servers: Server[] = [];
  const start = async (given: ManagementAnswers, failed?: (error: unknown) => void): Promise<string> => {
    const server = createManagementServer({ answers: given, ...(failed && { failed }) });
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    return `http://127.0.0.1:${String(port)}`;
  };
  afterEach(() => servers.splice(0).forEach((server) => server.close().closeAllConnections()));

  const json = { 'content-type': 'application/json', 'cache-control': 'no-store', allow: null };
  const problem = { ...json, 'content-type': 'application/problem+json' };

  it.each<[string, string, RequestInit | undefined, Seen]>([
    [
      'a probe',
      '/livez',
      {},
      { status: 200, headers: { ...json, 'content-length': '16' }, body: '{"name":"livez"}' },
    ],
    [
      'a slash at the end',
      '/livez/?verbose',
      {},
      { status: 200, headers: { ...json, 'content-length': '16' }, body: '{"name":"livez"}' },
    ],
    [
      'HEAD without a body',
      '/readyz',
      { method: 'HEAD' },
      { status: 503, headers: { ...json, 'content-length': '17' }, body: '' },
    ],
    [
      'another method with 405',
      '/readyz',
      { method: 'POST' },
      {
        status: 405,
        headers: { ...problem, 'content-length': '193', allow: 'GET, HEAD' },
        body: JSON.stringify({
          type: 'about:blank',
          title: 'The path does not take this method',
          status: 405,
          detail: 'This path does not take POST. Use one of the methods in the Allow header.',
          code: 'method_not_allowed',
        }),
      },
    ],
    [
      '/metrics with 404 while there are none',
      '/metrics',
      {},
      {
        status: 404,
        headers: { ...problem, 'content-length': '191' },
        body: JSON.stringify({
          type: 'about:blank',
          title: 'There is nothing at this path',
          status: 404,
          detail: 'The management port has no such path. Look at the list of calls in the documentation.',
          code: 'not_found',
        }),
      },
    ],
  ])('answers %s', async (_, path, init, expected) => {
    expect(await ask(`${await start(answers)}${path}`, init)).toEqual(expected);
  });

  it('answers 500 and tells of the error when a function fails', async () => {
    const errors: unknown[] = [];
    const url = await start(answers, (error) => errors.push(error));
    expect([(await ask(`${url}/startupz`)).status, errors]).toEqual([500, [new Error('broken')]]);
  });

  it('gives the metrics in their own format', async () => {
    const metrics = () => Promise.resolve({ contentType: 'text/plain; version=0.0.4', body: 'up 1\n' });
    const { headers, body } = await ask(`${await start({ ...answers, metrics })}/metrics`);
    expect([headers['content-type'], body]).toEqual(['text/plain; version=0.0.4', 'up 1\n']);
  });
});
