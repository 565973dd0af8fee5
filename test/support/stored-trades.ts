interface QueryResult {
  readonly results: readonly [
    { readonly series?: readonly [{ readonly values: readonly [string, string][] }] },
  ];
}

export interface TradeSelection {
  readonly symbol: string;
  /** All of them if it is not given. */
  readonly since?: Date;
  /** What logs in, where InfluxDB wants that. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The ids of an instrument's trades as InfluxDB has them, each as often as it is stored.
 * @param url Of an InfluxDB that answers InfluxQL.
 */
export async function storedTradeIds(url: string, selection: TradeSelection): Promise<readonly string[]> {
  const { symbol, since = new Date(0), headers = {} } = selection;
  const q = `SELECT id FROM trades WHERE symbol = '${symbol}' AND time >= '${since.toISOString()}'`;
  const query = new URLSearchParams({ db: 'trading', q });
  const response = await fetch(`${url}/query?${query.toString()}`, { headers });
  const { results } = (await response.json()) as QueryResult;
  return results[0].series?.[0].values.map(([, id]) => id) ?? [];
}
