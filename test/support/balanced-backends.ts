import { type ProcessEnd, waitFor } from '@app/testing';
import { type Backend, startBackend } from './backend.js';
import { type BalancerOptions, ConnectionBalancer } from './connection-balancer.js';
import type { Environment } from './programs.js';

/** Two backends behind a balancer; for `await using`. */
export interface BalancedBackends extends AsyncDisposable {
  /** Of the balancer. */
  readonly url: string;
  /**
   * Ends the one that has run for longest by SIGTERM while the other serves, and starts a new one, which is in rotation
   * when this resolves. Returns how the former one ended.
   */
  replaceOldest(): Promise<ProcessEnd>;
}

interface Running extends AsyncDisposable {
  readonly backend: Backend;
}

export interface BalancedBackendsOptions extends BalancerOptions {
  readonly env: Environment;
  /** A bearer token, made before. */
  readonly token: string;
}

export async function startBalancedBackends(options: BalancedBackendsOptions): Promise<BalancedBackends> {
  const { env, token } = options;
  await using stack = new AsyncDisposableStack();
  const balancer = stack.use(await ConnectionBalancer.start(options));
  const running: Running[] = [];
  stack.defer(async () => {
    await Promise.all(running.map((one) => one[Symbol.asyncDispose]()));
  });
  const start = async (): Promise<void> => {
    await using made = new AsyncDisposableStack();
    const backend = made.use(await startBackend(env, { token }));
    await backend.ready();
    const balanced = made.use(balancer.watch(backend.url));
    const message = `${backend.url} to be in rotation`;
    await waitFor(() => balanced.inRotation, { timeoutMs: 20_000, message });
    const held = made.move();
    running.push({ backend, [Symbol.asyncDispose]: () => held.disposeAsync() });
  };
  await start();
  await start();
  const held = stack.move();
  return {
    url: balancer.url,
    replaceOldest: async () => {
      const [oldest, other] = running;
      if (oldest === undefined || other === undefined) throw new Error('The last one could not be started.');
      oldest.backend.process.kill('SIGTERM');
      const end = await oldest.backend.process.exited;
      try {
        await start();
      } finally {
        // Not before: what the balancer knows of it is what it has seen.
        running.shift();
        await oldest[Symbol.asyncDispose]();
      }
      return end;
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
