import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { createLogger } from '@app/logging';
import { waitFor } from '@app/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { bearer, startTestApi, type TestApi, type TestApiOptions } from './http.fixture.js';

let api: TestApi | undefined;
afterEach(() => api?.app.close());

/** A request whose body never comes whole. */
const incomplete =
  'POST /api/v1/echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{';

async function listen(options: TestApiOptions = {}): Promise<number> {
  api = await startTestApi(options);
  await api.app.listen(0, '127.0.0.1');
  const { port } = api.app.getHttpServer().address() as AddressInfo;
  return port;
}

async function send(port: number, bytes: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(bytes);
  return socket;
}

function parsed(answer: string): { statusLine: string; headers: string; body: unknown } {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const [statusLine = '', ...headers] = head.split('\r\n');
  return { statusLine, headers: headers.join('\n'), body: JSON.parse(body) as unknown };
}

describe('a connection', () => {
  it.each([
    ['what is not HTTP', 'hello\r\n\r\n', 'This is not an HTTP/1.1 request.'],
    [
      'headers that are too long',
      `GET / HTTP/1.1\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`,
      'The headers are too long.',
    ],
  ])('gets a problem for %s', async (_name, bytes, detail) => {
    const socket = await send(await listen(), bytes);
    const answer = parsed(await text(socket));
    expect(answer.statusLine).toBe('HTTP/1.1 400 Bad Request');
    expect(answer.headers).toContain('content-type: application/problem+json\n');
    expect(answer.body).toMatchObject({
      code: 'malformed_request',
      status: 400,
      detail: expect.stringContaining(detail),
    });
  });

  it('gets a problem when the request does not arrive in time', async () => {
    const port = await listen({ app: { requestTimeoutMs: 200 } });
    const socket = await send(port, incomplete);
    const answer = parsed(await text(socket));
    expect(answer.statusLine).toBe('HTTP/1.1 408 Request Timeout');
    expect(answer.body).toMatchObject({ code: 'request_timeout', status: 408 });
  });

  it('is cut when an answer fails halfway', async () => {
    const socket = await send(await listen(), 'GET /api/v1/broken-off HTTP/1.1\r\nhost: x\r\n\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nhalf$/);
  });
});

describe('the log', () => {
  async function logged(level: 'trace' | 'info', work: (port: number) => Promise<unknown>, lines: number) {
    const output: Record<string, unknown>[] = [];
    const logging = await createLogger({
      config: { level, format: 'json', dir: undefined, file: undefined },
      name: 'test',
      destination: { write: (line) => output.push(JSON.parse(line) as Record<string, unknown>) },
    });
    await work(await listen({ logger: logging.logger }));
    await waitFor(() => output.length >= lines);
    return output;
  }

  it('has a line for each request, without its query', async () => {
    const [line] = await logged(
      'info',
      (port) =>
        fetch(`http://127.0.0.1:${String(port)}/api/v1/things/a?key=secret`, {
          headers: { 'x-request-id': 'id-7', authorization: 'Bearer secret' },
        }),
      1,
    );
    expect(line).toMatchObject({
      level: 'info',
      msg: 'GET /api/v1/things/:name 200',
      requestId: 'id-7',
      method: 'GET',
      route: '/api/v1/things/:name',
      path: '/api/v1/things/a',
      status: 200,
      durationMs: expect.any(Number),
    });
    expect(JSON.stringify(line)).not.toContain('secret');
  });

  it('names who sent a request with a token', async () => {
    const [line] = await logged(
      'info',
      (port) =>
        fetch(`http://127.0.0.1:${String(port)}/api/v1/things`, {
          method: 'POST',
          body: '{}',
          headers: { 'content-type': 'application/json', authorization: bearer('write') },
        }),
      1,
    );
    expect(line).toMatchObject({ status: 201, sub: 'tester' });
  });

  it('shows probes at the level trace only', async () => {
    const probe = (port: number): Promise<unknown> =>
      fetch(`http://127.0.0.1:${String(port)}/api/v1/health/readiness`);
    const [line] = await logged('trace', probe, 1);
    expect(line).toMatchObject({ level: 'trace', route: '/api/v1/health/readiness' });
  });

  it('has the stack of an unexpected failure with the id of the request', async () => {
    const lines = await logged(
      'info',
      (port) =>
        fetch(`http://127.0.0.1:${String(port)}/api/v1/unexpected`, { headers: { 'x-request-id': 'id-8' } }),
      2,
    );
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'error',
        requestId: 'id-8',
        err: expect.objectContaining({
          code: 'internal_error',
          cause: expect.objectContaining({ stack: expect.stringContaining('http.fixture') }),
        }),
      }),
      expect.objectContaining({ level: 'info', requestId: 'id-8', status: 500 }),
    ]);
  });

  it('calls a client that hung up no failure of the service', async () => {
    const lines = await logged(
      'info',
      async (port) => {
        const arrived = once(api?.app.getHttpServer() as Server, 'request');
        const socket = await send(port, incomplete);
        await arrived;
        socket.resetAndDestroy();
      },
      1,
    );
    expect(lines).toEqual([expect.objectContaining({ level: 'info', status: 499, aborted: true })]);
  });
});
