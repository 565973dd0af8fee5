import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

interface Request {
  readonly headers: IncomingMessage['headers'];
  readonly ticks: readonly object[];
}
export interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: object;
}
type Respond = (request: Request, count: number) => Reply | Promise<Reply>;

/** Answers as the API does: all are accepted, where `respond` says nothing else. */
export class StandInApi implements AsyncDisposable {
  readonly requests: Request[] = [];
  readonly #server: Server;

  private constructor(respond: Respond) {
    this.#server = createServer((incoming, outgoing) => {
      void (async () => {
        const { ticks } = (await json(incoming)) as { ticks: object[] };
        const request = { headers: incoming.headers, ticks };
        this.requests.push(request);
        const { status = 202, headers = {}, body } = await respond(request, this.requests.length);
        outgoing.writeHead(status, { 'content-type': 'application/json', ...headers });
        outgoing.end(JSON.stringify(body ?? { accepted: ticks.length, rejected: [] }));
      })();
    });
  }

  static async start(respond: Respond = () => ({}), port = 0): Promise<StandInApi> {
    const api = new StandInApi(respond);
    api.#server.listen(port, '127.0.0.1');
    await once(api.#server, 'listening');
    return api;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get received(): readonly object[] {
    return this.requests.flatMap(({ ticks }) => ticks);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}
