import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { probe } from './probe.js';

/** A backend that the balancer watches; for `await using`, which takes it away from the balancer. */
export interface BalancedBackend extends AsyncDisposable {
  /** Whether new connections go to it: its readiness was 200 when it was last looked at. */
  readonly inRotation: boolean;
}

interface Target {
  readonly url: URL;
  inRotation: boolean;
}

export interface BalancerOptions {
  /** How often it looks at readiness. */
  readonly checkIntervalMs: number;
}

/**
 * Balances TCP connections, as a Kubernetes Service, a cloud's network balancer and HAProxy in TCP mode do: each new one
 * goes to the next backend whose readiness is green, and stays with it. It knows nothing of requests, so it neither
 * repeats one nor moves a client away from a backend that drains: that only the backend's `Connection: close` does.
 */
export class ConnectionBalancer implements AsyncDisposable {
  readonly #server: Server;
  readonly #checkIntervalMs: number;
  readonly #targets = new Set<Target>();
  readonly #clients = new Set<Socket>();
  #turn = 0;

  private constructor({ checkIntervalMs }: BalancerOptions) {
    this.#checkIntervalMs = checkIntervalMs;
    // Either side may say that it is at its end while the other still has something to send.
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#balance(client));
  }

  /** Listens on a free port of 127.0.0.1. */
  static async start(options: BalancerOptions): Promise<ConnectionBalancer> {
    const balancer = new ConnectionBalancer(options);
    balancer.#server.listen(0, '127.0.0.1');
    await once(balancer.#server, 'listening');
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** From now on looks at the readiness of a backend. */
  watch(backendUrl: string): BalancedBackend {
    const target: Target = { url: new URL(backendUrl), inRotation: false };
    const stop = new AbortController();
    this.#targets.add(target);
    const watching = this.#watch(target, stop.signal);
    return {
      get inRotation() {
        return target.inRotation;
      },
      [Symbol.asyncDispose]: async () => {
        this.#targets.delete(target);
        stop.abort();
        await watching;
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const client of this.#clients) client.destroy();
    await closed;
  }

  async #watch(target: Target, stop: AbortSignal): Promise<void> {
    const readiness = new URL('/api/v1/health/readiness', target.url).href;
    while (!stop.aborted) {
      target.inRotation = (await probe(readiness))?.status === 200;
      await sleep(this.#checkIntervalMs, undefined, { signal: stop }).catch(() => undefined);
    }
  }

  #balance(client: Socket): void {
    this.#clients.add(client);
    client.once('close', () => this.#clients.delete(client));
    const green = [...this.#targets].filter(({ inRotation }) => inRotation);
    const target = green[this.#turn++ % green.length];
    if (target === undefined) {
      client.resetAndDestroy();
      return;
    }
    const { hostname, port } = target.url;
    const backend = connect({ host: hostname, port: Number(port), allowHalfOpen: true, noDelay: true });
    join(client, backend);
    join(backend, client);
  }
}

/** Whoever breaks off, or is not there, is the same to the other side as without the balancer. */
function join(from: Socket, to: Socket): void {
  from.pipe(to);
  from.once('error', () => to.resetAndDestroy());
  from.once('close', () => to.destroySoon());
}
