import { get, type IncomingMessage, type ServerResponse } from 'node:http';
import { serverLimits } from '@app/http';
import { waitFor } from '@app/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FrontDoor } from './front-door.js';
import { listen } from './listen.js';
import { finishRequests } from './unfinished-requests.js';

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A draining door with requests in flight, by their paths. */
async function drainingDoor(...paths: readonly string[]) {
  const held = new Map<string, ServerResponse>();
  const limits = serverLimits({ requestTimeoutMs: 5_000, keepAliveTimeoutMs: 5_000 });
  const door = new FrontDoor(limits, ({ url = '' }, response) => void held.set(url, response));
  const variables = { host: 'HOST', port: 'PORT' };
  const port = await listen(door.server, { host: '127.0.0.1', port: 0, variables });
  onTestFinished(() => {
    door.stopAccepting();
    door.closeConnections();
  });
  const answers = paths.map((path) => ask(port, path));
  await waitFor(() => held.size === paths.length);
  door.drain();
  return { door, held, answers };
}

function ask(port: number, path: string): Promise<Answer | 'cut'> {
  const headers = { 'x-request-id': `id-of${path.replaceAll(/[/?=]/g, '-')}` };
  return new Promise((resolve) => {
    get({ port, host: '127.0.0.1', path, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
      response.on('error', () => resolve('cut'));
    }).on('error', () => resolve('cut'));
  });
}

describe('finishRequests', () => {
  it('leaves requests that are finished in time to their handlers', async () => {
    const { door, held, answers } = await drainingDoor('/a');
    const finished = finishRequests(door, AbortSignal.timeout(5_000));
    held.get('/a')?.end('its own');
    await finished;
    expect(await Promise.all(answers)).toMatchObject([{ status: 200, body: 'its own' }]);
  });

  it('answers those that are not with 503 when the signal aborts, and names them', async () => {
    const { door, held, answers } = await drainingDoor('/a?b=c', '/d');
    held.get('/d')?.setHeader('x-request-id', 'id-of-the-application');
    const finished = finishRequests(door, AbortSignal.timeout(20));
    await expect(finished).rejects.toMatchObject({
      detail: '2 requests were not finished in time and have been answered with 503.',
      requests: ['GET /a', 'GET /d'],
    });
    const [first, second] = await Promise.all(answers);
    expect(first).toMatchObject({
      status: 503,
      headers: {
        'content-type': 'application/problem+json',
        'cache-control': 'no-store',
        'retry-after': '2',
        'x-request-id': 'id-of-a-b-c',
        connection: 'close',
      },
    });
    const body = (answer: Answer | 'cut' | undefined): unknown =>
      typeof answer === 'object' ? JSON.parse(answer.body) : answer;
    expect(body(first)).toMatchObject({
      status: 503,
      code: 'not_serving',
      instance: '/a',
      requestId: 'id-of-a-b-c',
      detail: expect.stringMatching(/^The service is ending and could not finish this request in time; /),
    });
    expect(body(second)).toMatchObject({ instance: '/d', requestId: 'id-of-the-application' });
  });

  it('puts nothing into an answer that has begun', async () => {
    const { door, held, answers } = await drainingDoor('/stream', '/a');
    held.get('/stream')?.write('begun, ');
    const finished = finishRequests(door, AbortSignal.timeout(20));
    const [, other] = answers;
    expect(await other).toMatchObject({ status: 503 });
    held.get('/stream')?.end('ended');
    await expect(finished).rejects.toMatchObject({ requests: ['GET /a'] });
    expect(await answers[0]).toMatchObject({ status: 200, body: 'begun, ended' });
  });
});
