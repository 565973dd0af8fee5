import { Agent, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { serverLimits } from '@app/http';
import { afterEach, describe, expect, it } from 'vitest';
import { listen } from './listen.js';
import { FrontDoor, type RequestHandler, type Shortcut } from './front-door.js';

const doors: FrontDoor[] = [];
const agents: Agent[] = [];

async function open(
  handler: RequestHandler,
  shortcut?: Shortcut,
): Promise<{ door: FrontDoor; port: number }> {
  const limits = serverLimits({ requestTimeoutMs: 5_000, keepAliveTimeoutMs: 5_000 });
  const door = new FrontDoor(limits, handler, shortcut);
  doors.push(door);
  return { door, port: await listenOnFreePort(door) };
}

function keepAliveAgent(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  return agent;
}

function listenOnFreePort({ server }: FrontDoor): Promise<number> {
  return listen(server, { host: '127.0.0.1', port: 0, variables: { host: 'HOST', port: 'PORT' } });
}

interface Answer {
  readonly body: string;
  readonly connection: string | undefined;
}

function request(port: number, agent: Agent, host = 'here'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', agent, headers: { host } }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ body, connection: response.headers.connection }));
    }).on('error', reject);
  });
}

/** A handler whose requests are answered when the test says so. */
function heldBack(): { handler: RequestHandler; arrived: Promise<void>; answer(): void } {
  const responses: ServerResponse[] = [];
  const { promise: arrived, resolve } = Promise.withResolvers<void>();
  return {
    handler: (_request: IncomingMessage, response: ServerResponse) => {
      responses.push(response);
      resolve();
    },
    arrived,
    answer: () => responses.forEach((response) => response.end('late')),
  };
}

afterEach(() => {
  for (const agent of agents.splice(0)) agent.destroy();
  for (const door of doors.splice(0)) {
    door.stopAccepting();
    door.closeConnections();
  }
});

describe('FrontDoor', () => {
  it('hands requests to the handler of the moment, also on a kept connection', async () => {
    const { door, port } = await open((_request, response) => response.end('early'));
    const agent = keepAliveAgent();
    const before = await request(port, agent);
    door.handOver((_request, response) => response.end('application'));
    const after = await request(port, agent);
    expect([before, after]).toEqual([
      { body: 'early', connection: 'keep-alive' },
      { body: 'application', connection: 'keep-alive' },
    ]);
  });

  it('goes on accepting while draining, and says so on every answer', async () => {
    const held = heldBack();
    const { door, port } = await open(held.handler);
    const before = request(port, keepAliveAgent());
    await held.arrived;
    door.drain();
    held.answer();
    door.handOver((_request, response) => response.end('drained'));
    const after = request(port, keepAliveAgent());
    expect([await before, await after]).toEqual([
      { body: 'late', connection: 'close' },
      { body: 'drained', connection: 'close' },
    ]);
  });

  it('asks the shortcut first, whoever the handler is, and says on its answers too that it drains', async () => {
    const { door, port } = await open(
      (_request, response) => response.end('early'),
      ({ headers }, response) => {
        if (headers.host === 'elsewhere') return false;
        response.end('short');
        return true;
      },
    );
    const agent = keepAliveAgent();
    const answers = [await request(port, agent), await request(port, agent, 'elsewhere')];
    door.handOver((_request, response) => response.end('application'));
    answers.push(await request(port, agent), await request(port, agent, 'elsewhere'));
    door.drain();
    answers.push(await request(port, agent));
    expect(answers.map(({ body, connection }) => `${body} ${String(connection)}`)).toEqual([
      'short keep-alive',
      'early keep-alive',
      'short keep-alive',
      'application keep-alive',
      'short close',
    ]);
  });

  it('refuses new connections once told to, and still serves those that are open', async () => {
    const { door, port } = await open((_request, response) => response.end('served'));
    const agent = keepAliveAgent();
    await request(port, agent);
    door.stopAccepting();
    await expect(request(port, agent)).resolves.toEqual({ body: 'served', connection: 'keep-alive' });
    const refused = new Promise((resolve) => connect(port, '127.0.0.1').on('error', resolve));
    await expect(refused).resolves.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('waits for the requests in flight', async () => {
    const held = heldBack();
    const { door, port } = await open(held.handler);
    const answer = request(port, keepAliveAgent());
    await held.arrived;
    const finished = door.requestsFinished(new AbortController().signal);
    expect(door.requestsInFlight).toBe(1);
    held.answer();
    await finished;
    expect(door.requestsInFlight).toBe(0);
    expect((await answer).body).toBe('late');
  });

  it('gives up waiting when the signal aborts', async () => {
    const held = heldBack();
    const { door, port } = await open(held.handler);
    const answer = request(port, keepAliveAgent()).catch(() => 'cut');
    await held.arrived;
    const controller = new AbortController();
    const finished = door.requestsFinished(controller.signal);
    controller.abort(new Error('over'));
    await expect(finished).rejects.toThrow('over');
    door.closeConnections();
    await expect(answer).resolves.toBe('cut');
  });
});

describe('FrontDoor, given connections that another process has accepted', () => {
  const acceptors: Server[] = [];
  afterEach(() => acceptors.splice(0).forEach((server) => server.close()));

  async function openForTaking(handler: RequestHandler): Promise<{ door: FrontDoor; port: number }> {
    const limits = serverLimits({ requestTimeoutMs: 300, keepAliveTimeoutMs: 5_000 });
    const door = new FrontDoor(limits, handler);
    doors.push(door);
    door.openForTaking();
    const acceptor = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (connection) =>
      door.take(connection),
    ).listen(0, '127.0.0.1');
    acceptors.push(acceptor);
    await once(acceptor, 'listening');
    return { door, port: (acceptor.address() as AddressInfo).port };
  }

  /** A client that has sent half a request. */
  async function slowClient(port: number): Promise<Socket> {
    const client = connect(port, '127.0.0.1');
    await once(client, 'connect');
    client.on('error', () => undefined).write('GET / HTTP/1.1\r\n');
    return client;
  }

  it('serves them, and keeps them alive', async () => {
    const { port } = await openForTaking((_request, response) => response.end('taken'));
    const agent = keepAliveAgent();
    const answers = [await request(port, agent), await request(port, agent)];
    expect(answers).toEqual(Array.from({ length: 2 }, () => ({ body: 'taken', connection: 'keep-alive' })));
  });

  it('answers a client that has closed its side of the connection', async () => {
    const { port } = await openForTaking((_request, response) => response.end('late'));
    const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    client.end('GET / HTTP/1.1\r\nhost: here\r\n\r\n');
    let text = '';
    client.on('data', (part: Buffer) => (text += part.toString()));
    await once(client, 'end');
    client.end();
    expect(text).toContain('late');
  });

  it('ends a client that is too slow', async () => {
    const { port } = await openForTaking((_request, response) => response.end());
    const client = await slowClient(port);
    const answer = await once(client, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('closes them all', async () => {
    const { door, port } = await openForTaking((_request, response) => response.end());
    const agent = keepAliveAgent();
    await request(port, agent);
    const client = await slowClient(port);
    const closed = new Promise((resolve) => client.once('close', resolve));
    const gone = door.clientsGone(20_000, new AbortController().signal);
    door.closeConnections();
    await expect(Promise.all([closed, gone])).resolves.toHaveLength(2);
  });

  it('waits for its clients to go for no longer than it is told to', async () => {
    const { door, port } = await openForTaking((_request, response) => response.end());
    await slowClient(port);
    await expect(door.clientsGone(20, new AbortController().signal)).resolves.toBeUndefined();
  });
});
