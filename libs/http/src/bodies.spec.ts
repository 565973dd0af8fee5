import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { BodyRoom } from '@app/lifecycle';
import { waitFor } from '@app/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from './http.fixture.js';

const kib = 2 ** 10;
const bodyLimit = 256 * kib;

let api: TestApi;
let port: number;
const sockets: Socket[] = [];
beforeEach(async () => {
  api = await startTestApi({ app: { bodyLimit, requestTimeoutMs: 20_000 } });
  await api.app.listen(0, '127.0.0.1');
  ({ port } = api.app.getHttpServer().address() as AddressInfo);
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await api.app.close();
});

function give(together: number, room: Partial<BodyRoom> = {}): void {
  api.lifecycle.overload.limitBodies(() => ({ together, alone: together, ever: together, ...room }));
}

const held = (): number => api.lifecycle.overload.bodyBytes;

interface Exchange {
  readonly socket: Socket;
  /** The status and the code of the problem, if it is one, of the next answer. */
  readonly answer: () => Promise<readonly [number, string | undefined]>;
}

async function open(): Promise<Exchange> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  await once(socket, 'connect');
  let come = '';
  socket.setEncoding('utf8').on('data', (text: string) => (come += text));
  const answer = async (): Promise<readonly [number, string | undefined]> => {
    const [all, status] = await waitFor(() => {
      const found = /^HTTP\/1\.1 (\d+)[^]*?\r\ncontent-length: (\d+)[^]*?\r\n\r\n/i.exec(come);
      const length = (found?.[0].length ?? 0) + Number(found?.[2]);
      return found !== null && come.length >= length ? [come.slice(0, length), found[1]] : undefined;
    });
    come = come.slice(all.length);
    return [Number(status), /"code":"(\w+)"/.exec(all)?.[1]];
  };
  return { socket, answer };
}

const head = (length: number | 'chunked', path = 'echo', type = 'application/json'): string =>
  `POST /api/v1/${path} HTTP/1.1\r\nhost: x\r\ncontent-type: ${type}\r\n` +
  `${length === 'chunked' ? 'transfer-encoding: chunked' : `content-length: ${String(length)}`}\r\n\r\n`;
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
const whole = (text: string, path?: string): string => head(text.length, path) + text;
const zeros = (count: number): string => `[${Array.from({ length: count }, () => '0').join(',')}]`;

describe('a body', () => {
  it('for which there is no memory is refused before it comes, on a connection that lives on', async () => {
    give(100 * kib);
    const { socket, answer } = await open();
    socket.write(head(50 * kib));
    expect(await answer()).toEqual([503, 'overloaded']);
    socket.write(`"${'x'.repeat(50 * kib - 2)}"`);
    socket.write(whole('"small"'));
    expect(await answer()).toEqual([201, undefined]);
    expect(api.lifecycle.overload.report.refused).toEqual({ request_bodies: 1 });
  });

  it('is refused while others hold the memory, and served once they are done', async () => {
    give(200 * kib);
    const [first, second] = [await open(), await open()];
    first.socket.write(head(20 * kib));
    await waitFor(() => held() > 0);
    second.socket.write(head(20 * kib));
    expect(await second.answer()).toEqual([503, 'overloaded']);
    first.socket.write(`"${'x'.repeat(20 * kib - 2)}"`);
    expect(await first.answer()).toEqual([201, undefined]);
    await waitFor(() => held() === 0);
    second.socket.write(`"${'x'.repeat(20 * kib - 2)}"${whole('{}')}`);
    expect(await second.answer()).toEqual([201, undefined]);
  });

  it('that comes in chunks is dropped when it outgrows the memory, and refused at its end', async () => {
    give(100 * kib);
    const { socket, answer } = await open();
    socket.write(`${head('chunked')}${chunk('"')}`);
    for (let sent = 0; sent < 20; sent += 1) socket.write(chunk('x'.repeat(kib)));
    await waitFor(() => api.lifecycle.overload.report.refused['request_bodies'] === 1);
    expect(held()).toBe(0);
    socket.write(`${chunk('"')}0\r\n\r\n`);
    expect(await answer()).toEqual([503, 'overloaded']);
  });

  it('that holds more values than there is memory is refused, now or for good', async () => {
    give(300 * kib, { ever: 400 * kib });
    const answers = [];
    for (const count of [10_000, 16_000, 24_000]) {
      const { socket, answer } = await open();
      socket.write(whole(zeros(count)));
      answers.push(await answer());
    }
    expect(answers).toEqual([
      [201, undefined],
      [503, 'overloaded'],
      [413, 'payload_too_large'],
    ]);
  });

  it('that is too long is too long also where there is no memory', async () => {
    give(20 * kib);
    const { socket, answer } = await open();
    socket.write(head(bodyLimit + 1));
    expect(await answer()).toEqual([413, 'payload_too_large']);
  });

  it('in chunks is too long when it is', async () => {
    const { socket, answer } = await open();
    socket.write(`${head('chunked')}${chunk('x'.repeat(bodyLimit))}${chunk('x')}`);
    expect(await answer()).toEqual([413, 'payload_too_large']);
  });

  it.each([
    ['as it is', (text: string) => whole(text)],
    [
      'letter by letter in chunks',
      (text: string) => `${head('chunked')}${text.split('').map(chunk).join('')}0\r\n\r\n`,
    ],
  ])('is read whole when it comes %s', async (_name, send) => {
    const text = JSON.stringify({ key: 'x'.repeat(20 * kib) });
    const { socket, answer } = await open();
    socket.write(send(text));
    expect(await answer()).toEqual([201, undefined]);
  });

  it('nested deeper than a thousand levels is no JSON for us', async () => {
    const { socket, answer } = await open();
    socket.write(whole('['.repeat(1_001) + ']'.repeat(1_001)));
    expect(await answer()).toEqual([400, 'malformed_json']);
  });
});

describe('the memory of a body', () => {
  beforeEach(() => give(1_000 * kib));

  it.each([
    ['that was answered', whole('{}'), 201],
    ['that is no JSON', whole('{'), 400],
    ['of another type', `${head(2, 'echo', 'text/plain')}{}`, 415],
    ['for no route', whole('{}', 'nothing'), 404],
    ['that is too long', head(bodyLimit + 1), 413],
  ])('%s is given back', async (_name, request, status) => {
    const { socket, answer } = await open();
    socket.write(request);
    expect((await answer())[0]).toBe(status);
    await waitFor(() => held() === 0);
  });

  it('whose client goes before all of it has come is given back', async () => {
    const { socket } = await open();
    socket.write(`${head(50 * kib)}{`);
    await waitFor(() => held() > 0);
    socket.resetAndDestroy();
    await waitFor(() => held() === 0);
    expect(api.lifecycle.overload.report.admitted).toBe(1);
  });

  it('whose client goes while it is worked on is given back when the work is done', async () => {
    const server = api.app.getHttpServer();
    const asked = once(server, 'request') as Promise<[unknown, ServerResponse]>;
    const { socket } = await open();
    socket.write(whole('{}', 'slow'));
    const [, response] = await asked;
    await waitFor(() => held() > 0);
    const gone = once(response, 'close');
    socket.resetAndDestroy();
    await gone;
    expect([response.writableEnded, held() > 0]).toEqual([false, true]);
    await waitFor(() => held() === 0);
  });
});
