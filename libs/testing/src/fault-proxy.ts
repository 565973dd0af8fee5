import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from '@app/dev-services';
import { DelayedPipe } from './delayed-pipe.js';

/** What the proxy does to the connections through it, those that are open and those to come. */
export type ProxyFault =
  | { readonly kind: 'none' }
  /** What is sent arrives later, in milliseconds; the order stays. */
  | { readonly kind: 'latency'; readonly requestMs: number; readonly answerMs: number }
  /** Connections are accepted, and nothing passes. */
  | { readonly kind: 'stall' }
  /** The next answer of each connection is cut off in its middle, and the connection reset. */
  | { readonly kind: 'reset' }
  /** Nobody listens any more; open connections are reset. */
  | { readonly kind: 'refuse' };

interface Connection {
  readonly client: Socket;
  readonly server: Socket;
  readonly requests: DelayedPipe;
  readonly answers: DelayedPipe;
}

/** A TCP proxy on 127.0.0.1 in front of a server, which can disturb its connections; for `await using`. */
export class FaultProxy implements AsyncDisposable {
  readonly port: number;
  readonly #target: number;
  readonly #connections = new Set<Connection>();
  readonly #server: Server;
  #fault: ProxyFault = { kind: 'none' };

  private constructor(port: number, target: number) {
    this.port = port;
    this.#target = target;
    // An end of the client must reach the server in its turn, after what came before it.
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
  }

  /**
   * @param target The port of the server on 127.0.0.1, which need not be there yet.
   * @param port The proxy's own; a free one if it is not given.
   */
  static async start(target: number, port?: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(port ?? (await freePort()), target);
    await proxy.#listen();
    return proxy;
  }

  /** How many connections are open through it. */
  get connections(): number {
    return this.#connections.size;
  }

  /** From now on does this; what was held back by the fault before goes on its way. */
  async set(fault: ProxyFault): Promise<void> {
    const before = this.#fault;
    this.#fault = fault;
    for (const connection of this.#connections) this.#apply(connection);
    if (fault.kind === 'refuse' && before.kind !== 'refuse') await this.#close();
    if (fault.kind !== 'refuse' && before.kind === 'refuse') await this.#listen();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#fault.kind !== 'refuse') await this.#close();
  }

  async #listen(): Promise<void> {
    this.#server.listen(this.port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async #close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const { client, server } of this.#connections) {
      client.resetAndDestroy();
      server.destroy();
    }
    await closed;
  }

  #accept(client: Socket): void {
    const server = connect({ port: this.#target, host: '127.0.0.1', allowHalfOpen: true });
    client.setNoDelay();
    server.setNoDelay();
    const cut = (answer: Buffer): Buffer => {
      if (this.#fault.kind !== 'reset') return answer;
      answers.afterNext(() => {
        client.resetAndDestroy();
        server.destroy();
      });
      return answer.subarray(0, Math.floor(answer.length / 2));
    };
    const answers = new DelayedPipe(server, client, cut);
    const connection = { client, server, requests: new DelayedPipe(client, server), answers };
    this.#connections.add(connection);
    client.on('error', breakOff(server)).once('close', () => {
      this.#connections.delete(connection);
      server.destroy();
    });
    server.on('error', breakOff(client));
    this.#apply(connection);
  }

  #apply({ requests, answers }: Connection): void {
    const fault = this.#fault;
    const latency = fault.kind === 'latency' ? fault : { requestMs: 0, answerMs: 0 };
    const stalled = fault.kind === 'stall';
    requests.delay(stalled ? Infinity : latency.requestMs);
    answers.delay(stalled ? Infinity : latency.answerMs);
  }
}

/** A server that is not there, or breaks off, looks the same through the proxy. */
const breakOff = (other: Socket) => (): void => {
  if (!other.destroyed) other.resetAndDestroy();
};
