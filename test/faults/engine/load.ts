import type { DatastoreName } from '@app/errors';
import { type ApiAnswer, ApiClient } from './api-client.js';

export const routes = ['ticks', 'instruments', 'quotes', 'candles'] as const;
export type Route = (typeof routes)[number];

/** What became of one request. Times are in milliseconds, on the clock of `performance.now()`. */
export interface Outcome {
  readonly route: Route;
  readonly sentAt: number;
  readonly tookMs: number;
  /** 0 where there was no answer. */
  readonly status: number;
  /** The problem's code, or the network's. */
  readonly code?: string | undefined;
  /** Of a problem that names one. */
  readonly datastore?: DatastoreName | undefined;
  readonly retryAfter?: string | undefined;
}

/** Seeded by db-init. */
export const symbol = 'EUR-USD';

const paceMs = 50;
const tradesPerRequest = 2;

export const reads: Readonly<Record<Exclude<Route, 'ticks'>, string>> = {
  instruments: `/instruments/${symbol}`,
  quotes: `/quotes/${symbol}`,
  candles: `/candles/${symbol}?interval=1s&limit=10`,
};

/** 20 POSTs of trades and 10 GETs a second, none of them sent twice. */
export class Load {
  /** The ids of the trades that were answered with 202. */
  readonly acknowledged = new Set<string>();
  /** In the order of the answers. */
  readonly outcomes: Outcome[] = [];
  readonly #client: ApiClient;
  readonly #pending = new Set<Promise<void>>();
  readonly #pace: NodeJS.Timeout;
  #ticks = 0;
  #trades = 0;

  constructor(url: string, token: string) {
    this.#client = new ApiClient(url, token);
    this.#pace = setInterval(() => this.#tick(), paceMs);
  }

  /** What was sent since then and has been answered. */
  since(at: number, route?: Route): readonly Outcome[] {
    return this.outcomes.filter(
      (outcome) => outcome.sentAt >= at && (route === undefined || outcome.route === route),
    );
  }

  /** Sends nothing more, and resolves when everything has been answered. */
  async end(): Promise<void> {
    clearInterval(this.#pace);
    await Promise.all(this.#pending);
    this.#client.close();
  }

  #tick(): void {
    const tick = this.#ticks++;
    this.#follow('ticks');
    const read = tick % 2 === 0 ? (['instruments', 'quotes', 'candles'] as const)[(tick / 2) % 3] : undefined;
    // Before the first trade there is no quote.
    if (read === 'quotes' && this.acknowledged.size === 0) return;
    if (read !== undefined) this.#follow(read);
  }

  #follow(route: Route): void {
    const answered = (route === 'ticks' ? this.#post() : this.#send(route, { path: reads[route] })).finally(
      () => this.#pending.delete(answered),
    );
    this.#pending.add(answered);
  }

  async #post(): Promise<void> {
    const timestamp = new Date().toISOString();
    const ids = Array.from({ length: tradesPerRequest }, () => `t${String(this.#trades++)}`);
    const ticks = ids.map((tradeId) => ({ symbol, price: '1.08461', size: 1, timestamp, tradeId }));
    await this.#send('ticks', { method: 'POST', path: '/ticks', body: { ticks } }, ({ status, body }) => {
      const { accepted } = body as { readonly accepted?: number };
      if (status !== 202) return;
      if (accepted !== ids.length) throw new Error(`Trades were rejected: ${JSON.stringify(body)}`);
      for (const id of ids) this.acknowledged.add(id);
    });
  }

  async #send(
    route: Route,
    request: Parameters<ApiClient['ask']>[0],
    look: (answer: ApiAnswer) => void = () => undefined,
  ): Promise<void> {
    const sentAt = performance.now();
    try {
      const answer = await this.#client.ask(request);
      look(answer);
      const { code, datastore } = answer.body as Pick<Outcome, 'code' | 'datastore'>;
      const { status, headers } = answer;
      const retryAfter = headers['retry-after'];
      const tookMs = performance.now() - sentAt;
      this.outcomes.push({ route, sentAt, tookMs, status, code, datastore, retryAfter });
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      this.outcomes.push({ route, sentAt, tookMs: performance.now() - sentAt, status: 0, code });
    }
  }
}
