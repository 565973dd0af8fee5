import { waitFor } from '@app/testing';
import { type ModelTrade, price } from '../support/candle-model.ts';
import type { Stack } from './stack.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A client of a stack's API, with a token made by the command in its container. */
export interface StackClient {
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  send(method: string, path: string, body: unknown): Promise<Answer>;
}

/** A bearer token of the stack's own key. */
export async function tokenOf(stack: Stack, scope: string): Promise<string> {
  const { stdout } = await stack.compose('exec', '-T', 'backend', 'token', '--scope', scope);
  return stdout.trim();
}

export async function clientOf(stack: Stack): Promise<StackClient> {
  const [api, token] = await Promise.all([stack.api(), tokenOf(stack, 'write')]);
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(`${api}${path}`, { ...init, signal: AbortSignal.timeout(10_000) });
    return { status: response.status, body: await response.json() };
  };
  return {
    get: (path, headers = {}) => ask(path, { headers }),
    send: (method, path, body) =>
      ask(path, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
  };
}

/** An instrument with the tick and lot size of the model. */
export const instrumentOf = (symbol: string) => ({
  symbol,
  name: 'An instrument of a test',
  assetClass: 'fx',
  currency: 'USD',
  tickSize: '0.00001',
  lotSize: '1',
});

export const ticksOf = (symbol: string, trades: readonly ModelTrade[]) => ({
  ticks: trades.map(({ ms, id, ticks, lots }) => ({
    symbol,
    timestamp: new Date(ms).toISOString(),
    price: price(ticks),
    size: String(lots),
    tradeId: String(id),
  })),
});

/** The candles of a symbol from a time on, once they hold that many trades. */
export async function candlesOf(client: StackClient, symbol: string, fromMs: number, trades: number) {
  return waitFor(
    async () => {
      const from = new Date(fromMs).toISOString();
      const { body } = await client.get(`/candles/${symbol}?interval=1m&limit=5000&from=${from}`);
      const { candles } = body as { candles: readonly { readonly trades: number }[] };
      return candles.reduce((sum, candle) => sum + candle.trades, 0) === trades ? candles : undefined;
    },
    { message: `candles of ${String(trades)} trades of ${symbol}`, timeoutMs: 30_000 },
  );
}
