import { tradeBody } from '../../test/support/trade-bodies.ts';
import type { WrkRequest } from '../wrk.ts';

export interface Route {
  readonly path: string;
  readonly request: WrkRequest;
}

const api = '/api/v1';
const symbol = 'BENCH';
const tradesPerRequest = 100;

/** A route that does no work, and one that does; makes the instrument that the second one needs. */
export async function prepareRoutes(
  url: string,
  token: string,
): Promise<Readonly<Record<'liveness' | 'trades', Route>>> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const instrument = { symbol, name: symbol, assetClass: 'fx', currency: 'USD' };
  const body = JSON.stringify({ ...instrument, tickSize: '0.00001', lotSize: '1' });
  const { status } = await fetch(`${url}${api}/instruments`, { method: 'POST', headers, body });
  if (status !== 201) throw new Error(`No instrument was made: ${String(status)}.`);
  const trades = tradeBody({ symbol, number: 0, trades: tradesPerRequest }).toString();
  return {
    liveness: { path: `${api}/health/liveness`, request: {} },
    trades: { path: `${api}/ticks`, request: { headers, body: trades } },
  };
}
