import type { TrafficPlan } from './traffic.ts';

/** One request of the mix. */
export interface PlannedRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The status of success. */
  readonly status: number;
  /** Of the one trade that it sends. */
  readonly tradeId?: string;
}

/**
 * The n-th request: every fifth sends a trade of its own. Readiness is none of them, since a backend that drains rightly
 * answers it with 503.
 */
export function plannedRequest(plan: TrafficPlan, n: number): PlannedRequest {
  return n % 5 === 0 ? trade(plan, n) : get(read(plan.symbol, n));
}

/** What one sends that comes for the first time. */
export function firstRequest({ symbol }: TrafficPlan): PlannedRequest {
  return get(`/quotes/${symbol}`);
}

function get(path: string): PlannedRequest {
  return { method: 'GET', path: `/api/v1${path}`, headers: {}, status: 200 };
}

function read(symbol: string, n: number): string {
  if (n % 5 === 1) return `/quotes/${symbol}`;
  if (n % 5 === 2) return `/instruments/${symbol}`;
  if (n % 5 === 3) return '/health';
  if (n % 25 !== 4) return `/quotes?symbols=${symbol}`;
  const from = new Date(Date.now() - 60_000).toISOString();
  return `/candles/${symbol}?interval=1s&from=${from}`;
}

function trade({ symbol, token }: TrafficPlan, n: number): PlannedRequest {
  const timestamp = new Date().toISOString();
  const tradeId = String(n);
  return {
    method: 'POST',
    path: '/api/v1/ticks',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ticks: [{ symbol, price: '1.08461', size: '1', timestamp, tradeId }] }),
    status: 202,
    tradeId,
  };
}
