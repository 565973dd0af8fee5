import { Agent, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
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
