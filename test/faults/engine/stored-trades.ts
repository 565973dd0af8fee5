import { waitFor } from '@app/testing';
import { storedTradeIds } from '../../support/stored-trades.js';
import { ApiClient } from './api-client.js';
import { type Load, symbol } from './load.js';
import type { Stand } from './stand.js';

/** More than a dead writer's shards take to be taken over: 8 s of silence, a heartbeat of 2 s, and the writing. */
const storedWithinMs = 20_000;

/** The ids of all trades in InfluxDB, as often as they are stored. */
function storedIds({ servers, login }: Stand): Promise<readonly string[]> {
  return storedTradeIds(servers.influxdb.url, { symbol, headers: login?.headers ?? {} });
}

/** The trades in the candles of the API. */
async function candleTrades(url: string, token: string): Promise<number> {
  const client = new ApiClient(url, token);
  const from = new Date(Date.now() - 3_600_000).toISOString();
  let [sum, cursor] = [0, ''];
  do {
    const path = `/candles/${symbol}?interval=1m&from=${from}${cursor}`;
    const { body } = await client.ask({ path });
    const page = body as {
      readonly candles: readonly { readonly trades: number }[];
      readonly nextCursor: string | null;
    };
    for (const { trades } of page.candles) sum += trades;
    cursor = page.nextCursor === null ? '' : `&cursor=${encodeURIComponent(page.nextCursor)}`;
  } while (cursor !== '');
  client.close();
  return sum;
}

/**
 * Waits until every acknowledged trade is in InfluxDB, and returns what is wrong then: one that is missing, is there
 * twice, or that the candles do not count. What was answered with 503 may be there, but not twice.
 */
export async function storageProblems(
  stand: Stand,
  load: Load,
  api: { readonly url: string; readonly token: string },
): Promise<readonly string[]> {
  const missing = async (): Promise<readonly string[]> => {
    const there = new Set(await storedIds(stand));
    return [...load.acknowledged].filter((id) => !there.has(id));
  };
  await waitFor(async () => (await missing()).length === 0, { timeoutMs: storedWithinMs }).catch(
    () => undefined,
  );
  const absent = await missing();
  if (absent.length > 0) {
    return [
      `${String(absent.length)} of ${String(load.acknowledged.size)} acknowledged trades are not stored`,
    ];
  }
  // What was taken without an acknowledgement may still be on its way.
  let ids: readonly string[] = [];
  const agree = async (): Promise<boolean> => {
    ids = await storedIds(stand);
    return (await candleTrades(api.url, api.token)) === ids.length;
  };
  const counted = await waitFor(agree).catch(() => false);
  return [
    ...(ids.length === new Set(ids).size ? [] : ['trades are stored twice']),
    ...(counted ? [] : [`the candles do not count the ${String(ids.length)} stored trades`]),
  ];
}
